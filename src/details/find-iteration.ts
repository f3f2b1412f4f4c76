import { analyzeStored } from '../analysis.js';
import { UserError } from '../errors.js';
import { finishedIterations } from '../results/finished-iterations.js';
import type { IterationFinished } from '../results/journal.js';
import type { StoredRun } from '../results/read.js';
import type { PlannedArm } from '../scenario/plan.js';
import { firstFailing, type Outline, outlineOf } from './choose.js';
import { weighing } from './weigh.js';

/** What somebody wants to see: null where anything will do. */
export interface Wanted {
  readonly arm: string | null;
  readonly iteration: number | null;
}

export interface FoundIteration {
  readonly arm: PlannedArm;
  readonly event: IterationFinished;
  /** Other arms that have finished an iteration of the number that was wanted. */
  readonly others: readonly string[];
}

/**
 * The iteration that is wanted, else the first failing one, else the first; with a number alone, that of the first
 * failing iteration's arm, else of the first reproduce arm that has it.
 * @throws {UserError} where the run has no such arm, or has not finished such an iteration.
 */
export async function findIteration(run: StoredRun, wanted: Wanted): Promise<FoundIteration> {
  const all = candidatesOf(run);
  if (all.length === 0) throw new UserError(`this run has finished no iteration: ${run.directory}`);
  const ofArm = wanted.arm === null ? all : iterationsOf(run, all, wanted.arm);
  const candidates = wanted.iteration === null ? ofArm : numbered(ofArm, wanted.arm, wanted.iteration);
  const others = wanted.iteration === null ? [] : candidates.map(({ arm }) => arm.name);
  const found = await best(run, candidates, wanted.iteration === null ? candidates : all);
  return { ...found, others: [...new Set(others)].filter((name) => name !== found.arm.name) };
}

type Candidate = Pick<FoundIteration, 'arm' | 'event'>;

function candidatesOf({ plan, journal }: StoredRun): readonly Candidate[] {
  const arms = new Map(plan.arms.map((arm) => [arm.name, arm]));
  return finishedIterations(plan, journal).events.flatMap((event) => {
    const arm = arms.get(event.arm);
    return arm === undefined ? [] : [{ arm, event }];
  });
}

function iterationsOf(run: StoredRun, all: readonly Candidate[], name: string): readonly Candidate[] {
  const own = all.filter(({ arm }) => arm.name === name);
  if (own.length > 0) return own;
  const planned = run.plan.arms.find((arm) => arm.name === name);
  if (planned === undefined) {
    const names = run.plan.arms.map((arm) => arm.name).join(', ');
    throw new UserError(`--arm ${name}: this run has no such arm; it has ${names}`);
  }
  const why = planned.skipped === null ? 'has finished no iteration' : `was skipped: ${planned.skipped}`;
  throw new UserError(`--arm ${name}: that arm ${why}`);
}

function numbered(of: readonly Candidate[], arm: string | null, iteration: number): readonly Candidate[] {
  const own = of.filter(({ event }) => event.iteration === iteration);
  if (own.length > 0) return own;
  const numbers = [...new Set(of.map(({ event }) => event.iteration))].sort((a, b) => a - b);
  throw new UserError(`--iteration ${iteration}: ${arm ?? 'this run'} has finished ${rangesText(numbers)}`);
}

const maxRanges = 8;

/** `1–3, 5`: ascending numbers, those that follow each other as ranges. */
export function rangesText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  const texts = ranges.slice(0, maxRanges).map(([low, high]) => (low === high ? `${low}` : `${low}–${high}`));
  return `${texts.join(', ')}${ranges.length > maxRanges ? ', …' : ''}`;
}

async function best(
  run: StoredRun,
  candidates: readonly Candidate[],
  judged: readonly Candidate[],
): Promise<Candidate> {
  const [first] = candidates;
  if (first === undefined) throw new Error('there is nothing to choose from');
  if (candidates.length === 1) return first;
  const failing = await findFailing(run, judged);
  return (
    candidates.find(({ event }) => event === failing?.event) ??
    candidates.find(({ arm }) => arm.name === failing?.arm) ??
    candidates.find(({ arm }) => arm.role === 'reproduce') ??
    first
  );
}

/** As reports choose it: the whole run is judged, for which fault is shown first hangs on what its control showed. */
async function findFailing(run: StoredRun, candidates: readonly Candidate[]): Promise<Outline | null> {
  const wanted = new Set(candidates.map(({ event }) => event));
  const outlines: Outline[] = [];
  const result = await analyzeStored(run, (arm, judgement) => {
    if (wanted.has(judgement.read.event)) outlines.push(outlineOf(arm, judgement));
  });
  return firstFailing(outlines, weighing(result.arms));
}
