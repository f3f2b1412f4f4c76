import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../e2e/paths.js';
import { lab, labVariable } from './lab.js';
import { exportLines } from './setup/environment.js';

const workflows = path.join(projectRoot, '.github/workflows');

it('every workflow is what GitHub takes', async () => {
  const files = readdirSync(workflows).map((name) => path.join(workflows, name));
  expect(files.length).toBeGreaterThan(0);
  const ended = await execa(labVariable('LAB_ACTIONLINT'), files, { reject: false, all: true });
  expect(ended.all).toBe('');
  expect(ended.exitCode).toBe(0);
});

const variables = z.record(z.string(), z.coerce.string());
const workflowSchema = z.object({
  env: variables,
  defaults: z.object({ run: z.object({ shell: z.literal('bash') }) }),
  jobs: z.record(
    z.string(),
    z.object({
      env: variables,
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});
const nightly = workflowSchema.parse(parse(readFileSync(path.join(workflows, 'nightly.yml'), 'utf8')));

/** Steps of the job that this test does in another way. */
const passedOver: Readonly<Record<string, string>> = {
  'What the lab is built with': 'it installs Debian packages, and the lab that is up has them',
  Install: 'it takes minutes and the network; the tests run what is built and installed already',
  'Lab up': 'the lab is up, and belongs to another folder',
  'Where the lab is': 'the lab belongs to another folder: lab.sh is written by this test',
  'Lab down': 'other tests still need the lab',
};

const stepsOf = (job: string) =>
  (nightly.jobs[job]?.steps ?? []).flatMap(({ name, run }) =>
    run === undefined ? [] : [{ name: name ?? run, run }],
  );

it('no expression reaches a shell but through a variable', () => {
  const shells = Object.keys(nightly.jobs).flatMap(stepsOf);
  expect(shells.length).toBeGreaterThan(0);
  for (const { name, run } of shells) expect(run, name).not.toContain('${{');
});

/** A baseline of many iterations, none of which showed anything. */
function neverSeen(baseline: string): string {
  const document = JSON.parse(baseline);
  for (const arm of document.arms) {
    arm.valid = 60;
    for (const signal of arm.signals) Object.assign(signal, { count: 0, of: 60 });
  }
  return JSON.stringify(document);
}

/** What `lab:env` prints: the lab's variables may come with all others of this process. */
function labsOwn(): Record<string, string> {
  const own = /^(PATH|LAB_.*|BUILDRACE_REGISTRY|DOCKER_CONFIG|BUILDX_CONFIG|CONTAINERS_.*)$/;
  return Object.fromEntries(Object.entries(lab).filter(([name]) => own.test(name)));
}

describe('a night on BuildKit', () => {
  let folder: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'buildrace-nightly-')));
    for (const name of ['.ci', 'dist', 'dockerfiles', 'package.json', 'scenarios']) {
      cpSync(path.join(projectRoot, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
    writeFileSync(path.join(folder, 'lab.sh'), exportLines(labsOwn()));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Every step of the job, as GitHub runs them; the first that fails is the last one. */
  async function night(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const script = path.join(folder, 'step.sh');
    let said = '';
    const steps = stepsOf('buildkit').filter(({ name }) => passedOver[name] === undefined);
    expect(steps.map(({ name }) => name)).toEqual(['What machine this is', 'Run and compare']);
    for (const { name, run } of steps) {
      writeFileSync(script, run);
      const ended = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
        cwd: folder,
        env: {
          ...nightly.env,
          ...nightly.jobs.buildkit?.env,
          VERSION: '0.32.2',
          // Short scenarios, and few iterations: what is tried is the night, not the builder.
          SCENARIOS: 'lost-output context-by-size-and-mtime',
          ITERATIONS: '3',
          RENEW: 'false',
          GITHUB_ACTIONS: 'true',
          GITHUB_OUTPUT: path.join(folder, 'output.txt'),
          GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
          ...env,
        },
        stdin: 'ignore',
        reject: false,
        all: true,
      });
      said += ended.all;
      if (ended.exitCode !== 0) throw new Error(`${name} ended with ${ended.exitCode}: ${said}`);
    }
    return said;
  }

  const namesIn = (...parts: string[]) => readdirSync(path.join(folder, ...parts)).sort();
  const baselines = () =>
    namesIn('results', 'baselines').map((name) =>
      readFileSync(path.join(folder, 'results/baselines', name), 'utf8'),
    );
  const runs = () => namesIn('results').filter((name) => name !== 'baselines');
  const comparisons = (): unknown[] =>
    JSON.parse(readFileSync(path.join(folder, 'nightly/run.json'), 'utf8')).runs.map(
      (run: { comparison?: { verdict: string } | null }) => run.comparison?.verdict ?? null,
    );

  it('the first makes the baselines, reports and a summary', async () => {
    await night();
    expect(comparisons()).toEqual([null, null]);
    expect(readFileSync(path.join(folder, 'output.txt'), 'utf8')).toMatch(/^kind=[0-9a-f]{12}\n$/);
    expect(baselines()).toHaveLength(2);
    expect(runs()).toHaveLength(2);
    const reports = namesIn('nightly').filter((name) => name.endsWith('.xml'));
    expect(reports).toEqual(runs().map((run) => `${run}.xml`));
    const files = reports.map((name) => path.join(folder, 'nightly', name));
    await execa('xmllint', ['--noout', ...files], { env: lab });
    expect(readFileSync(files[0] ?? '', 'utf8')).toContain('<testcase classname="');
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toMatch(/^## `lost-output` on buildkitd/m);
  });

  it('the second is held against them, and passes where nothing changed', async () => {
    const before = baselines();
    const said = await night();
    expect(comparisons()).not.toContain(null);
    expect(comparisons()).not.toContain('regression');
    expect(baselines()).toEqual(before);
    expect(said).toMatch(/^::(warning|notice) title=lost-output on buildkitd/m);
  });

  it('one that is worse than its baseline fails, is reported, and does not become the baseline', async () => {
    const [name = ''] = namesIn('results', 'baselines').filter((one) => one.startsWith('lost-output'));
    const file = path.join(folder, 'results/baselines', name);
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, neverSeen(good));
    const before = baselines();
    await expect(night({ SCENARIOS: 'lost-output' })).rejects.toThrow('ended with 1');
    // The second run is the one on fresh iterations.
    expect(comparisons()).toEqual(['regression', 'regression']);
    expect(baselines()).toEqual(before);
    expect(namesIn('nightly').filter((one) => one.endsWith('.xml'))).toHaveLength(2);
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toContain('regression');
    writeFileSync(file, good);
  });

  it('with RENEW all baselines are of this night', async () => {
    const before = baselines();
    await night({ RENEW: 'true' });
    expect(comparisons()).toEqual([null, null]);
    expect(baselines()).toHaveLength(2);
    for (const [i, text] of baselines().entries()) expect(text).not.toBe(before[i]);
  });

  it('one that cannot run fails', async () => {
    await expect(night({ SCENARIOS: 'no-such-scenario' })).rejects.toThrow('ended with 2');
  });
});
