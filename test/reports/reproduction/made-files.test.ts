import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { RunDetail } from '../../../src/results/detail.js';
import type { PlannedStep } from '../../../src/scenario/plan.js';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf, registry } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

const dockerfile = { path: 'Dockerfile', sha256: '', content: 'FROM scratch\n', encoding: 'utf8' } as const;
const bytes = { min: 7, max: 90 };

function contextsOf(detail: RunDetail): string {
  // The contexts are kept before the first build of each iteration.
  return reproduction(detail).script.replace(
    'build() {',
    'build() {\n  cp -Rp "$scratch/contexts" "$LOGS/kept-$i"',
  );
}

async function look(folder: string) {
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return { name, size, mtimeMs, content: await readFile(path.join(folder, name), 'utf8') };
    }),
  );
  const lines = files.map(
    ({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ./${name}\n`,
  );
  return {
    files,
    mtimeMs: (await stat(folder)).mtimeMs,
    sha256: createHash('sha256').update(lines.join('')).digest('hex'),
  };
}

test('contexts are new each time, and one that is like another shares names, sizes and times only', async ({
  bench,
}) => {
  const made = (name: string, like: string | null): PlannedStep => ({
    ...{ step: 'make-context', name, files: 12, each: 'iteration', bytes, like },
  });
  const lane = plannedLane('a', { build: { ...plannedBuild, context: 'like' } });
  const steps = [
    made('one', null),
    made('like', 'one'),
    made('other', null),
    { step: 'build' as const, together: true, lanes: [lane] },
  ];
  const detail = detailOf([plannedArm({ expects: ['content-mismatch'], steps })], 'buildctl', [dockerfile]);
  const { stderr } = await bench.run(contextsOf(detail));
  expect(stderr).toBe('');
  const at = (name: string) => look(path.join(bench.folder, 'logs', name));
  const [one, like, other, before] = await Promise.all([
    at('kept-1/one'),
    at('kept-1/like'),
    at('kept-1/other'),
    at('kept-0/one'),
  ]);
  expect(one.files.map(({ name }) => name)).toEqual(
    Array.from({ length: 12 }, (_, i) => `f0${String(i).padStart(2, '0')}.txt`),
  );
  for (const { size, content } of one.files) {
    expect(size).toBeGreaterThanOrEqual(7);
    expect(size).toBeLessThanOrEqual(90);
    expect(content).toMatch(/^[0-9a-f]+$/);
  }
  const looks = ({ files, mtimeMs }: typeof one) => [
    mtimeMs,
    ...files.map((file) => [file.name, file.size, file.mtimeMs]),
  ];
  const contents = ({ files }: typeof one) => files.map(({ content }) => content);
  expect(looks(like)).toEqual(looks(one));
  expect(contents(like)).not.toEqual(contents(one));
  for (const unlike of [other, before]) {
    expect(looks(unlike)).not.toEqual(looks(one));
    expect(unlike.mtimeMs).not.toBe(one.mtimeMs);
    expect(new Set(unlike.files.map(({ size }) => size)).size).toBeGreaterThan(1);
  }
  const facts = await readFile(path.join(bench.folder, 'logs/reproduce-1/a.context'), 'utf8');
  expect(facts).toBe(`files=12 sha256=${like.sha256}\n`);
});

test('a build that counted other files is a content-mismatch', async ({ bench }) => {
  const lanes = ['a', 'b'].map((name) =>
    plannedLane(name, { build: { ...plannedBuild, context: 'files', buildArgs: { LANE: name } } }),
  );
  const steps: PlannedStep[] = [
    { step: 'make-context', name: 'files', files: 2, each: 'lane', bytes: { min: 1, max: 1 }, like: null },
    { step: 'build', together: true, lanes },
  ];
  const detail = detailOf([plannedArm({ expects: ['content-mismatch'], steps })], 'buildctl', [dockerfile]);
  await bench.answers({ a: { log: `#5 0.1 buildrace: builder files= 1 sha256=${'0'.repeat(64)}\n` } });
  const wrong = await bench.run(reproduction(detail).script);
  expect([wrong.exitCode, wrong.stderr]).toEqual([0, '']);
  // What the script itself counted is what a right build prints.
  const right = reproduction(detail).script.replace(
    '  look > ',
    '  { printf "#5 0.1 buildrace: builder "; cat "$logs/a.context"; } > "$logs/a.log"\n  look > ',
  );
  expect((await bench.run(right)).exitCode).toBe(1);
});

describe('a cache export', () => {
  const cacheTo = [{ type: 'local' as const, folder: 'cache', mode: 'max' as const, reset: false }];
  const steps: PlannedStep[] = [
    { step: 'build', together: true, lanes: [plannedLane('a', { build: { ...plannedBuild, cacheTo } })] },
    { step: 'check-cache', folder: 'cache' },
  ];
  const detail = detailOf([plannedArm({ expects: ['cache-export-incomplete'], steps })], 'buildctl', [
    dockerfile,
  ]);

  test.for(['nothing', 'a layer', 'a manifest', 'the index', 'bytes of a layer'])(
    'lacks %s',
    async (what, { bench }) => {
      const blobs = path.join(bench.answersFolder, 'export/blobs/sha256');
      await mkdir(blobs, { recursive: true });
      const put = async (content: string): Promise<string> => {
        const hex = createHash('sha256').update(content).digest('hex');
        await writeFile(path.join(blobs, hex), content);
        return hex;
      };
      // What a config calls a digest is none of a blob.
      const config = await put('{"layers":[],"records":[{"digest":"sha256:0000"}]}');
      const layer = await put('layer "schemaVersion" "digest":"sha256:1111"');
      const named = [config, layer].map((hex) => ({ digest: `sha256:${hex}` }));
      const manifest = await put(JSON.stringify({ schemaVersion: 2, layers: named }));
      const index = path.join(bench.answersFolder, 'export/index.json');
      await writeFile(
        index,
        JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${manifest}` }] }, null, 2),
      );
      if (what === 'a layer') await rm(path.join(blobs, layer));
      if (what === 'a manifest') await rm(path.join(blobs, manifest));
      if (what === 'the index') await rm(index);
      if (what === 'bytes of a layer') await writeFile(path.join(blobs, layer), 'lay');
      const { exitCode, stderr, stdout } = await bench.run(reproduction(detail).script);
      expect([exitCode, stderr], stdout).toEqual([what === 'nothing' ? 1 : 0, '']);
      expect(stdout).toMatch(what === 'nothing' ? /not seen/ : /missing|damaged|no index/);
    },
  );
});

describe('images', () => {
  const lanes = ['a', 'b'].map((name) =>
    plannedLane(name, { build: { ...plannedBuild, push: '{registry}/x:{run}', buildArgs: { LANE: name } } }),
  );
  const steps: PlannedStep[] = [{ step: 'build', together: false, lanes }, { step: 'read-images' }];
  const detail = detailOf([plannedArm({ expects: ['digest-drift'], steps })], 'buildctl', [dockerfile]);

  test.for([
    ['the same', 'x', 1],
    ['another', 'y', 0],
  ] as const)('with %s config', async ([, other, expected], { bench }) => {
    for (const [lane, digest] of [
      ['a', 'x'],
      ['b', other],
    ]) {
      const metadata = {
        'containerimage.config.digest': `sha256:${digest}`,
        'containerimage.digest': `sha256:${lane}`,
      };
      await writeFile(path.join(bench.answersFolder, `${lane}.json`), JSON.stringify(metadata, null, 2));
    }
    const { script } = reproduction(detail);
    const { exitCode, stderr } = await bench.run(script, { env: { REGISTRY: registry } });
    expect([exitCode, stderr]).toEqual([expected, '']);
    const without = await bench.run(script);
    expect([without.exitCode, without.stderr]).toEqual([
      2,
      'reproduce.sh: REGISTRY is to be the HOST:PORT of a registry that takes pushes',
    ]);
  });
});
