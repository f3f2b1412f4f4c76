import { performance } from 'node:perf_hooks';
import { UserError } from './errors.js';
import { counted } from './reports/numbers.js';
import { type ReproduceOptions, reproduce } from './reproduce.js';
import type { RunResult } from './results/result.js';
import { durationText } from './scenario/duration.js';
import { expandArms } from './scenario/expand.js';
import { isConcurrent, type PlannedArm, widestStep } from './scenario/plan.js';
import { type OffsetRange, type SearchStage, searchStage, searchStages } from './scenario/window.js';

export interface WindowOptions {
  /** Offsets between lanes that may be tried. */
  readonly range: OffsetRange;
  /** Iterations of the whole search, over all arms; those of the confirmation are not among them. */
  readonly maxIterations: number;
  /** Told what comes next, in a sentence. */
  tell(sentence: string): void;
  /** The command line that does the confirmation again, with that delay for each lane. */
  againAt(seed: number, delaysMs: readonly number[], iterations: number): string;
}

/** As many iterations tell 0 from some 14 % at 95 %. */
const leastConfirming = 20;

/** What does the work; tests have their own. */
export interface Means {
  readonly reproduce: typeof reproduce;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

/**
 * Looks for the offset between lanes at which the faults of a scenario's reproduce arms show, in up to three runs that only
 * search, and measures there in a run of its own, on fresh iterations of all chosen arms: the rate at the best of many
 * offsets is too high. `options.maxTimeMs` holds for all of it; the search takes half of that at most.
 * @returns the confirmation; the last search where it found nothing, or was stopped.
 * @throws {UserError} where there is nothing to search with, and as `reproduce` does.
 */
export async function findWindow(
  options: ReproduceOptions,
  asked: WindowOptions,
  means: Means = { reproduce, now: () => performance.now() },
): Promise<RunResult> {
  const search = new Search(options, asked, means);
  const found = await search.run();
  const offsetMs = found.window?.bestMs ?? null;
  if (offsetMs !== null && !search.isStopped) return search.confirm(found, offsetMs);
  if (offsetMs === null && !search.isStopped) {
    const hasLooked = found.window?.searched.some(({ of }) => of > 0) ?? false;
    asked.tell(
      hasLooked
        ? 'the fault showed at no offset: nothing to measure'
        : 'at no offset could anybody look for the fault: nothing to measure',
    );
  }
  return found;
}

class Search {
  /** It ended for another reason than its time. */
  isStopped = false;
  readonly #options: ReproduceOptions;
  readonly #asked: WindowOptions;
  readonly #means: Means;
  readonly #startedMs: number;
  /** Iterations that each arm has left. */
  #left: number;
  readonly #arms: readonly string[];

  constructor(options: ReproduceOptions, asked: WindowOptions, means: Means) {
    const arms = searchedArms(options, asked.range);
    this.#options = options;
    this.#asked = asked;
    this.#means = means;
    this.#startedMs = means.now();
    this.#left = Math.floor(asked.maxIterations / arms.length);
    this.#arms = [...new Set(arms.map(({ name, point }) => point?.arm ?? name))];
    if (this.#left === 0)
      throw new UserError(
        `--max-iterations ${asked.maxIterations}: the ${arms.length} arms that are searched with need at least one each`,
      );
  }

  async run(): Promise<RunResult> {
    let last = await this.#stage(0, null);
    for (let index = 1; last !== null && index < searchStages && !this.isStopped; index++) {
      last = (await this.#stage(index, last)) ?? last;
    }
    if (last === null) throw new Error('a search without a first stage');
    return last;
  }

  /** Null where there is nothing new to look at, or no time left. */
  async #stage(index: number, before: RunResult | null): Promise<RunResult | null> {
    const searched = before?.window?.searched ?? [];
    const stage = searchStage(index, this.#asked.range, searched, this.#left);
    const maxTimeMs = this.#timeLeft(0.5);
    if (stage.offsetsMs.length === 0 || (before !== null && maxTimeMs === 0)) return null;
    this.#asked.tell(stageText(stage, index));
    this.#left -= stage.offsetsMs.length * stage.iterations;
    const { overrides } = this.#options;
    const beganMs = this.#means.now();
    const sweep = new Map([...(overrides.sweep ?? []), ['delay', stage.offsetsMs.map(durationText)]]);
    const result = await this.#means.reproduce({
      ...this.#options,
      overrides: { ...overrides, arms: this.#arms, iterations: stage.iterations, sweep },
      seed: before?.seed ?? this.#options.seed,
      maxTimeMs,
      window: { phase: 'search', searched: [...searched], runs: [...(before?.window?.runs ?? [])] },
    });
    const isOver = maxTimeMs !== null && this.#means.now() - beganMs >= maxTimeMs;
    this.isStopped = result.stopped !== null && (!isOver || this.#options.abort.aborted);
    return result;
  }

  /** Measures at that offset, on iterations that had no part in its choice. */
  async confirm(found: RunResult, offsetMs: number): Promise<RunResult> {
    const { overrides, scenario } = this.#options;
    const iterations = overrides.iterations ?? Math.max(leastConfirming, scenario.source.iterations);
    const at = { ...overrides, offsetMs, iterations };
    const delaysMs = commonDelays(expandArms(scenario, at));
    this.#asked.tell(
      `measuring ${durationText(offsetMs)} apart, on ${counted(iterations, 'fresh iteration')} of each arm`,
    );
    return this.#means.reproduce({
      ...this.#options,
      overrides: at,
      seed: found.seed ?? this.#options.seed,
      maxTimeMs: this.#timeLeft(1),
      window: {
        phase: 'confirm',
        searched: [...(found.window?.searched ?? [])],
        runs: [...(found.window?.runs ?? [])],
      },
      again: (seed) =>
        delaysMs === null ? this.#options.again(seed) : this.#asked.againAt(seed, delaysMs, iterations),
    });
  }

  /** What is left of that share of the time, in whole seconds where it is any; null: there is no limit. */
  #timeLeft(share: number): number | null {
    const { maxTimeMs } = this.#options;
    if (maxTimeMs === null) return null;
    const leftMs = Math.max(0, maxTimeMs * share - (this.#means.now() - this.#startedMs));
    return leftMs < 1_000 ? Math.floor(leftMs) : Math.floor(leftMs / 1_000) * 1_000;
  }
}

/**
 * The reproduce arms of the selection, as they are at one offset: several, where the scenario sweeps over other factors.
 * @throws {UserError} where there is none, or one has no lanes to move apart.
 */
function searchedArms({ scenario, overrides }: ReproduceOptions, { fromMs }: OffsetRange): PlannedArm[] {
  const arms = expandArms(scenario, { ...overrides, offsetMs: fromMs }).filter(
    ({ role }) => role === 'reproduce',
  );
  if (arms.length === 0)
    throw new UserError(`--find-window: none of the chosen arms of ${scenario.name} is a reproduce arm`);
  const alone = arms.find((arm) => !isConcurrent(arm));
  if (alone !== undefined)
    throw new UserError(
      `--find-window: arm ${alone.name} of ${scenario.name} has no step that lets several lanes go together; choose others with --arm`,
    );
  return arms;
}

/** The delay of each lane, where it is the same in all arms; else null. */
function commonDelays(arms: readonly PlannedArm[]): readonly number[] | null {
  const all = arms.map((arm) => widestStep(arm).map(({ delayMs }) => delayMs));
  const [first] = all;
  return first !== undefined && all.every((one) => one.length === first.length) ? first : null;
}

function stageText({ offsetsMs, iterations }: SearchStage, index: number): string {
  const [first = 0, last = first] = [offsetsMs[0], offsetsMs.at(-1)];
  const where =
    offsetsMs.length === 1 ? durationText(first) : `${durationText(first)} to ${durationText(last)}`;
  const what = index === 0 ? 'offset' : 'finer offset';
  return `looking for the window: ${counted(offsetsMs.length, what)} (${where}), ${counted(iterations, 'iteration')} each`;
}
