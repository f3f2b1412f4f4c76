import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildrace, type Ended, scratchFolder } from './program.js';

const scenario = `title: A scenario
dockerfiles: files
build: { dockerfile: Dockerfile }
arms:
  - name: one
    role: reproduce
    expects: [build-failed]
`;

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
  mkdirSync(path.join(folder, 'files'));
  writeFileSync(path.join(folder, 'files/Dockerfile'), 'FROM alpine:3.20\nRUN true\n');
});

async function run(yaml: string, args: readonly string[] = ['--builder', 'simulated']): Promise<Ended> {
  writeFileSync(path.join(folder, 'mine.yaml'), yaml);
  return buildrace(['run', 'mine.yaml', ...args], {
    cwd: folder,
    env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') },
  });
}

/** One sentence on stderr, nothing on stdout, no run directory. */
function refused({ stdout, stderr, exitCode }: Ended, code: number, ...parts: (string | RegExp)[]): void {
  for (const part of parts) expect(stderr).toMatch(part);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(exitCode).toBe(code);
  expect(existsSync(path.join(folder, 'results')) ? readdirSync(path.join(folder, 'results')) : []).toEqual(
    [],
  );
}

describe('a scenario that is wrong', () => {
  it('control: the one that the others spoil is right', async () => {
    const ended = await run(scenario, ['--builder', 'simulated', '--iterations', '1']);
    expect(ended.stderr).not.toContain('fault of buildrace');
    expect(ended.exitCode).toBe(0);
  });

  // One of each place where it is read; test/scenario has the others, with their sentences.
  it.each([
    ['a misspelt key', scenario.replace('expects:', 'expect:'), [/mine\.yaml:7/, /"expect"/, /expects/]],
    [
      'a Dockerfile that is missing',
      scenario.replace('dockerfile: Dockerfile', 'dockerfile: Nothing'),
      [/Nothing is missing/],
    ],
    ['a Dockerfile folder that is missing', scenario.replace(': files', ': nowhere'), [/there is no folder/]],
  ])('%s', async (_, yaml, parts) => refused(await run(yaml), 2, ...parts));

  it('a Dockerfile outside by a link', async () => {
    writeFileSync(path.join(folder, 'secret'), 'FROM alpine:3.20\n');
    symlinkSync('../secret', path.join(folder, 'files/Linked'));
    refused(
      await run(scenario.replace('dockerfile: Dockerfile', 'dockerfile: Linked')),
      2,
      /link that leads out/,
    );
  });

  it('a scenario that is not there', async () => {
    refused(
      await buildrace(['run', 'chaos-1560'], { cwd: folder }),
      2,
      /no scenario chaos-1560/,
      /chaos-1506/,
    );
  });
});

describe('a command line that is wrong', () => {
  it.each([
    ['zero lanes', ['--lanes', '0'], /--lanes 0: expected a whole number from 1 to 256/],
    ['an arm that is not there', ['--arm', 'two'], /no arm two; it has one/],
    ['an unknown option', ['--lane', '2'], /lane/],
    ['a fail-on that is none', ['--fail-on', 'sometimes'], /sometimes/],
  ])('%s', async (_, args, part) => {
    const ended = await run(scenario, ['--builder', 'simulated', ...args]);
    expect(ended.stderr).toMatch(part);
    expect(ended.exitCode).toBe(2);
    expect(existsSync(path.join(folder, 'results'))).toBe(false);
  });

  it('an unknown builder', async () =>
    refused(await run(scenario, ['--builder', 'bob']), 2, /no builder bob/, /buildctl/));

  it('a results folder that cannot be written', async () => {
    writeFileSync(path.join(folder, 'taken'), 'a file');
    const ended = await run(scenario, ['--builder', 'simulated', '--out', 'taken']);
    expect(ended.stderr).toMatch(/the results folder taken cannot be written/);
    expect(ended.exitCode).toBe(2);
  });

  it('a results folder that builds would read while the run writes it', async () =>
    refused(
      await run(scenario, ['--builder', 'simulated', '--out', 'files/results']),
      ...([2, /the results folder \S+files\/results lies in the Dockerfile folder/, /--out/] as const),
    ));

  it.skipIf(process.platform !== 'linux')('a results folder where no folder can ever be made', async () => {
    const ended = await run(scenario, ['--builder', 'simulated', '--out', '/proc/x']);
    expect(ended.stderr).toMatch(/the results folder \/proc\/x cannot be written/);
    expect(ended.exitCode).toBe(2);
  });
});

describe('a builder that is not to be had', () => {
  const program = (name: string, script: string): string => {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, name), script);
    chmodSync(path.join(bin, name), 0o755);
    return bin;
  };

  it('one that is not installed ends with exit code 3 and says how to get it', async () => {
    writeFileSync(path.join(folder, 'mine.yaml'), scenario);
    const ended = await buildrace(['run', 'mine.yaml', '--builder', 'buildctl'], {
      cwd: folder,
      env: { PATH: '/nowhere' },
    });
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(/buildctl is not on PATH/);
    expect(existsSync(path.join(folder, 'results'))).toBe(false);
  });

  it('a daemon that never answers is given up, with its whole process group', async () => {
    writeFileSync(path.join(folder, 'mine.yaml'), scenario);
    const bin = program(
      'buildctl',
      '#!/bin/sh\n[ "$1" = --version ] && { echo "buildctl v0.32.2"; exit; }\nexec sleep 3600\n',
    );
    const ended = await buildrace(['run', 'mine.yaml', '--builder', 'buildctl:unix:///nowhere.sock'], {
      cwd: folder,
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toMatch(/nowhere\.sock/);
    expect(existsSync(path.join(folder, 'results'))).toBe(false);
  });
});

// What else can be wrong with one is told by test/results.
describe('a run directory that is wrong', () => {
  it.each([
    ['none there', () => 'missing', /there is no run missing/],
    ['one that is cut off', () => withPlan('{"schemaVersion": 1, "tool'), /plan\.json is cut off or damaged/],
  ])('%s', async (_, make, part) => {
    for (const command of ['analyze', 'report']) {
      const ended = await buildrace([command, make()], { cwd: folder });
      refused(ended, 2, part);
      rmMade();
    }
  });

  const withPlan = (text: string): string => {
    mkdirSync(path.join(folder, 'run'), { recursive: true });
    writeFileSync(path.join(folder, 'run/plan.json'), text);
    return 'run';
  };
  const rmMade = (): void => {
    folder = scratchFolder();
  };
});

describe('an option that is given twice', () => {
  it.for([
    ['run', 'chaos-1506', '--builder', 'simulated', '--fail-on', 'never', '--fail-on', 'reproduced'],
    ['analyze', 'latest', '--out', 'a', '--out', 'b'],
  ])('is refused: %j', async (args) => {
    const ended = await buildrace(args, { cwd: folder });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(/^--[a-z-]+ is given twice; /);
    expect(ended.stdout).toBe('');
  });
});
