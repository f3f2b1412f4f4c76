import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { armLanes } from '../../scenario/plan.js';
import type { MadeContext, StepAction } from './step.js';

type Made = ReturnType<MadeContext['forLane']>;

/** Open files at a time; a context can have more files than a process may open. */
const limit = pLimit(32);

/** Writes a folder of random files that no builder has seen: one for all lanes, or one for each. */
export const makeContext: StepAction<'make-context'> = async (step, state) => {
  // A name may be made anew by a later step, and nothing of the first may be left in the second.
  const parent = await mkdtemp(path.join(state.scratch, `context-${step.name}-`));
  const { files, bytes } = step;
  const likeOf = (lane: string): string | null =>
    step.like === null ? null : (state.contexts.get(step.like)?.forLane(lane).folder ?? null);
  const write = (name: string, like: string | null): Promise<Made> =>
    like === null
      ? writeContext(path.join(parent, name), files, bytes)
      : writeContextLike(path.join(parent, name), like);
  const lanes = armLanes(state.arm).map(({ name }) => name);
  if (step.each === 'iteration') {
    const made = await write('all', likeOf(lanes[0] ?? ''));
    state.contexts.set(step.name, { forLane: () => made });
    return;
  }
  const byLane = new Map<string, Made>();
  for (const name of lanes) byLane.set(name, await write(name, likeOf(name)));
  state.contexts.set(step.name, {
    forLane(lane) {
      const made = byLane.get(lane);
      if (made === undefined) throw new Error(`no context ${step.name} was made for lane ${lane}`);
      return made;
    },
  });
};

/**
 * Writes `f000.txt`, `f001.txt`, … of random size and content. The hash is that of
 * `find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`, so that a RUN step can say it too.
 */
export async function writeContext(
  folder: string,
  files: number,
  bytes: { readonly min: number; readonly max: number },
): Promise<Made> {
  await mkdir(folder, { recursive: true });
  const width = Math.max(3, String(files - 1).length);
  const names = Array.from({ length: files }, (_, i) => `f${String(i).padStart(width, '0')}.txt`);
  const made = await factsOf(folder, names, async (name) => {
    const content = await writeRandom(path.join(folder, name), randomInt(bytes.min, bytes.max + 1));
    await setTime(path.join(folder, name), randomTime());
    return content;
  });
  await setTime(folder, randomTime());
  return made;
}

const monthSeconds = 30 * 86_400;

/**
 * Seconds since 1970, some time in the last month. Builders take files of one size and time for the same, and the files
 * of several contexts are written within one tick of the file system's clock; whole seconds can be given to another file.
 */
function randomTime(): number {
  return Math.floor(Date.now() / 1000) - randomInt(1, monthSeconds);
}

const setTime = (file: string, seconds: number): Promise<void> => utimes(file, seconds, seconds);

/** Writes files of the names, sizes and times of those in another folder, and of other content. */
async function writeContextLike(folder: string, like: string): Promise<Made> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(like)).sort();
  const made = await factsOf(folder, names, async (name) => {
    const { size, mtimeMs } = await stat(path.join(like, name));
    const content = await writeRandom(path.join(folder, name), size);
    await setTime(path.join(folder, name), mtimeMs / 1000);
    return content;
  });
  await setTime(folder, (await stat(like)).mtimeMs / 1000);
  return made;
}

async function writeRandom(file: string, size: number): Promise<string> {
  const content = randomBytes(Math.ceil(size / 2))
    .toString('hex')
    .slice(0, size);
  await writeFile(file, content);
  return content;
}

/** Writes all the files; what is in them then. */
async function factsOf(
  folder: string,
  names: readonly string[],
  write: (name: string) => Promise<string>,
): Promise<Made> {
  const lines = await Promise.all(
    names.map((name) =>
      limit(
        async () =>
          `${createHash('sha256')
            .update(await write(name))
            .digest('hex')}  ./${name}\n`,
      ),
    ),
  );
  const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
  return { folder, facts: { files: names.length, sha256 } };
}
