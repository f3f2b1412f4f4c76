import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile, mkdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemReason, UserError } from '../../errors.js';
import type { Plan, Shard } from '../../scenario/plan.js';
import { createRunDirectory, runName, runSalt, writeJson } from '../directory.js';
import { layout } from '../layout.js';
import { lockRun } from '../lock.js';
import { readRun } from '../read.js';
import { regularFiles } from '../regular-files.js';
import { joinJournals } from './joined-journal.js';
import { type Part, partsOf } from './parts.js';

/**
 * Joins the run directories of a plan's parts into a new one under `results`, that stands there whole or not at all.
 * @returns its absolute path. It has no `result.json` yet.
 * @throws {UserError} for directories that are not different parts of one plan, and where it cannot be written.
 */
export async function mergeRuns(directories: readonly string[], results: string): Promise<string> {
  await refuseSameTwice(directories);
  const parts = partsOf(await Promise.all(directories.map(readRun)));
  const now = new Date();
  const plan = wholePlan(parts[0] as Part, now);
  // A name of its own beside the others, that no command takes for a run.
  const building = await createRunDirectory(results, `.merging-${plan.run}`);
  try {
    // By that it is known who makes it, should that be killed.
    const lock = await lockRun(building);
    for (const part of parts) await copyLogs(part, building);
    await writeJson(path.join(building, layout.environment), parts[0]?.run.environment);
    const lines = joinJournals(parts, now).map((event) => `${JSON.stringify(event)}\n`);
    await writeFile(path.join(building, layout.journal), lines.join(''));
    await writeJson(path.join(building, layout.plan), plan);
    const directory = path.join(path.dirname(building), plan.run);
    await rename(building, directory);
    await lock.movedTo(directory).release();
    await rmdir(path.join(directory, layout.locks)).catch(() => undefined);
    return directory;
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(`the parts cannot be joined in ${results} (${systemReason(error)})`);
  }
}

async function refuseSameTwice(directories: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  for (const directory of directories) {
    const real = await realpath(directory);
    if (seen.has(real)) throw new UserError(`${directory} is named twice; name each part once`);
    seen.add(real);
  }
}

function wholePlan({ run: { plan } }: Part, now: Date): Plan {
  // A kind in a plan is any text, and this one becomes a folder's name.
  const kind = plan.builder.kind.replaceAll(/[^a-z0-9-]/g, '').slice(0, 32);
  return {
    ...plan,
    run: runName(now, plan.scenario.name, kind, runSalt()),
    createdAt: now.toISOString(),
    shard: null,
    again: plan.again.replace(/ --shard \d+\/\d+(?= |$)/, ''),
  };
}

/** Only iterations that count: what began and did not end is another run's to do. */
async function copyLogs({ run, shard }: Part, to: string): Promise<void> {
  const finished = new Set(
    run.journal.events.flatMap((event) =>
      event.event === 'iteration-finished' ? [layout.iteration(event.arm, event.iteration)] : [],
    ),
  );
  for (const file of await regularFiles(run.directory)) {
    const from = path.join(run.directory, file);
    if (file === layout.log) {
      await pipeline(createReadStream(from), createWriteStream(path.join(to, file), { flags: 'a' }));
      continue;
    }
    const target = targetOf(file, shard, finished);
    if (target === null) continue;
    await mkdir(path.dirname(path.join(to, target)), { recursive: true });
    await copyFile(from, path.join(to, target), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Where a part's file goes in the whole; null: nowhere. */
function targetOf(file: string, shard: Shard, finished: ReadonlySet<string>): string | null {
  const [top = '', second = '', third = '', ...rest] = file.split('/');
  if (rest.length > 0 && finished.has(path.posix.join(top, second, third))) return file;
  // Every part has a daemon-1, and a warm-up of the first arm.
  const isOfPart = top === 'daemons' || top === 'warm-up';
  return isOfPart ? path.posix.join(top, `part-${shard.index}.${file.slice(top.length + 1)}`) : null;
}
