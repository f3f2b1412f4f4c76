import { describe, expect } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { test } from './folder.js';
import { mkfifoSync } from './mkfifo.js';
import { complaint, smallest } from './sample.js';

const arm = (more: string): string => `title: T\ndockerfiles: .\narms:\n  - name: main\n${more}`;
const reproduce = '    role: reproduce\n    expects: [platform-drift]\n';

describe('a mistake is told in one sentence with file, line, key and what was expected', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a misspelt key',
      `titel: T\n${smallest.replace('title: T\n', '')}`,
      's.yaml:1: unknown key "titel"; expected one of title, description, reports, dockerfiles, builders, signals, iterations, lanes, timeout, registry, daemon, build, steps, sweep, arms',
    ],
    [
      'a misspelt key of a lane',
      `${smallest}lanes:\n  - name: a\n    dely: 5ms\n`,
      's.yaml:7: unknown key "dely" in lanes[0]; expected one of name, delay, cancelAfter, build',
    ],
    [
      'a misspelt key of a step',
      `${smallest}steps:\n  - step: build\n    lane: 3\n`,
      's.yaml:7: unknown key "lane" in steps[0]; expected one of step, lanes',
    ],
    ['a wrong type', smallest.replace('title: T', 'title: 5'), 's.yaml:1: title: expected text, got 5'],
    [
      'a wrong type deep down',
      `${smallest}build:\n  noCache: please\n`,
      's.yaml:6: build.noCache: expected true or false, got "please"',
    ],
    [
      'a key that is missing',
      smallest.replace('dockerfiles: .\n', ''),
      's.yaml:1: dockerfiles is missing: expected text, got nothing',
    ],
    [
      'an unknown signal',
      smallest.replace('platform-drift', 'platform-drfit'),
      's.yaml:4: arms[0].expects[0]: "platform-drfit" is no signal; expected one of platform-drift, copy-from-failed,',
    ],
    [
      'an unknown role',
      smallest.replace('reproduce', 'repro'),
      's.yaml:4: arms[0].role: expected one of reproduce, control, alone, got "repro"',
    ],
    [
      'an unknown step',
      `${smallest}steps:\n  - step: purge\n`,
      's.yaml:6: steps[0].step: expected one of build, make-context, prune, restart, check-cache, read-images, remove-folder',
    ],
    [
      'an image of no registry',
      `${smallest}build:\n  push: example.org/x:{run}\n`,
      's.yaml:6: build.push: expected an image of the registry with {run} in it',
    ],
    [
      'a registry that nobody asked for',
      `${smallest}build:\n  push: '{registry}/x:{run}'\n`,
      's.yaml:1: a scenario with `{registry}` in it needs `registry: true`',
    ],
    [
      'a build that is ended before it begins',
      `${smallest}lanes: [{ cancelAfter: 0ms }]\n`,
      's.yaml:5: lanes[0].cancelAfter: expected a time above 0',
    ],
    [
      'a context like one that is not there',
      `${smallest}steps:\n  - { step: make-context, name: x, files: 1, like: y }\n  - step: build\n`,
      's.yaml:4: no step of arm main makes y before a context is like it',
    ],
    [
      'a folder that leads out',
      `${smallest}steps:\n  - step: build\n  - step: check-cache\n    folder: ../x\n`,
      's.yaml:8: steps[1].folder: expected a name of small letters',
    ],
    [
      'a flag of the daemon in two pieces',
      `${smallest}daemon:\n  flags: [--root /]\n`,
      's.yaml:6: daemon.flags[0]: expected a flag of buildkitd in one piece',
    ],
    [
      'an instruction that is none',
      `${smallest}build:\n  mustRunOnce: [make]\n`,
      's.yaml:6: build.mustRunOnce[0]: expected the beginning of an instruction',
    ],
    ['no arm', 'title: T\ndockerfiles: .\narms: []\n', 's.yaml:3: arms: expected at least one arm'],
    [
      'no list of arms',
      'title: T\ndockerfiles: .\n',
      's.yaml:1: arms is missing: expected a list, got nothing',
    ],
    ['zero lanes', `${smallest}lanes: 0\n`, 's.yaml:5: lanes: expected a number of lanes from 1 to 256'],
    [
      'a million lanes',
      `${smallest}lanes: 1000000\n`,
      's.yaml:5: lanes: expected a number of lanes from 1 to 256',
    ],
    [
      'an empty list of lanes',
      `${smallest}lanes: []\n`,
      's.yaml:5: lanes: expected a number of lanes from 1 to 256',
    ],
    [
      'lanes in words',
      `${smallest}lanes: two\n`,
      's.yaml:5: lanes: expected a number of lanes from 1 to 256',
    ],
    ['no iteration', `${smallest}iterations: 0\n`, 's.yaml:5: iterations: expected at least 1'],
    [
      'too many iterations',
      `${smallest}iterations: 100001\n`,
      's.yaml:5: iterations: expected at most 100000',
    ],
    [
      'half an iteration',
      `${smallest}iterations: 1.5\n`,
      's.yaml:5: iterations: expected a whole number, got 1.5',
    ],
    [
      'a delay without a unit',
      `${smallest}lanes: [{delay: 5}]\n`,
      's.yaml:5: lanes[0].delay: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    [
      'a time limit that is none',
      `${smallest}timeout: never\n`,
      's.yaml:5: timeout: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    [
      'a time limit without end',
      `${smallest}timeout: 999999999999h\n`,
      's.yaml:5: timeout: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    [
      'a delay without end',
      `${smallest}lanes: [{delay: 999999999999h}]\n`,
      's.yaml:5: lanes[0].delay: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    [
      'a build that is ended after all time',
      `${smallest}lanes: [{cancelAfter: 999999999999h}]\n`,
      's.yaml:5: lanes[0].cancelAfter: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    [
      'a time limit of nothing',
      `${smallest}timeout: 0s\n`,
      's.yaml:5: timeout: expected a time limit above 0',
    ],
    [
      'half a platform',
      `${smallest}build: {platforms: [linux]}\n`,
      's.yaml:5: build.platforms[0]: expected a platform such as linux/arm64',
    ],
    [
      'a build argument without a name',
      `${smallest}build: {buildArgs: {A-B: 1}}\n`,
      's.yaml:5: build.buildArgs.A-B: expected a name of letters, digits and underscores',
    ],
    [
      'a build argument that is a list',
      `${smallest}build: {buildArgs: {A: [1]}}\n`,
      's.yaml:5: build.buildArgs.A: expected text, a number, or true or false',
    ],
    [
      'a name with capitals',
      smallest.replace('main', 'Main'),
      's.yaml:4: arms[0].name: expected a name of small letters, digits and hyphens',
    ],
    [
      'a name that climbs',
      smallest.replace('main', '../up'),
      's.yaml:4: arms[0].name: expected a name of small letters, digits and hyphens',
    ],
    [
      'a report that is no web address',
      `${smallest}reports: ['javascript:alert(1)']\n`,
      's.yaml:5: reports[0]: expected a web address',
    ],
    [
      'an image that is not of the run',
      `${smallest}build: {tags: ['alpine:3.20']}\n`,
      's.yaml:5: build.tags[0]: expected an image name with {run} in it',
    ],
    [
      'an image name that is an option',
      `${smallest}build: {tags: ['--all={run}']}\n`,
      's.yaml:5: build.tags[0]: expected an image name with {run} in it',
    ],
    ['nothing at all', '', 's.yaml:1: the scenario: expected keys with values, got nothing'],
    ['a list', '- a\n', 's.yaml:1: the scenario: expected keys with values, got a list'],
    [
      'broken YAML',
      `${smallest}lanes: [\n`,
      's.yaml:6: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a tab', `${smallest}\tlanes: 2\n`, 's.yaml:5: Tabs are not allowed as indentation'],
    ['one key twice', `${smallest}title: U\n`, 's.yaml:5: Map keys must be unique'],
    ['two documents', `${smallest}---\n${smallest}`, 's.yaml:5: expected one YAML document, got several'],
    ['an unknown YAML tag', `${smallest}description: !secret x\n`, 's.yaml:5: Unresolved tag: !secret'],
    ['an alias of nothing', `${smallest}description: *nobody\n`, 's.yaml:5: there is no anchor &nobody'],
    ['an alias of itself', `${smallest}signals: &it [*it]\n`, 's.yaml:5: *it stands inside of what it names'],
  ];
  test.for(cases)('%s', async ([, text, sentence], { folder }) => {
    const said = await complaint(folder, text);
    expect(said?.split('\n')).toHaveLength(1);
    expect(said).toContain(`UserError: ${sentence}`);
  });

  test('several mistakes, each on a line of its own, from top to bottom', async ({ folder }) => {
    const said = await complaint(
      folder,
      `${smallest.replace('title: T', 'title: 5')}lanes: 0\niterations: no\n`,
    );
    expect(said?.match(/s\.yaml:\d+: \w+/g)).toEqual([
      's.yaml:1: title',
      's.yaml:5: lanes',
      's.yaml:6: iterations',
    ]);
  });

  test('a misspelt key is not told again as the right one that is missing', async ({ folder }) => {
    const said = await complaint(folder, smallest.replace('dockerfiles', 'dockerfile'));
    expect(said).toContain('unknown key "dockerfile"');
    expect(said).not.toContain('missing');
  });

  test('a misspelt key of a step is not told with the keys of other steps', async ({ folder }) => {
    const said = await complaint(folder, `${smallest}steps: [{step: build, lane: 3}]\n`);
    expect(said).toMatch(/expected one of step, lanes$/);
  });

  test('a mistake behind an alias is told where the alias stands', async ({ folder }) => {
    const said = await complaint(
      folder,
      `${smallest}build: &all\n  dockerfil: a\nsteps: [{step: build, lanes: [{build: *all}]}]\n`,
    );
    expect(said).toContain('s.yaml:6: unknown key "dockerfil" in build;');
    expect(said).toContain('s.yaml:7: unknown key "dockerfil" in steps[0].lanes[0].build;');
  });

  test('a long value is cut', async ({ folder }) => {
    const said = await complaint(folder, smallest.replace('reproduce', 'r'.repeat(1_000)));
    expect(said?.length).toBeLessThan(200);
  });
});

describe('rules between keys', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a control without its arm',
      arm('    role: control\n'),
      's.yaml:4: a control arm needs `of`, the reproduce arm it belongs to',
    ],
    ['an alone arm without its arm', arm('    role: alone\n'), 's.yaml:4: an alone arm needs `of`'],
    [
      'a control of nothing',
      `${smallest}  - {name: c, role: control, of: mian}\n`,
      's.yaml:5: `of` names mian, which is no reproduce arm',
    ],
    [
      'a control of a control',
      `${smallest}  - {name: c, role: control, of: main}\n  - {name: d, role: control, of: c}\n`,
      's.yaml:6: `of` names c, which is no reproduce arm',
    ],
    [
      'a control that expects',
      `${smallest}  - {name: c, role: control, of: main, expects: [hang]}\n`,
      's.yaml:5: a control arm expects no signal',
    ],
    [
      'a reproduce arm that expects nothing',
      arm('    role: reproduce\n'),
      's.yaml:4: a reproduce arm needs `expects` with at least one signal',
    ],
    [
      'a reproduce arm of another',
      arm(`${reproduce}    of: main\n`),
      's.yaml:7: a reproduce arm belongs to no other arm',
    ],
    [
      'an expected signal that is not looked for',
      `${smallest}signals: [hang]\n`,
      's.yaml:4: the signal is missing from `signals`',
    ],
    [
      'an alone arm with lanes',
      `${smallest}  - {name: x, role: alone, of: main, lanes: 3}\n`,
      's.yaml:5: an alone arm takes its `lanes` from `of`',
    ],
    [
      'an alone arm with a build',
      `${smallest}  - {name: x, role: alone, of: main, build: {noCache: true}}\n`,
      's.yaml:5: an alone arm takes its `build` from `of`',
    ],
    [
      'an alone arm with steps',
      `${smallest}  - {name: x, role: alone, of: main, steps: [{step: build}]}\n`,
      's.yaml:5: an alone arm takes its `steps` from `of`',
    ],
    [
      'two arms of one name',
      `${smallest}  - {name: main, role: alone, of: main}\n`,
      's.yaml:5: arm main stands twice',
    ],
    [
      'two lanes of one name',
      `${smallest}lanes: [{name: x}, {name: y}, {name: x}]\n`,
      's.yaml:5: lane x stands twice',
    ],
    [
      'two lanes of one name in an arm',
      arm(`${reproduce}    lanes:\n      - name: x\n      - name: x\n`),
      's.yaml:9: lane x stands twice',
    ],
    [
      'two lanes of one name in a step',
      arm(
        `${reproduce}    steps:\n      - step: build\n        lanes:\n          - name: x\n          - name: x\n`,
      ),
      's.yaml:11: lane x stands twice',
    ],
    [
      'a context that nobody makes',
      `${smallest}build: {context: files}\n`,
      's.yaml:4: no step of arm main makes the context files before its builds',
    ],
    [
      'a context of one lane that nobody makes',
      `${smallest}lanes: [{}, {build: {context: files}}]\n`,
      's.yaml:4: no step of arm main makes the context files before its builds',
    ],
    [
      'a context made too late',
      `${smallest}build: {context: files}\nsteps: [{step: build}, {step: make-context, name: files, files: 1}]\n`,
      's.yaml:4: no step of arm main makes the context files before its builds',
    ],
    [
      'sizes the wrong way round',
      `${smallest}steps:\n  - {step: make-context, name: files, files: 1, bytes: {min: 9, max: 2}}\n  - step: build\n`,
      's.yaml:6: bytes: expected min to be at most max, got 9 and 2',
    ],
    [
      'a look at a cache that nobody exports',
      `${smallest}build: {cacheTo: [{type: local, folder: one}]}\nsteps:\n  - step: build\n  - {step: check-cache, folder: two}\n`,
      's.yaml:8: no build of arm main before this step exports a cache to two',
    ],
    [
      'a look at a cache before it is exported',
      `${smallest}build: {cacheTo: [{type: local, folder: one}]}\nsteps:\n  - {step: check-cache, folder: one}\n  - step: build\n`,
      's.yaml:7: no build of arm main before this step exports a cache to one',
    ],
    [
      'a look at a cache that was removed',
      `${smallest}build: {cacheTo: [{type: local, folder: one}]}\nsteps:\n  - step: build\n  - {step: remove-folder, folder: one}\n  - {step: check-cache, folder: one}\n`,
      's.yaml:9: no build of arm main before this step exports a cache to one',
    ],
    [
      'a look at images that nobody pushes',
      `${smallest}steps: [{step: build}, {step: read-images}]\n`,
      's.yaml:5: no build of arm main before this step pushes an image',
    ],
    [
      'an arm that builds nothing',
      `${smallest}steps: [{step: make-context, name: files, files: 1}]\n`,
      's.yaml:4: arm main has no build step',
    ],
  ];
  test.for(cases)('%s', async ([, text, sentence], { folder }) => {
    const said = await complaint(folder, text);
    expect(said?.split('\n')).toHaveLength(1);
    expect(said).toContain(`UserError: ${sentence}`);
  });

  test('lanes that all name a context of their own need no other', async ({ folder }) => {
    const text = `${smallest}build: {context: unmade}\nlanes: [{build: {context: files}}]\nsteps: [{step: make-context, name: files, files: 1}, {step: build}]\n`;
    expect(await complaint(folder, text)).toBeNull();
  });
});

describe('files that are no scenario', () => {
  test('one that is not there', async ({ folder }) => {
    await expect(loadScenario(folder.at('none.yaml'))).rejects.toThrow(
      `there is no file ${folder.at('none.yaml')}`,
    );
  });

  test('a folder', async ({ folder }) => {
    await expect(loadScenario(folder.path)).rejects.toThrow('is a folder; expected a YAML file');
  });

  test('a pipe that nobody writes to', async ({ folder }) => {
    mkfifoSync(folder.at('pipe.yaml'));
    await expect(loadScenario(folder.at('pipe.yaml'))).rejects.toThrow(
      'is no regular file; expected a YAML file',
    );
  });

  test('one that is not UTF-8', async ({ folder }) => {
    expect(await complaint(folder, Buffer.from(`${smallest}description: caf\xe9\n`, 'latin1'))).toBe(
      'UserError: s.yaml is not a text file in UTF-8',
    );
  });

  test('one that is too large, by one byte', async ({ folder }) => {
    const filler = (bytes: number): string => `${smallest}#${'x'.repeat(bytes - smallest.length - 1)}`;
    expect(await complaint(folder, filler(1_048_576))).toBeNull();
    expect(await complaint(folder, filler(1_048_577))).toBe(
      'UserError: s.yaml is too large for a scenario (1 MiB at most)',
    );
  });

  test('one whose aliases multiply', async ({ folder }) => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `  - &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    const bomb = `${smallest}signals:\n  - &l0 hang\n${levels.join('\n')}\n`;
    expect(await complaint(folder, bomb)).toBe(
      'UserError: s.yaml:7: aliases repeat their anchors more than 100 times',
    );
  });
});
