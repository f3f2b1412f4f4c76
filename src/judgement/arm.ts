import { NumberKeeper } from '../results/iteration-numbers.js';
import type { ArmResult } from '../results/result.js';
import {
  armLanes,
  isConcurrent,
  type PlannedArm,
  plannedIterations,
  type Shard,
  stepText,
  widestStep,
} from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import { markOf } from './course.js';
import { FailureCounter } from './failures.js';
import type { Judgement } from './judge.js';
import { SpellingCounter } from './spellings.js';
import { count, counted, type Tally, TallyKeeper } from './tally.js';
import type { ArmCounts } from './verdict.js';

/** What the iterations of one arm add up to; one judgement after the other, none of them kept. */
export class ArmAccount {
  readonly arm: PlannedArm;
  readonly failures = new FailureCounter();
  readonly #keepers = new Map<Signal, TallyKeeper>();
  readonly #numbers = new NumberKeeper();
  readonly #invalid = new Map<string, number>();
  readonly #spreads: number[] = [];
  readonly #spellings = new SpellingCounter();
  readonly #planned: number;
  #unasked = '';
  #valid = 0;
  #builds = 0;
  #failedBuilds = 0;
  #command: readonly string[] | null = null;

  /** `expected`: signals that are listed even where no iteration could look for them. `shard`: the part of the plan that was carried out. */
  constructor(arm: PlannedArm, expected: readonly Signal[], shard: Shard | null = null) {
    this.arm = arm;
    this.#planned = plannedIterations(arm, shard);
    for (const signal of expected) this.#keepers.set(signal, new TallyKeeper(signal, ''));
  }

  add(judgement: Judgement): void {
    this.#numbers.add(judgement.read.event.iteration);
    const sights = new Map(judgement.sights.map((sight) => [sight.signal, sight]));
    for (const signal of new Set([...this.#keepers.keys(), ...sights.keys()]))
      this.#keeper(signal).add(judgement, sights.get(signal));
    // What a signal that is looked for later has behind it.
    this.#unasked += markOf(judgement, undefined);
    this.#command ??= judgement.read.lanes[0]?.record.command ?? null;
    if (judgement.invalid !== null) {
      count(this.#invalid, judgement.invalid);
      return;
    }
    this.#valid++;
    for (const { record, evidence, place } of judgement.read.lanes) {
      this.#builds++;
      this.#spellings.add(evidence.timeline);
      if (evidence.outcome !== 'failed') continue;
      this.#failedBuilds++;
      const { arm, iteration } = judgement.read.event;
      this.failures.add({ arm, iteration, lane: record.lane, timeline: evidence.timeline, place });
    }
    const spread = startSpread(this.arm, judgement);
    if (spread !== null) this.#spreads.push(spread);
  }

  get counts(): ArmCounts {
    const { name, role, of, expects } = this.arm;
    const concurrent = isConcurrent(this.arm);
    return {
      name,
      role,
      of,
      expects,
      concurrent,
      planned: this.#planned,
      valid: this.#valid,
      tallies: this.tallies,
    };
  }

  get tallies(): Tally[] {
    return [...this.#keepers.values()].map((keeper) => keeper.tally);
  }

  /** All of the arm's result but what needs the other arms. */
  get result(): Omit<ArmResult, 'signals'> {
    const { arm } = this;
    const invalidReasons = counted(this.#invalid);
    const lanes = armLanes(arm);
    const widest = widestStep(arm);
    return {
      name: arm.name,
      title: arm.title,
      role: arm.role,
      of: arm.of,
      skipped: arm.skipped,
      point: arm.point,
      lanes: {
        count: widest.length,
        builds: lanes.filter(({ cancelAfterMs }) => cancelAfterMs === null).length,
        startSpreadMs: median(this.#spreads),
        delaysMs: widest.map((lane) => lane.delayMs),
      },
      iterations: {
        planned: this.#planned,
        valid: this.#valid,
        invalid: invalidReasons.reduce((sum, reason) => sum + reason.count, 0),
      },
      carriedOut: this.#numbers.stretches,
      invalidReasons,
      steps: arm.steps.map(stepText),
      builds: { total: this.#builds, failed: this.#failedBuilds },
      command: this.#command,
      ...this.#spellings.result,
    };
  }

  #keeper(signal: Signal): TallyKeeper {
    const keeper = this.#keepers.get(signal) ?? new TallyKeeper(signal, this.#unasked);
    this.#keepers.set(signal, keeper);
    return keeper;
  }
}

/**
 * How far apart lanes that were let go together started, at most: the time from the gate's opening until the last one
 * was seen to have started, their own delays taken off. None starts before the gate opens.
 */
function startSpread(arm: PlannedArm, judgement: Judgement): number | null {
  if (!isConcurrent(arm)) return null;
  const starts = judgement.read.lanes.flatMap(({ record }) =>
    record.startMs === null ? [] : [record.startMs - record.delayMs],
  );
  return starts.length < 2 ? null : Math.max(...starts);
}

/** The middle value, rounded to microseconds; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) return null;
  return Math.round(((lower + upper) / 2) * 1000) / 1000;
}
