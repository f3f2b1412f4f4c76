import type { Finding } from '../detectors/detector.js';
import type { KeptAtLimit } from '../results/kept.js';
import { layout } from '../results/layout.js';
import { type FindingExample, maxExamples } from '../results/result.js';
import type { Signal } from '../signals.js';
import { markOf } from './course.js';
import type { Place } from './joined-streams.js';
import type { Judgement, Sight } from './judge.js';

/** Per arm and signal: k of n iterations and builds, and those in which nothing could be seen. */
export interface Tally {
  readonly signal: Signal;
  readonly iterations: { readonly count: number; readonly of: number; readonly blind: number };
  readonly builds: { readonly count: number; readonly of: number };
  /** See `SignalResult.course`. */
  readonly course: string;
  readonly blindReasons: readonly { readonly reason: string; readonly count: number }[];
  readonly examples: readonly FindingExample[];
}

/** Counts the sights of a signal over the valid iterations of one arm. */
export class TallyKeeper {
  readonly #signal: Signal;
  #seen = 0;
  #looked = 0;
  #blind = 0;
  #buildsSeen = 0;
  #buildsLooked = 0;
  #course: string;
  readonly #reasons = new Map<string, number>();
  readonly #examples: FindingExample[] = [];

  /** `before`: the course of the iterations before the first that had anything to look at. */
  constructor(signal: Signal, before: string) {
    this.#signal = signal;
    this.#course = before;
  }

  get signal(): Signal {
    return this.#signal;
  }

  /** Takes an iteration; `sight` is undefined where it does not count, or there was nothing to look at. */
  add(judgement: Judgement, sight: Sight | undefined): void {
    this.#course += markOf(judgement, sight);
    if (judgement.invalid === null && sight !== undefined) this.#count(judgement, sight);
  }

  #count(judgement: Judgement, sight: Sight): void {
    const lanes = judgement.read.lanes.length;
    const found = new Set(sight.findings.map((finding) => finding.lane));
    this.#buildsSeen += inLanes(found);
    this.#buildsLooked += lanes - inLanes(sight.blind.keys());
    // One lane that could not be seen is enough: the fault may have been in that one.
    if (found.size > 0) this.#seen++;
    if (found.size === 0 && sight.blind.size > 0) this.#blind++;
    else this.#looked++;
    if (found.size === 0) for (const reason of new Set(sight.blind.values())) count(this.#reasons, reason);
    this.#keepExample(judgement, sight);
  }

  get tally(): Tally {
    return {
      signal: this.#signal,
      iterations: { count: this.#seen, of: this.#looked, blind: this.#blind },
      builds: { count: this.#buildsSeen, of: this.#buildsLooked },
      course: this.#course,
      blindReasons: counted(this.#reasons),
      examples: this.#examples,
    };
  }

  #keepExample(judgement: Judgement, sight: Sight): void {
    for (const finding of sight.findings) {
      if (this.#examples.length >= maxExamples) return;
      const place = placing(judgement, finding);
      if (place === null) continue;
      const first = place(finding.evidence[0]?.line ?? 1);
      this.#examples.push({
        iteration: judgement.read.event.iteration,
        lane: finding.lane,
        message: finding.message,
        file: first.file,
        evidence: finding.evidence
          .map(({ line, text }) => ({ ...place(line), text }))
          .filter(({ file }) => file === first.file)
          .map(({ line, text }) => ({ line, text })),
        ...keptOf(judgement, finding),
      });
    }
  }
}

function inLanes(found: Iterable<string | null>): number {
  return [...found].filter((lane) => lane !== null).length;
}

/** Where the lines of a finding stand; null for a lane that has no log. */
function placing({ read }: Judgement, { lane }: Finding): ((line: number) => Place) | null {
  if (lane === null) {
    const file = layout.daemonLog(read.event.arm, read.event.iteration);
    return (line) => ({ file, line });
  }
  return read.lanes.find(({ record }) => record.lane === lane)?.place ?? null;
}

/** Where it is told what a lane that hung did. */
export function keptOf({ read }: Judgement, { signal, lane }: Finding): { readonly kept?: KeptAtLimit } {
  if (signal !== 'hang') return {};
  const kept = read.lanes.find(({ record }) => record.lane === lane)?.kept ?? null;
  return kept === null ? {} : { kept };
}

export function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Reasons with their counts, the most frequent first. */
export function counted(counts: ReadonlyMap<string, number>): { reason: string; count: number }[] {
  return [...counts].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count);
}
