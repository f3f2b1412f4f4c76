/** The house rules of who may know whom (see "How it is built" in the README). */

const station = (name) => `^src/${name}/`;
const startsProcesses = '^(node:)?(child_process|cluster)$|node_modules/execa/';

/** A station may import itself, what stands in `knows`, and the few files that everybody shares. */
const knowsOnly = (name, knows) => ({
  name: `${name}-knows-only-its-own`,
  comment: `${name}/ may import ${knows.join(', ') || 'nothing'} of this project`,
  severity: 'error',
  from: { path: station(name) },
  to: {
    path: '^src/',
    pathNot: [
      station(name),
      '^src/(errors|places|platforms|signals|version)\\.ts$',
      '^src/processes/',
      ...knows.map((one) => `^src/${one}`),
    ],
  },
});

const startsNoProcess = (name) => ({
  name: `${name}-starts-no-process`,
  severity: 'error',
  from: { path: station(name) },
  to: { path: startsProcesses },
});

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', '^src/main\\.ts$'] },
      to: { path: '^src/cli/' },
    },
    knowsOnly('scenario', []),
    knowsOnly('builders', []),
    knowsOnly('registry', ['builders/(builder|path|probe|run|text)\\.ts']),
    knowsOnly('progress', []),
    knowsOnly('stats', []),
    knowsOnly('simulator', []),
    knowsOnly('results', ['scenario/', 'progress/timeline.ts']),
    knowsOnly('runner', ['scenario/', 'builders/', 'results/', 'progress/(left-out|newlines)\\.ts']),
    knowsOnly('detectors', ['progress/']),
    knowsOnly('judgement', ['scenario/', 'progress/', 'results/', 'detectors/', 'stats/']),
    knowsOnly('details', [
      'analysis.ts',
      'judgement/',
      'detectors/source-steps.ts',
      'progress/',
      'results/',
      'scenario/',
    ]),
    knowsOnly('redaction', ['results/', 'progress/timeline.ts']),
    knowsOnly('bundle', ['details/', 'redaction/', 'reports/', 'results/', 'scenario/plan.ts']),
    knowsOnly('reports', ['results/', 'scenario/plan.ts', 'progress/timeline.ts', 'stats/']),
    ...[
      'scenario',
      'results',
      'progress',
      'stats',
      'detectors',
      'judgement',
      'details',
      'redaction',
      'bundle',
      'reports',
    ].map(startsNoProcess),
    {
      name: 'not-to-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
