import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Builder } from '../builders/builder.js';
import type { Bench } from './bench.js';
import { carryOutIteration, type IterationRecord } from './iteration.js';
import type { Turn } from './order.js';

/** Runs an iteration in a scratch folder of its own, and removes the folder and the images whatever happens. */
export async function inScratch(bench: Bench, turn: Turn, folder: string): Promise<IterationRecord> {
  const scratch = path.join(bench.scratch, 'iteration');
  await mkdir(scratch, { recursive: true });
  const tags = new Set<string>();
  try {
    return await carryOutIteration(
      bench.setting,
      {
        ...turn,
        folder,
        scratch,
        fifo: bench.fifo,
        builder: bench.daemons.builderOf(turn.arm),
        daemon: bench.daemons.of(turn.arm),
        aside: bench.aside,
      },
      tags,
    );
  } finally {
    await removeImages(bench, bench.daemons.builderOf(turn.arm), [...tags]);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function removeImages(
  { setting, aside }: Bench,
  builder: Builder,
  tags: readonly string[],
): Promise<void> {
  const command = tags.length === 0 ? null : builder.removeImages(tags);
  if (command === null) return;
  const result = await aside(command);
  setting.log.debug({ command, exitCode: result.exitCode, stderr: result.stderr }, 'images removed');
}
