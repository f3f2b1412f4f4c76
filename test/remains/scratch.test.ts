import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, vi } from 'vitest';
import { makeHome } from '../../src/builders/buildkitd/home.js';
import { recordsFolder, writeRecord } from '../../src/builders/buildkitd/records.js';
import { createSimulated } from '../../src/builders/simulated.js';
import { systemSurroundings } from '../../src/builders/surroundings.js';
import { pidWorld } from '../../src/processes/identity.js';
import { closeMark, makeMark, marksIn, removeMark } from '../../src/processes/mark.js';
import { thisSystem } from '../../src/processes/system.js';
import { clearScratch, findScratch } from '../../src/remains/scratch.js';
import { clearRemains } from '../../src/remains.js';
import { imagesIn, noteImages } from '../../src/runner/image-record.js';
import { withScratch } from '../../src/runner/scratch.js';
import { noteOwner } from '../../src/runner/scratch-owner.js';
import { ImageStore } from '../../src/simulator/images.js';
import { isAlive, kill, until } from '../processes/alive.js';
import { scriptedBuilder } from '../runner/scripted-builder.js';
import { type Folder, test } from '../scenario/folder.js';

const onLinux = existsSync('/proc/self/stat');
/** No system gives out a process id that large. */
const nobody = 2 ** 30;
const name = `buildrace-${nobody}-aBc123`;

const clear = (folder: Folder) => clearScratch(folder.path);

function scratch(folder: Folder, companion: number | null = null): string {
  const path = folder.at(name);
  mkdirSync(path);
  noteOwner(path, companion);
  return path;
}

/** Makes the owner another process: the same pid, started at another time. */
function asDead(path: string, more: object = {}): void {
  const file = `${path}/owner.json`;
  const owner = JSON.parse(readFileSync(file, 'utf8'));
  owner.process.startTicks = '1';
  writeFileSync(file, JSON.stringify({ ...owner, ...more }));
}

describe.runIf(onLinux)('the scratch folder of a run', () => {
  test('stays while the run is there', async ({ folder }) => {
    const path = scratch(folder);
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(path)).toBe(true);
  });

  test('is removed once its process is gone, even if another one has its number', async ({ folder }) => {
    const path = scratch(folder);
    asDead(path);
    expect(await clear(folder)).toEqual([`Removed what a killed run left: ${path}.`]);
    expect(existsSync(path)).toBe(false);
  });

  test('may be removed by another run while the one before it is', async ({ folder }) => {
    const paths = ['a', 'b'].map((letter) => folder.at(`buildrace-${nobody}-${letter}`));
    for (const path of paths) {
      mkdirSync(path);
      noteOwner(path);
      asDead(path);
    }
    const remove = async (): Promise<boolean> => {
      for (const path of paths) rmSync(path, { recursive: true, force: true });
      return true;
    };
    const told = await clearScratch(folder.path, { remove, removeImages: () => Promise.resolve(true) });
    expect(told).toEqual(paths.map((path) => `Removed what a killed run left: ${path}.`));
  });

  test('that cannot be removed is told of, and stays', async ({ folder }) => {
    const path = scratch(folder);
    asDead(path);
    expect(
      await clearScratch(folder.path, { remove: async () => false, removeImages: async () => true }),
    ).toEqual([
      `What a killed run left in ${path} cannot be removed: unmount what is mounted there, and remove it.`,
    ]);
    expect(existsSync(path)).toBe(true);
  });

  test('of another pid namespace stays, as nobody here can tell; of another boot it goes', async ({
    folder,
  }) => {
    const path = scratch(folder);
    asDead(path, { pidNamespace: 'pid:[1]' });
    expect(await clear(folder)).toEqual([]);
    asDead(path, { bootId: 'another' });
    expect(await clear(folder)).toHaveLength(1);
  });

  test('takes along what ran beside the run, and no other process of that number', async ({ folder }) => {
    const children = [0, 1].map(() => spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }));
    const [own = 0, other = 0] = children.map(({ pid }) => pid ?? 0);
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    try {
      asDead(scratch(folder, own));
      await clear(folder);
      await ended;
      const path = scratch(folder, other);
      asDead(path, { companion: { pid: other, startTicks: '1' } });
      expect(await clear(folder)).toHaveLength(1);
      expect(await isAlive(other)).toBe(true);
    } finally {
      for (const { pid } of children) if (pid) kill(-pid);
    }
  });

  test.for([
    ['of another boot', { bootId: 'another' }],
    ['of a boot that was not known', { bootId: '', process: { pid: nobody, startTicks: '1' } }],
  ] as const)('ends nobody by the number that a companion %s had', async ([, world], { folder }) => {
    // The same number and, as it may be after a boot, the same ticks since then.
    const other = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    try {
      const path = scratch(folder, other.pid);
      asDead(path, world);
      expect(await findScratch(folder.path)).toEqual([`A killed run left ${path}.`]);
      expect(await clear(folder)).toEqual([`Removed what a killed run left: ${path}.`]);
      expect(await isAlive(other.pid ?? 0)).toBe(true);
    } finally {
      kill(-(other.pid ?? 0));
    }
  });

  test('stays where nobody can look at its process, noted or not', async ({ folder }) => {
    const path = scratch(folder);
    mkdirSync(folder.at(`${name}x`));
    asDead(path);
    vi.spyOn(thisSystem, 'startOf').mockReturnValue('unknown');
    expect(await findScratch(folder.path)).toEqual([]);
    expect(await clear(folder)).toEqual([]);
    vi.restoreAllMocks();
    expect(await clear(folder)).toHaveLength(2);
  });

  test.for([
    ['without a note and with something in it', (path: string) => writeFileSync(`${path}/gate`, '')],
    [
      'with a note that is none',
      (path: string) => writeFileSync(`${path}/owner.json`, '{"process":{"pid":1}}'),
    ],
  ] as const)('stays %s', async ([, prepare], { folder }) => {
    mkdirSync(folder.at(name));
    prepare(folder.at(name));
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(folder.at(name))).toBe(true);
  });

  test('is no link, and has its own name', async ({ folder }) => {
    mkdirSync(folder.at('real'));
    noteOwner(folder.at('real'));
    asDead(folder.at('real'));
    symlinkSync(folder.at('real'), folder.at(name));
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(folder.at('real', 'owner.json'))).toBe(true);
  });

  test('goes where its process was killed before it could note anything, and only then', async ({
    folder,
  }) => {
    const mine = `buildrace-${process.pid}-aBc123`;
    for (const one of [name, `${name}x`, mine]) mkdirSync(folder.at(one));
    // The note was being written.
    writeFileSync(folder.at(`${name}x`, '.owner.json'), '{"pro');
    const both = [folder.at(name), folder.at(`${name}x`)];
    expect(await findScratch(folder.path)).toEqual(both.map((one) => `A killed run left ${one}.`));
    expect(await clear(folder)).toEqual(both.map((one) => `Removed what a killed run left: ${one}.`));
    expect(readdirSync(folder.path)).toEqual([mine]);
  });
});

describe.runIf(onLinux)('what came of the lanes of a run that was killed', () => {
  /** Starts a shell with the mark of a scratch folder; its own and its children's ids, once they are there. */
  async function marked(folder: Folder, path: string, script: string): Promise<number[]> {
    const mark = makeMark(path);
    const file = folder.at(`pids-${randomUUID()}`);
    const child = spawn('sh', ['-c', script, 'sh', file], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ignore', mark?.descriptor],
    });
    closeMark(mark);
    child.unref();
    let pids: number[] = [];
    await until(() => {
      pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
      return pids.length >= 2;
    });
    return pids;
  }
  /** Itself, and one that left its session, group, parent and outputs. */
  const forking = `echo $$ >>"$1"; (setsid sh -c 'echo $$ >>"$1"; exec sleep 1000' sh "$1" &); exec sleep 1000`;

  test('is told of, and ended, wherever it went; nobody else is', async ({ folder }) => {
    const path = scratch(folder);
    const bystanders = await marked(folder, folder.path, forking);
    const own = await marked(folder, path, forking);
    try {
      asDead(path);
      expect(await findScratch(folder.path)).toEqual([
        `A killed run left ${path}, 2 processes of its builds.`,
      ]);
      expect(await Promise.all(own.map(isAlive))).toEqual([true, true]);
      expect(await clear(folder)).toEqual([
        "Ended 2 processes of a killed run's builds.",
        `Removed what a killed run left: ${path}.`,
      ]);
      expect(await Promise.all(own.map(isAlive))).toEqual([false, false]);
      expect(await Promise.all(bystanders.map(isAlive))).toEqual([true, true]);
    } finally {
      for (const pid of [...own, ...bystanders]) kill(pid);
    }
  });

  test('is ended also where the run had a daemon in that folder, which is cleared first', async ({
    folder,
  }) => {
    vi.stubEnv('TMPDIR', folder.path);
    const path = scratch(folder);
    const own = await marked(folder, path, forking);
    const home = await makeHome(path);
    const owner = { pid: process.pid, startTicks: '1' };
    await writeRecord(
      { schemaVersion: 1, id: home.id, daemon: null, owner, ...pidWorld(), home: home.folder },
      recordsFolder(),
    );
    try {
      asDead(path);
      await clearRemains();
      expect(await Promise.all(own.map(isAlive))).toEqual([false, false]);
      expect(existsSync(path)).toBe(false);
    } finally {
      vi.unstubAllEnvs();
      for (const pid of own) kill(pid);
    }
  });

  test('is no reason to clear anything where the system does not tell who it is', async ({ folder }) => {
    vi.spyOn(thisSystem, 'look').mockResolvedValue(null);
    const path = scratch(folder);
    const [own, limit] = [await marked(folder, path, forking), 50];
    const removed: string[] = [];
    const remove = async (one: string) => removed.push(one) > 0;
    try {
      asDead(path);
      expect(await findScratch(folder.path)).toEqual([`A killed run left ${path}.`]);
      const means = { remove, removeImages: async () => true, killedWithinMs: limit };
      expect(await clearScratch(folder.path, means)).toEqual([
        `What a killed run left in ${path} stays for now: the system does not tell which processes its builds left.`,
      ]);
      expect(removed).toEqual([]);
    } finally {
      vi.restoreAllMocks();
      for (const pid of own) kill(pid);
    }
  });

  test('stays where its lane had ended before: that was left on purpose', async ({ folder }) => {
    const path = scratch(folder);
    const own = await marked(folder, path, forking);
    try {
      for (const mark of marksIn(path)) removeMark(mark);
      asDead(path);
      expect(await clear(folder)).toEqual([`Removed what a killed run left: ${path}.`]);
      expect(await Promise.all(own.map(isAlive))).toEqual([true, true]);
    } finally {
      for (const pid of own) kill(pid);
    }
  });
});

describe.runIf(onLinux)('the images of a run that was killed', () => {
  const tags = ['main-a-1:run', 'main-b-1:run'];

  test('are removed from the builder that was meant, and no others', async ({ folder }) => {
    const env = { ...process.env, BUILDRACE_SIMULATOR_STATE: folder.at('state') };
    const store = new ImageStore(folder.at('state'));
    for (const tag of [...tags, 'other:run'])
      await store.put({ name: tag, build: 'b', platforms: [], createdAt: '' });
    const path = scratch(folder);
    noteImages(path, createSimulated(null, systemSurroundings(env)), env, [...tags, 'never-built:run']);
    writeFileSync(folder.at(name, 'gate'), '');
    asDead(path);
    const named = `the images ${[...tags, 'never-built:run'].join(', ')} of simulated`;
    expect(await findScratch(folder.path)).toEqual([`A killed run left ${path}, perhaps ${named}.`]);
    expect(await clear(folder)).toEqual([
      `Removed what a killed run may have left of ${named}.`,
      `Removed what a killed run left: ${path}.`,
    ]);
    expect(await store.list()).toEqual(['other:run']);
  });

  test('are removed as those of a run that came to its end, where nothing else of it is left', async ({
    folder,
  }) => {
    const env = { ...process.env, BUILDRACE_SIMULATOR_STATE: folder.at('state') };
    const store = new ImageStore(folder.at('state'));
    for (const tag of tags) await store.put({ name: tag, build: 'b', platforms: [], createdAt: '' });
    vi.stubEnv('TMPDIR', folder.path);
    const path = await withScratch(async (made) => {
      writeFileSync(`${made}/gate`, '');
      noteImages(made, createSimulated(null, systemSurroundings(env)), env, tags);
      return made;
    });
    vi.unstubAllEnvs();
    expect(readdirSync(path).sort()).toEqual(['images.json', 'owner.json']);
    // As long as its process is there, another one leaves it alone.
    expect([await findScratch(folder.path), await clear(folder)]).toEqual([[], []]);
    asDead(path);
    const named = `the images ${tags.join(', ')} of simulated`;
    expect(await findScratch(folder.path)).toEqual([`An earlier run left ${path}, perhaps ${named}.`]);
    expect(await clear(folder)).toEqual([
      `Removed what an earlier run may have left of ${named}.`,
      `Removed what an earlier run left: ${path}.`,
    ]);
    expect(await store.list()).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  test('of a builder that does not answer are told of, and their note stays', async ({ folder }) => {
    const path = scratch(folder);
    const env = { PATH: '/nowhere', DOCKER_HOST: 'tcp://127.0.0.1:1' };
    vi.stubEnv('PATH', '/nowhere');
    noteImages(path, scriptedBuilder(folder, { kind: 'docker' }), env, tags);
    writeFileSync(folder.at(name, 'gate'), '');
    asDead(path);
    const [told = '', ...more] = await clear(folder);
    vi.unstubAllEnvs();
    expect(more).toEqual([]);
    expect(told).toContain('the images main-a-1:run, main-b-1:run of docker, which does not answer now');
    expect(told).toMatch(
      /DOCKER_HOST=tcp:\/\/127\.0\.0\.1:1 docker .*rm.* main-a-1:run main-b-1:run, or make it/,
    );
    expect(readdirSync(path).sort()).toEqual(['images.json', 'owner.json']);
  });

  test('are none where the note holds a name that a program would take for something else', async ({
    folder,
  }) => {
    const path = scratch(folder);
    const builder = scriptedBuilder(folder, { kind: 'docker' });
    for (const bad of ['--all', '-f', 'a b', '$(x)', '']) {
      noteImages(path, builder, {}, ['good:run', bad]);
      expect(imagesIn(path), bad).toBe(null);
    }
    noteImages(path, builder, {}, ['good:run']);
    expect(imagesIn(path)?.tags).toEqual(['good:run']);
  });
});
