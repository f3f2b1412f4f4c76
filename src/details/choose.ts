import type { Judgement } from '../judgement/judge.js';
import type { IterationName } from '../results/detail.js';
import type { IterationFinished } from '../results/journal.js';
import type { PlannedArm } from '../scenario/plan.js';

/** What iterations are chosen by. */
export interface Sketch extends IterationName {
  readonly role: PlannedArm['role'];
  readonly of: string | null;
  readonly valid: boolean;
  /** A finding of a signal that the arm expects; of any signal. */
  readonly showsExpected: boolean;
  readonly showsAny: boolean;
  /** Some detector could not look at it. */
  readonly blind: boolean;
  readonly lanes: number;
}

/** What is kept of each iteration while a run is analyzed, to choose from afterwards. */
export interface Outline extends Sketch {
  /** What the journal says of it: a merged or damaged one may name an iteration twice. */
  readonly event: IterationFinished;
}

export function outlineOf(arm: PlannedArm, { read, invalid, sights }: Judgement): Outline {
  const seen = sights.filter(({ findings }) => findings.length > 0);
  return {
    arm: arm.name,
    iteration: read.event.iteration,
    event: read.event,
    role: arm.role,
    of: arm.of,
    valid: invalid === null,
    showsExpected: seen.some(({ signal }) => arm.expects.includes(signal)),
    showsAny: seen.length > 0,
    blind: sights.some(({ blind }) => blind.size > 0),
    lanes: read.event.lanes.length,
  };
}

/** The first iteration of a reproduce arm that shows what is expected there, else the first that shows anything. */
export function firstFailing<S extends Sketch>(outlines: readonly S[]): S | null {
  const valid = outlines.filter((one) => one.valid);
  return (
    valid.find(({ role, showsExpected }) => role === 'reproduce' && showsExpected) ??
    valid.find(({ showsAny }) => showsAny) ??
    null
  );
}

/**
 * An iteration that shows nothing, to hold beside the failing one: of its control, of its own arm, of its builds alone,
 * of any arm, in that order; one in which somebody was blind only where there is no other.
 */
export function cleanBeside<S extends Sketch>(outlines: readonly S[], failing: S | null): S | null {
  const clean = outlines.filter(({ valid, showsAny }) => valid && !showsAny);
  const own = failing?.arm ?? null;
  const control = clean.filter(({ role, of }) => role === 'control' && of === own);
  const same = clean.filter(({ arm }) => arm === own);
  const alone = clean.filter(({ role, of }) => role === 'alone' && of === own);
  const candidates = [...control, ...same, ...alone, ...clean];
  return candidates.find(({ blind }) => !blind) ?? candidates[0] ?? null;
}

/** How much a report can show. */
export interface Limits {
  readonly iterations: number;
  readonly lanes: number;
}

/**
 * Which iterations are shown: the failing one and the clean one, then of each arm the first that shows something and the
 * first that does not, then what shows something, then the rest, until the limits are reached. In the order given.
 */
export function chooseIterations<S extends Sketch>(
  outlines: readonly S[],
  limits: Limits,
): { chosen: S[]; firstFailing: S | null; clean: S | null } {
  const failing = firstFailing(outlines);
  const clean = cleanBeside(outlines, failing);
  const chosen = new Set<S>();
  let lanes = 0;
  for (const one of [failing, clean, ...firstOfEach(outlines), ...showing(outlines), ...outlines]) {
    if (one === null || chosen.has(one)) continue;
    const isFull = chosen.size >= limits.iterations || lanes + one.lanes > limits.lanes;
    // The pair is what a report is for: it is shown at any size.
    if (isFull && one !== failing && one !== clean) break;
    chosen.add(one);
    lanes += one.lanes;
  }
  return { chosen: outlines.filter((one) => chosen.has(one)), firstFailing: failing, clean };
}

function showing<S extends Sketch>(outlines: readonly S[]): S[] {
  return outlines.filter(({ showsExpected, showsAny }) => showsExpected || showsAny);
}

function firstOfEach<S extends Sketch>(outlines: readonly S[]): S[] {
  const arms = new Map<string, S[]>();
  for (const one of outlines) {
    const kinds = arms.get(one.arm) ?? [];
    if (!kinds.some(({ showsAny, valid }) => showsAny === one.showsAny && valid === one.valid))
      kinds.push(one);
    arms.set(one.arm, kinds);
  }
  return [...arms.values()].flat();
}
