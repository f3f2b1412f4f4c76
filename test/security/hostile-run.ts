import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { environmentSchema } from '../../src/results/environment.js';
import { parseJournal } from '../../src/results/journal.js';
import { layout } from '../../src/results/layout.js';
import { planSchema } from '../../src/scenario/plan.js';
import { logOf, writeLog } from '../details/stored-run.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  sampleEnvironment,
  samplePlan,
} from '../results/sample-run.js';

/** What acts in a terminal, or deceives who reads it; `hacked` is what a terminal would show as its title or keep. */
export const terminalOrders = [
  '\u001b[31m\u001b[8m\u001b[2J\u001b[1;1H',
  '\u001b]0;hacked\u0007\u001b]52;c;aGFja2Vk\u0007\u001b]8;;https://evil.example/hacked\u001b\\',
  '\u009b2J\u009d0;hacked\u009c\u0090hacked\u009c',
  '\u0000\u0007\b\b\b\u007f\u000e',
  '\u202egpj.exe\u2066\u2069\u200f\u200b\ufeff\u{e0041}',
].join('');
/** What breaks out of lines, and what runners, Markdown and HTML read as their own. */
export const markup = [
  '\r\n::error file=a::hacked\n::add-mask::x\n##[error]hacked\u2028',
  '</title></style></script></pre></details>--><script>hacked()</script><img src=x onerror="hacked()">',
  `"'><a href="javascript:hacked()">x</a> [x](javascript:hacked()) ![x](https://evil.example/hacked)`,
  '\n# hacked\n- [x] hacked\n| a | b |\n@hacked-team #1 moby/buildkit#2 ``` ~~~~ ````` &lt; ]]> <![CDATA[',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  "$(hacked) `hacked` '; hacked; ' ${hacked} %s%n \\ ",
].join('');
export const hostile = `${terminalOrders}${markup}`;

type Tree = unknown;

/** The tree with the hostile text behind every text that `accepts` lets it stand behind; keys of records are asked alike. */
export function poisoned<T>(tree: T, accepts: (tree: unknown) => boolean, text: string = hostile): T {
  let whole: Tree = structuredClone(tree);
  for (const at of placesOf(whole)) {
    const changed = withText(whole, at, text);
    if (accepts(changed)) whole = changed;
  }
  return whole as T;
}

function placesOf(tree: Tree, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof tree === 'string') return [[...at]];
  if (Array.isArray(tree)) return tree.flatMap((one, i) => placesOf(one, [...at, i]));
  if (tree === null || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([key, one]) => placesOf(one, [...at, key]));
}

function withText(tree: Tree, [first, ...rest]: readonly (string | number)[], text: string): Tree {
  if (first === undefined) return `${tree as string}${text}`;
  if (Array.isArray(tree)) return tree.map((one, i) => (i === first ? withText(one, rest, text) : one));
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, one]) => [
      key,
      key === first ? withText(one, rest, text) : one,
    ]),
  );
}

const fits =
  (schema: z.ZodType) =>
  (tree: unknown): boolean =>
    schema.safeParse(tree).success;

/** Records whose keys are somebody's, among them those that objects have already. */
const keys = (value: string): Record<string, string> =>
  Object.fromEntries([
    ...['constructor', 'toString', 'hasOwnProperty', '-x', `K${hostile}`].map((key) => [key, value]),
    ['__proto__', value],
  ]);

export interface HostileOptions {
  /** Behind every text. */
  readonly text?: string;
  readonly kind?: string;
  readonly log?: string;
}

interface Documents {
  readonly plan: string;
  readonly environment: string;
  readonly journal: string;
}
const made = new Map<string, Documents>();

/** Writes a run directory of a stranger who put the hostile text wherever the formats let any text stand. */
export async function writeHostileRun(
  directory: string,
  { text = hostile, kind, log }: HostileOptions = {},
): Promise<string> {
  const key = JSON.stringify([text, kind]);
  const documents = made.get(key) ?? documentsOf(text, kind);
  made.set(key, documents);
  await mkdir(path.join(directory, 'daemons'), { recursive: true });
  await writeFile(path.join(directory, layout.plan), documents.plan);
  await writeFile(path.join(directory, layout.environment), documents.environment);
  await writeFile(path.join(directory, layout.journal), documents.journal);
  await writeFile(
    path.join(directory, 'daemons', 'daemon-1\u001b]0;hacked\u0007<b>.log'),
    `panic: ${text}\n`,
  );
  for (const arm of ['main', 'control']) {
    for (const iteration of [1, 2]) {
      for (const name of ['a', 'b'])
        writeLog(directory, arm, iteration, name, log ?? hostileLog(arm === 'main', text));
      await writeFile(
        path.join(directory, layout.daemonLog(arm, iteration)),
        `panic: ${text}\nlevel=error msg="${text}"\n`,
      );
    }
  }
  return directory;
}

/** The documents of that run; with `kind` that kind of builder as it is. */
function documentsOf(text: string, kind: string | undefined): Documents {
  const build = {
    ...plannedBuild,
    buildArgs: keys('v'),
    target: 'final',
    platforms: ['linux/arm64'],
    context: 'ctx',
    mustBeCached: ['RUN a'],
  };
  const lanes = [plannedLane('a', { build }), plannedLane('b', { build })];
  const arms = [
    plannedArm({
      title: 'title',
      expects: ['platform-drift'],
      steps: [
        {
          step: 'make-context',
          name: 'ctx',
          files: 3,
          each: 'lane',
          bytes: { min: 1, max: 2 },
          like: null,
        },
        { step: 'build', together: true, lanes },
      ],
      point: { arm: 'main', factors: { ...keys('1'), lanes: '2' } },
    }),
    plannedArm({ name: 'control', role: 'control', of: 'main', expects: [], title: 'title' }),
    plannedArm({ name: 'skipped', skipped: 'the builder cannot' }),
  ];
  const sample = samplePlan({ arms, registry: 'localhost:5000', baseline: { named: 'base', margin: 0.2 } });
  const plan = {
    ...sample,
    scenario: {
      ...sample.scenario,
      description: 'why',
      reports: ['https://github.com/apple/container/issues/1'],
    },
    builder: { ...sample.builder, kind: kind ?? 'buildctl', instance: 'x', name: 'y', leaves: 'images' },
  };
  const environment = {
    ...sampleEnvironment(),
    platforms: ['linux/amd64'],
    scenario: {
      file: '/sample.yaml',
      text: 'title: x\n',
      files: [
        'Dockerfile',
        '../../escaped',
        '/escaped',
        'C:\\escaped',
        'aux',
        'AUX.txt',
        'a',
        'A',
        '-rf',
        'x\0y',
        '..',
        '',
        'b/../../c',
      ].map((name) => ({
        path: name,
        sha256: '0'.repeat(64),
        content: `FROM scratch\nEND_OF_FILE\n${text}\n`,
        encoding: 'utf8',
      })),
    },
  };
  const lane = (name: string) =>
    laneRecord(name, { command: ['--x', 'build'], env: keys('secret'), signal: 'SIG', exitCode: 1 });
  const cacheChecks = [
    {
      folder: 'cache',
      lanes: ['a'],
      manifests: 1,
      missing: [{ digest: 'sha256:1', namedBy: 'x' }],
      problem: 'p',
    },
  ];
  const events = [
    { schemaVersion: 1, at: '2026-01-02T03:04:05.000Z', event: 'run-started' },
    {
      schemaVersion: 1,
      at: '2026-01-02T03:04:05.000Z',
      event: 'run-resumed',
      toolVersion: '0',
      warnings: ['w'],
    },
    {
      schemaVersion: 1,
      at: '2026-01-02T03:04:05.000Z',
      event: 'warm-up-finished',
      dockerfile: 'D',
      exitCode: 1,
      durationMs: 1,
      tail: 't',
    },
    {
      schemaVersion: 1,
      at: '2026-01-02T03:04:05.000Z',
      event: 'daemon-restarted',
      daemon: 'daemon-1',
      reason: 'gone',
    },
    ...['main', 'control'].flatMap((arm) =>
      [1, 2].map((iteration) =>
        iterationFinished({
          arm,
          iteration,
          lanes: [lane('a'), lane('b')],
          cacheChecks,
          spoilt: iteration === 2 ? 'spoilt' : null,
          builderGone: arm === 'control' ? 'gone' : null,
        }),
      ),
    ),
    {
      schemaVersion: 1,
      at: '2026-01-02T03:04:09.000Z',
      event: 'builder-changed',
      version: 'v2',
      daemonVersion: 'v3',
    },
    { schemaVersion: 1, at: '2026-01-02T03:04:09.000Z', event: 'runs-merged', runs: ['r'], warnings: ['w'] },
    { schemaVersion: 1, at: '2026-01-02T03:04:09.000Z', event: 'run-stopped', reason: 'stopped' },
  ].map((event) =>
    poisoned(event, (tree) => parseJournal(JSON.stringify(tree)).unreadable.length === 0, text),
  );
  const whole = poisoned(plan, fits(planSchema), text);
  if (kind !== undefined) whole.builder.kind = kind;
  return {
    plan: JSON.stringify(whole),
    environment: JSON.stringify(poisoned(environment, fits(environmentSchema), text)),
    journal: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  };
}

/** What a lane printed: steps whose names, errors and output are hostile. */
function hostileLog(drifts: boolean, text: string): string {
  const line = text.replaceAll(/[\r\n]/g, ' ');
  return [
    logOf(drifts ? 'drift' : 'clean'),
    `#4 [linux/arm64 ${line} 1/2] RUN ${line}`,
    `#4 0.1 ${text}`,
    `#4 ERROR: process "${line}" did not complete successfully: exit code: 1`,
    '------',
    ` > [${line} 1/2] RUN ${line}:`,
    text,
    '------',
    `Dockerfile:1`,
    '--------------------',
    `   1 | >>> RUN ${line}`,
    '--------------------',
    `ERROR: failed to solve: ${line}`,
    '',
  ].join('\n');
}
