import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { Decoder } from '../progress/encoding.js';
import { LineSplitter } from '../progress/lines.js';
import { decodeLine } from '../progress/text.js';
import type { LogLine } from '../progress/timeline.js';
import type { IterationFinished, LaneRecord } from '../results/journal.js';
import type { KeptAtLimit } from '../results/kept.js';
import { goroutinesOf, layout, processesOf } from '../results/layout.js';
import { type LineTimes, readLineTimes } from '../results/line-times.js';
import type { Plan } from '../scenario/plan.js';
import type { JoinedStreams } from './joined-streams.js';

/** Lines that say where a build stood: more say little, and evidence is to be short. */
const most = 3;

/**
 * The last lines that are not blank of those that a lane had printed when its time was over; what its client says of being
 * ended comes later, and is left out where it is known when lines arrived. The log was read to its end once.
 */
export async function lastLines(
  directory: string,
  { timeoutMs }: Plan,
  { startMs }: LaneRecord,
  log: JoinedStreams,
): Promise<LogLine[]> {
  const files: { readonly firstLine: number; readonly times: LineTimes }[] = [];
  for (const { file, firstLine } of log.files)
    files.push({ firstLine, times: await readLineTimes(directory, file) });
  const limitMs = (startMs ?? 0) + timeoutMs;
  const isIn = (line: number): boolean => {
    const own = files.findLast(({ firstLine }) => firstLine <= line);
    return own === undefined || (own.times.at(line - own.firstLine + 1) ?? 0) <= limitMs;
  };
  const kept: LogLine[] = [];
  const splitter = new LineSplitter({
    line(bytes, start, end, line) {
      if (start === end || !isIn(line)) return;
      const text = decodeLine(bytes, start, end);
      if (text.trim() === '') return;
      kept.push({ line, text });
      if (kept.length > most) kept.shift();
    },
  });
  const decoder = new Decoder((bytes) => splitter.push(bytes));
  for await (const chunk of log.chunks()) decoder.push(chunk);
  decoder.end();
  splitter.end();
  return kept;
}

/** What was kept of a lane at its time limit; null where it ended before, or was to be ended. Links are no such files. */
export async function keptAtLimit(
  directory: string,
  { builder }: Plan,
  { arm, iteration }: IterationFinished,
  { lane, timedOut, cancelled }: LaneRecord,
): Promise<KeptAtLimit | null> {
  if (!timedOut || cancelled) return null;
  const named = async (name: string): Promise<string | null> => {
    const file = path.posix.join(layout.iteration(arm, iteration), name);
    const found = await lstat(path.join(directory, file)).catch(() => null);
    return found?.isFile() === true ? file : null;
  };
  return {
    processes: await named(processesOf(lane)),
    goroutines: await named(goroutinesOf(lane)),
    ownDaemon: builder.kind === 'buildkitd',
  };
}
