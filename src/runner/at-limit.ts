import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateDaemon } from '../builders/builder.js';
import { familyOf } from '../processes/family.js';
import { type ProcessRow, treeLines, treeOf } from '../processes/rows.js';
import type { Ended } from '../processes/terminate.js';
import { readProcesses, withDetails } from '../processes/tree.js';
import { processesOf } from '../results/layout.js';
import { keepGoroutines } from './goroutines.js';

/** A lane whose time is over. */
export interface LaneAtLimit extends Ended {
  readonly name: string;
  /** Where its logs are. */
  readonly folder: string;
  /** The private daemon that it builds on, or null. */
  readonly daemon: PrivateDaemon | null;
}

/**
 * Keeps what a lane and its daemon do when its time is over, beside its logs: their processes, and the daemon's
 * goroutines. To be called before anything is ended. Never throws: what cannot be kept is no reason not to end the lane.
 */
export async function keepAtLimit(lane: LaneAtLimit): Promise<void> {
  const { name, folder, daemon } = lane;
  const file = path.join(folder, processesOf(name));
  const write = (text: string): Promise<void> => writeFile(file, text).catch(() => undefined);
  await processesText(lane).then(write, () => undefined);
  const goroutines = daemon === null ? 'foreign' : await keepGoroutines(daemon, folder, name);
  // A daemon that does not answer is waited for: what is known already is in the file by then.
  await appendFile(file, `\n${goroutineSentences[goroutines]}\n`).catch(() => undefined);
}

const goroutineSentences = {
  foreign: 'The daemon’s goroutines are not kept: it is not the run’s own.',
  kept: 'The daemon’s goroutines are in the file beside this one.',
  silent: 'The daemon’s goroutines are not kept: it did not answer.',
} as const;

async function processesText({ name, leader, mark, daemon }: LaneAtLimit): Promise<string> {
  const rows = await readProcesses();
  const at = new Date().toISOString();
  const lines =
    rows === null
      ? ['The system does not tell of its processes.']
      : [
          `Processes of lane ${name} at its time limit, ${at}:`,
          ...(await linesOf(leader, rows, await marked(mark))),
          ...(daemon === null
            ? []
            : ['', 'Processes of the private daemon:', ...(await linesOf(daemon.pid ?? null, rows))]),
        ];
  return `${lines.join('\n')}\n`;
}

/** Those that left the lane's group and its session, which are ended with it. */
async function marked(mark: string | null): Promise<number[]> {
  const family = mark === null ? null : await familyOf({ leaders: [], marks: [mark], known: [] });
  return family?.map(({ pid }) => pid) ?? [];
}

async function linesOf(
  leader: number | null,
  rows: readonly ProcessRow[],
  more: readonly number[] = [],
): Promise<string[]> {
  const tree = leader === null ? [] : treeOf(leader, rows, more);
  if (tree.length === 0) return ['none'];
  const detailed = [];
  for (const { row, depth } of tree) detailed.push({ row: await withDetails(row), depth });
  return treeLines(detailed);
}
