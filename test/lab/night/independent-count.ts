import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What an arm's iterations showed. */
export interface Counts {
  readonly count: number;
  readonly of: number;
  readonly blind: number;
  readonly invalid: number;
}

interface Lane {
  readonly lane: string;
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
}

interface Finished {
  readonly event: string;
  readonly arm: string;
  readonly iteration: number;
  readonly lanes: readonly Lane[];
  readonly spoilt: string | null;
  readonly builderGone: string | null;
}

type Look = (log: string, lane: Lane) => 'seen' | 'clean' | 'blind';

/**
 * Two spellings of one platform among the headers of a plain log (`#7 [linux/arm64/v8 stage 1/2] …`). A build that
 * failed may have ended before the second one came.
 */
const drift: Look = (log, { exitCode }) => {
  const platforms = [...log.matchAll(/^#\d+ \[(linux\/[a-z0-9/]+?)(?:->\S+)? [^\]]*\]/gm)].map(
    ([, one]) => one,
  );
  if (platforms.includes('linux/arm64') && platforms.includes('linux/arm64/v8')) return 'seen';
  return exitCode === 0 ? 'clean' : 'blind';
};

/** The line by which the second step tells whether the marker of the first was there (see the Dockerfile). */
const lostMount: Look = (log) => {
  const found = [...log.matchAll(/^#\d+ \d+\.\d+ buildrace: cache-mount marker=\S+ found=(yes|no)\r?$/gm)];
  if (found.length === 0) return 'blind';
  return found.some(([, answer]) => answer === 'no') ? 'seen' : 'clean';
};

export const looks: Readonly<Record<string, Look>> = {
  'platform-drift': drift,
  'cache-mount-lost': lostMount,
};

/**
 * Counts what the raw logs of a run show of one signal, by nothing but its journal and its logs: no line of the program
 * takes part in it. Only for logs of `buildctl`, and for lanes that are meant to run side by side.
 */
export function independentCount(directory: string, signal: string): Map<string, Counts> {
  const look = looks[signal];
  if (look === undefined) throw new Error(`nobody knows how to look for ${signal}`);
  const counts = new Map<string, Counts>();
  for (const event of finishedOf(directory)) {
    const before = counts.get(event.arm) ?? { count: 0, of: 0, blind: 0, invalid: 0 };
    counts.set(event.arm, add(before, outcomeOf(directory, event, look)));
  }
  return counts;
}

function finishedOf(directory: string): Finished[] {
  return readFileSync(path.join(directory, 'journal.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event":"iteration-finished"') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Finished);
}

type Outcome = 'seen' | 'clean' | 'blind' | 'invalid';

function outcomeOf(directory: string, event: Finished, look: Look): Outcome {
  const { arm, iteration, lanes, spoilt, builderGone } = event;
  if (spoilt !== null || lanes.length === 0) return 'invalid';
  if (lanes.some(({ signal, timedOut }) => !timedOut && (signal === 'SIGKILL' || signal === 'SIGTERM')))
    return 'invalid';
  const folder = path.join(directory, 'iterations', arm, String(iteration).padStart(4, '0'));
  const logs = lanes.map(({ lane }) => readFileSync(path.join(folder, `${lane}.stderr`), 'utf8'));
  if (builderGone !== null && !logs.some((log) => /^#\d+ /m.test(log))) return 'invalid';
  if (areApart(lanes.filter(({ lane }) => lane !== 'first'))) return 'invalid';
  const seen = lanes.map((lane, i) => look(logs[i] ?? '', lane));
  if (seen.includes('seen')) return 'seen';
  return seen.includes('blind') ? 'blind' : 'clean';
}

/** A start is known as "by then", up to 10 ms late. */
function areApart(lanes: readonly Lane[]): boolean {
  const [a, b] = lanes;
  if (a === undefined || b === undefined) return true;
  return (a.startMs ?? 0) - 10 >= (b.endMs ?? 0) || (b.startMs ?? 0) - 10 >= (a.endMs ?? 0);
}

function add(counts: Counts, outcome: Outcome): Counts {
  return {
    count: counts.count + (outcome === 'seen' ? 1 : 0),
    of: counts.of + (outcome === 'seen' || outcome === 'clean' ? 1 : 0),
    blind: counts.blind + (outcome === 'blind' ? 1 : 0),
    invalid: counts.invalid + (outcome === 'invalid' ? 1 : 0),
  };
}
