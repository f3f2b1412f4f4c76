import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pino } from 'pino';
import { describe, expect, vi } from 'vitest';
import type { Builder, Command, RunResult } from '../../src/builders/builder.js';
import {
  forgetImages,
  holdsNotesOfImages,
  type ImageRecord,
  imagesIn,
  noteImages,
} from '../../src/runner/image-record.js';
import { removeImages, removeLeftImages } from '../../src/runner/remove-images.js';
import type { Setting } from '../../src/runner/setting.js';
import { plannedArm, samplePlan } from '../results/sample-run.js';
import { type Folder, test as inFolder } from '../scenario/folder.js';
import { type Bench, buildStep, type Options, silent, test } from './carried-out.js';
import { answering, gone, scriptedBuilder } from './scripted-builder.js';

const run = samplePlan().run.toLowerCase();
const twice = [plannedArm({ iterations: 2, steps: [buildStep(['a'])] })];
const tagsOf = (...iterations: number[]): string[] => iterations.map((n) => `main-a-${n}:${run}`);
const nowhere: Command = { file: '/nowhere/docker', args: ['image', 'rm'] };

function withoutSpace(): void {
  vi.spyOn(fs, 'writeFileSync').mockImplementation(() => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  syncBuiltinESMExports();
}

function withSpace(): void {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
}

/** What of its own the run left in the folder for temporary files, and what was told of images. */
async function left(bench: Bench, options: Options) {
  const told: ImageRecord[] = [];
  const { leftovers, calls } = await bench.carryOut(twice, {
    ...options,
    observer: { imagesLeft: (images) => void told.push(images) },
  });
  const folders = leftovers.map((name) => bench.at('tmp', name));
  return { told, folders, removals: calls.filter((call) => call.startsWith('remove')) };
}

describe('images that could not be removed', () => {
  test('are removed at the end of the run, and then nobody is told', async ({ bench }) => {
    const working = scriptedBuilder(bench);
    let asked = 0;
    // Asked also when the images are noted.
    const isFirst = (tags: readonly string[]) => tags.includes(tagsOf(1)[0] ?? '') && ++asked <= 2;
    const { told, folders, removals } = await left(bench, {
      builder: { removeImages: (tags) => (isFirst(tags) ? nowhere : working.removeImages(tags)) },
    });
    expect(removals).toEqual([0, 2, 1].map((n) => `remove ${tagsOf(n)}`));
    expect([told, folders]).toEqual([[], []]);
  });

  for (const [what, command] of [
    ['a program that cannot be started', nowhere],
    ['one that is killed', { file: 'sh', args: ['-c', 'kill -9 $$'] }],
  ] as const)
    test(`by ${what} are told of at the end, and their note stays, alone`, async ({ bench }) => {
      const { told, folders } = await left(bench, { builder: { removeImages: () => command } });
      expect(told.map(({ tags }) => tags)).toEqual([tagsOf(0, 1, 2)]);
      expect(folders).toHaveLength(1);
      const [folder = ''] = folders;
      expect(imagesIn(folder)).toEqual(told[0]);
      expect(holdsNotesOfImages(folder)).toBe(true);
      if (process.platform === 'linux') expect(readdirSync(folder)).toContain('owner.json');
    });

  test('also when a fault ends the run', async ({ bench }) => {
    const told: ImageRecord[] = [];
    const carried = bench.carryOut(twice, {
      builder: { removeImages: () => nowhere },
      rule: () => Promise.reject(new Error('a bug')),
      observer: { imagesLeft: (images) => void told.push(images) },
    });
    await expect(carried).rejects.toThrow('a bug');
    expect(told.map(({ tags }) => tags)).toEqual([tagsOf(0, 1)]);
    expect(readdirSync(bench.at('tmp'))).toHaveLength(1);
  });

  test('are not there where a builder that answers says that it failed: a build failed', async ({
    bench,
  }) => {
    const failing = { file: 'sh', args: ['-c', 'echo "No such image" >&2; exit 1'] };
    const { told, folders } = await left(bench, { builder: { removeImages: () => failing } });
    expect([told, folders]).toEqual([[], []]);
  });
});

describe('whether images were removed', () => {
  const ended: RunResult = { exitCode: 0, stdout: '', stderr: '', timedOut: false, notFound: false };
  const settingOf = (more: Partial<Setting> = {}) =>
    ({
      log: pino({ level: 'silent' }),
      observer: silent,
      abort: new AbortController().signal,
      ...more,
    }) as Setting;
  const removing = (folder: Folder, result: Partial<RunResult>, more: Partial<Builder> = {}) =>
    removeImages(
      { setting: settingOf(), aside: () => Promise.resolve({ ...ended, ...result }) },
      scriptedBuilder(folder, more),
      ['x:run'],
      1_000,
    );
  const probe = () => Promise.resolve(gone);

  for (const [what, result, more, removed] of [
    ['its program says so', {}, {}, true],
    ['the time was over', { exitCode: null, timedOut: true }, {}, false],
    ['the time was over as it ended', { exitCode: 0, timedOut: true }, {}, false],
    ['it was not started', { exitCode: null, notFound: true }, {}, false],
    ['it failed, and the builder answers', { exitCode: 1 }, {}, true],
    ['it failed, and the builder is gone', { exitCode: 1 }, { probe }, false],
    ['the builder leaves none', { exitCode: null }, { removeImages: () => null }, true],
  ] as const)
    inFolder(`${what}: ${removed}`, async ({ folder }) => {
      expect(await removing(folder, result, more)).toBe(removed);
    });

  /** Notes that many images, and tries to remove them by a program of which the n-th start ends so. */
  async function last(
    folder: Folder,
    count: number,
    exits: (n: number) => Partial<RunResult>,
    aborted = false,
  ) {
    const tags = Array.from({ length: count }, (_, i) => `x-${i}:run`);
    const builder = scriptedBuilder(folder, { probe: () => Promise.resolve(answering) });
    noteImages(folder.path, builder, {}, tags);
    const sizes: number[] = [];
    const imagesLeft = vi.fn();
    const abort = aborted ? AbortSignal.abort('stopped') : new AbortController().signal;
    const aside = (command: Command) => {
      // Behind the script, its name and the file of calls.
      sizes.push(command.args.length - 4);
      return Promise.resolve({ ...ended, ...exits(sizes.length) });
    };
    await removeLeftImages(
      { setting: settingOf({ builder, abort, observer: { ...silent, imagesLeft } }), aside },
      folder.path,
    );
    return { sizes, imagesLeft, left: imagesIn(folder.path)?.tags.length ?? 0 };
  }

  inFolder('at the end, in commands of a size that a builder can do', async ({ folder }) => {
    const { sizes, imagesLeft, left } = await last(folder, 120, () => ({}));
    expect([sizes, left]).toEqual([[50, 50, 20], 0]);
    expect(imagesLeft).not.toHaveBeenCalled();
  });

  inFolder('at the end, until one does nothing', async ({ folder }) => {
    const { sizes, imagesLeft, left } = await last(folder, 120, (n) => (n === 2 ? { exitCode: null } : {}));
    expect([sizes, left]).toEqual([[50, 50], 70]);
    expect(imagesLeft).toHaveBeenCalledOnce();
  });

  inFolder('at the end, each once, also where no shorter note can be written', async ({ folder }) => {
    const { sizes, imagesLeft, left } = await last(folder, 120, (n) => {
      if (n === 1) withoutSpace();
      // Where they are tried again and again, that has an end here.
      return n > 3 ? { exitCode: null } : {};
    });
    withSpace();
    expect([sizes, left]).toEqual([[50, 50, 20], 0]);
    expect(imagesLeft).not.toHaveBeenCalled();
  });

  inFolder('at the end that the user wanted: nobody waits, and they are told of', async ({ folder }) => {
    const { sizes, imagesLeft, left } = await last(folder, 2, () => ({}), true);
    expect([sizes, left]).toEqual([[], 2]);
    expect(imagesLeft).toHaveBeenCalledOnce();
  });
});

describe('the note of images', () => {
  inFolder('holds those that are left beside new ones, until they are removed', ({ folder }) => {
    const note = (...tags: string[]) =>
      noteImages(folder.path, scriptedBuilder(folder), { HOME: '/h' }, tags);
    note('a:run', 'b:run');
    note('b:run', 'c:run');
    expect(imagesIn(folder.path)).toMatchObject({ tags: ['a:run', 'b:run', 'c:run'], env: { HOME: '/h' } });
    forgetImages(folder.path, ['a:run', 'c:run', 'never:run']);
    expect(imagesIn(folder.path)).toMatchObject({ tags: ['b:run'], env: { HOME: '/h' } });
    forgetImages(folder.path, ['b:run']);
    expect(readdirSync(folder.path)).toEqual([]);
    note('a:run');
    forgetImages(folder.path);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  inFolder('stays as it is where a shorter one cannot be written', ({ folder }) => {
    noteImages(folder.path, scriptedBuilder(folder), {}, ['a:run', 'b:run']);
    withoutSpace();
    forgetImages(folder.path, ['a:run']);
    withSpace();
    expect(imagesIn(folder.path)?.tags).toEqual(['a:run', 'b:run']);
  });
});
