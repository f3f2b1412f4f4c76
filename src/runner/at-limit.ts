import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateDaemon } from '../builders/builder.js';
import { familyOf, type ProcessRow, treeLines } from '../processes/rows.js';
import { readProcesses, withDetails } from '../processes/tree.js';
import { processesOf } from '../results/layout.js';
import { keepGoroutines } from './goroutines.js';

/** A lane whose time is over. */
export interface LaneAtLimit {
  readonly name: string;
  /** The leader of its process group. */
  readonly pid: number;
  /** Where its logs are. */
  readonly folder: string;
  /** The private daemon that it builds on, or null. */
  readonly daemon: PrivateDaemon | null;
}

/**
 * Keeps what a lane and its daemon do when its time is over, beside its logs: their processes, and the daemon's
 * goroutines. To be called before anything is ended. Never throws: what cannot be kept is no reason not to end the lane.
 */
export async function keepAtLimit({ name, pid, folder, daemon }: LaneAtLimit): Promise<void> {
  const file = path.join(folder, processesOf(name));
  const write = (text: string): Promise<void> => writeFile(file, text).catch(() => undefined);
  await processesText(name, pid, daemon).then(write, () => undefined);
  const goroutines = daemon === null ? 'foreign' : await keepGoroutines(daemon, folder, name);
  // A daemon that does not answer is waited for: what is known already is in the file by then.
  await appendFile(file, `\n${goroutineSentences[goroutines]}\n`).catch(() => undefined);
}

const goroutineSentences = {
  foreign: 'The daemon’s goroutines are not kept: it is not the run’s own.',
  kept: 'The daemon’s goroutines are in the file beside this one.',
  silent: 'The daemon’s goroutines are not kept: it did not answer.',
} as const;

async function processesText(lane: string, pid: number, daemon: PrivateDaemon | null): Promise<string> {
  const rows = await readProcesses();
  const at = new Date().toISOString();
  const lines =
    rows === null
      ? ['The system does not tell of its processes.']
      : [
          `Processes of lane ${lane} at its time limit, ${at}:`,
          ...(await linesOf(pid, rows)),
          ...(daemon === null
            ? []
            : ['', 'Processes of the private daemon:', ...(await linesOf(daemon.pid ?? null, rows))]),
        ];
  return `${lines.join('\n')}\n`;
}

async function linesOf(leader: number | null, rows: readonly ProcessRow[]): Promise<string[]> {
  const tree = leader === null ? [] : familyOf(leader, rows);
  if (tree.length === 0) return ['none'];
  const detailed = [];
  for (const { row, depth } of tree) detailed.push({ row: await withDetails(row), depth });
  return treeLines(detailed);
}
