import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './paths.js';

// What is tried is the night, so one arm and one lane will do.
const short = ['chaos-1506', '--arm', 'as-reported', '--lanes', '1'];

describe('a night', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'buildrace-nightly-')));
    for (const name of ['.ci', 'dist', 'dockerfiles', 'package.json', 'scenarios']) {
      cpSync(path.join(projectRoot, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function night(
    profile: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<number | undefined> {
    const { exitCode } = await execa('.ci/nightly', [`simulated:${profile}`, ...short], {
      cwd: folder,
      env: { ITERATIONS: '4', BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state'), ...env },
      reject: false,
      all: true,
    });
    return exitCode;
  }

  const baselines = path.join('results', 'baselines');
  const file = () => {
    const [name = '', ...more] = readdirSync(path.join(folder, baselines));
    expect(more).toEqual([]);
    return path.join(folder, baselines, name);
  };
  const text = () => readFileSync(file(), 'utf8');
  const made = () => JSON.parse(text()).run;

  /** What one profile measured as if another had, so that a builder can get worse. */
  const giveTo = (profile: string, other: string) => {
    const from = file();
    const given = readFileSync(from, 'utf8').replace(`"name": "${profile}"`, `"name": "${other}"`);
    writeFileSync(from, given);
    renameSync(from, from.replace(`--simulated-${profile}--`, `--simulated-${other}--`));
    expect(JSON.parse(text()).builder.name).toBe(other);
  };

  it('keeps its baseline, whatever comes: only the first makes it, or one that is asked to', async () => {
    expect(await night('apple-fixed')).toBe(0);
    const first = made();
    giveTo('apple-fixed', 'apple');

    expect(await night('apple')).toBe(1);
    expect(made()).toBe(first);

    const good = text();
    for (const bad of ['{', good.replace('"schemaVersion": 1', '"schemaVersion": 2')]) {
      writeFileSync(file(), bad);
      expect(await night('apple')).toBe(2);
      expect(text()).toBe(bad);
    }
    writeFileSync(file(), good);

    // Nothing that was measured fits the scenario as it now is: that is no pass, and no new measure either.
    appendFileSync(path.join(folder, 'scenarios/chaos-1506.yaml'), '# changed\n');
    expect(await night('apple')).toBe(0);
    const { runs } = JSON.parse(readFileSync(path.join(folder, 'nightly/run.json'), 'utf8'));
    expect(runs[0].notCompared).toContain('before it was changed');
    expect(made()).toBe(first);

    expect(await night('apple', { RENEW: 'true' })).toBe(0);
    expect(made()).not.toBe(first);
  });
});
