import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import type { BuilderKind } from '../../src/builders/builder.js';
import { readDetails } from '../../src/details/read-details.js';
import type { RunDetail } from '../../src/results/detail.js';
import { failingIn, plannedDetail } from '../reports/reproduction/planned-detail.js';
import { reproduction } from '../reports/reproduction/script-run.js';
import { buildkitAddress, labVariable, resultsFolder, runInLab } from './lab.js';

const results = resultsFolder();
const place = mkdtempSync(path.join(os.tmpdir(), 'reproduce-'));
afterAll(() => {
  results.remove();
  rmSync(place, { recursive: true, force: true });
});

const binOf = (version: string): string => labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}_BIN`);
let folders = 0;

/** All that a script may call beside the builder; node is none of it. */
const tools = [
  ...[
    'awk',
    'basename',
    'cat',
    'cut',
    'date',
    'dash',
    'dirname',
    'find',
    'grep',
    'head',
    'id',
    'mkdir',
    'mktemp',
  ],
  ...['od', 'rm', 'sed', 'sh', 'sha256sum', 'sleep', 'sort', 'tail', 'touch', 'tr', 'umount', 'wc', 'xargs'],
];
const toolsFolder = path.join(place, 'bin');
mkdirSync(toolsFolder);
for (const tool of tools) symlinkSync(path.join('/usr/bin', tool), path.join(toolsFolder, tool));

interface Ended {
  readonly exitCode: number;
  readonly text: string;
  readonly seen: number;
  readonly counted: number;
}

/** Runs the script with a few of the system's programs and those of one BuildKit, and nothing else on PATH. */
async function runScript(
  detail: RunDetail,
  mode: string,
  version: string,
  iterations: number,
): Promise<Ended> {
  const folder = path.join(place, String(++folders));
  mkdirSync(path.join(folder, 'tmp'), { recursive: true });
  writeFileSync(path.join(folder, 'reproduce.sh'), reproduction(detail).script);
  const { all, exitCode } = await execa('/usr/bin/dash', ['reproduce.sh', mode], {
    cwd: folder,
    env: {
      PATH: `${binOf(version)}:${toolsFolder}`,
      TMPDIR: path.join(folder, 'tmp'),
      ITERATIONS: String(iterations),
      BUILDKIT_HOST: buildkitAddress(version),
      BUILDKITD_CONFIG: labVariable('LAB_BUILDKIT_MIRRORS'),
      REGISTRY: labVariable('LAB_REGISTRY'),
    },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  expect(readdirSync(path.join(folder, 'tmp')), 'left behind').toEqual([]);
  const [, seen, counted] = /^seen in (\d+) of (\d+) iterations$/m.exec(all) ?? [];
  return { exitCode: exitCode ?? -1, text: all, seen: Number(seen), counted: Number(counted) };
}

async function showsIt(detail: RunDetail, version: string, iterations: number): Promise<void> {
  const shown = await runScript(detail, 'reproduce', version, iterations);
  expect(shown.exitCode, shown.text).toBe(0);
  expect(shown.seen, shown.text).toBeGreaterThan(0);
  const clean = await runScript(detail, 'control', version, iterations);
  expect(clean, clean.text).toMatchObject({ exitCode: 1, seen: 0, counted: iterations });
}

describe('the script of a run on BuildKit v0.32.2 shows what the run showed', () => {
  it.each([
    ['no-cache-empties-mount', 'buildctl', 'no-cache,with-cache'],
    ['chaos-1506', 'buildctl', 'explicit-variant,explicit-plain'],
    ['lazy-cache-export', 'buildkitd', 'stargz,overlayfs'],
  ])('%s', async (scenario, kind, arms) => {
    const instance = kind === 'buildctl' ? buildkitAddress('0.32.2') : binOf('0.32.2');
    const args = [scenario, '--builder', `${kind}:${instance}`, '--iterations', '2', '--arm', arms];
    const { run } = await runInLab(args, results.folder);
    expect(run.verdict).toBe('reproduced');
    const detail = await readDetails(run.directory, { iterations: 2, lanes: 4, logCharacters: 10_000 });
    await showsIt(detail, '0.32.2', 3);
  });
});

interface Planned {
  readonly scenario: string;
  readonly arm: string;
  readonly kind?: BuilderKind;
  readonly version?: string;
  readonly iterations?: number;
}

const planned: readonly Planned[] = [
  { scenario: 'lost-output', arm: 'identical', version: '0.10.4' },
  { scenario: 'cache-tag-reset', arm: 'one-folder', iterations: 4 },
  { scenario: 'shared-cache-destination', arm: 'one-folder', iterations: 4 },
  { scenario: 'inline-cache-digest', arm: 'inline', iterations: 4 },
  { scenario: 'cache-mount-architecture', arm: 'one-after-the-other' },
  { scenario: 'cache-mount-architecture', arm: 'in-one-build' },
  { scenario: 'copy-from-image-splits-stage', arm: 'from-image' },
  { scenario: 'context-by-size-and-mtime', arm: 'same-size-and-time' },
];

describe('the script of a plan shows the fault', () => {
  it.each(planned)('$scenario, $arm', async (one) => {
    const { scenario, arm, kind = 'buildctl', version = '0.32.2', iterations = 2 } = one;
    const detail = await plannedDetail(scenario, kind);
    if (detail === null) throw new Error(`${scenario} is not for ${kind}`);
    await showsIt(failingIn(detail, arm), version, iterations);
  });

  it('context-race is clean on BuildKit, and its script says so', async () => {
    const detail = await plannedDetail('context-race', 'buildctl');
    if (detail === null) throw new Error('context-race is not for buildctl');
    const ran = await runScript(detail, 'reproduce', '0.32.2', 2);
    expect(ran, ran.text).toMatchObject({ exitCode: 1, seen: 0, counted: 2 });
  });
});
