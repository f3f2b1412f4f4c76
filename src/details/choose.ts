import type { Judgement } from '../judgement/judge.js';
import type { IterationName } from '../results/detail.js';
import type { IterationFinished } from '../results/journal.js';
import type { PlannedArm } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import type { Weigh } from './weigh.js';

/** What iterations are chosen by. */
export interface Sketch extends IterationName {
  readonly role: PlannedArm['role'];
  readonly of: string | null;
  readonly valid: boolean;
  /** Signals that it shows, and those of them that its arm expects. */
  readonly shown: readonly Signal[];
  readonly expected: readonly Signal[];
  /** What could not be looked for in all of it. */
  readonly blind: readonly Signal[];
  readonly lanes: number;
}

/** What is kept of each iteration while a run is analyzed, to choose from afterwards. */
export interface Outline extends Sketch {
  /** What the journal says of it: a merged or damaged one may name an iteration twice. */
  readonly event: IterationFinished;
}

export function outlineOf(arm: PlannedArm, { read, invalid, sights }: Judgement): Outline {
  const shown = sights.filter(({ findings }) => findings.length > 0).map(({ signal }) => signal);
  return {
    arm: arm.name,
    iteration: read.event.iteration,
    event: read.event,
    role: arm.role,
    of: arm.of,
    valid: invalid === null,
    shown,
    expected: shown.filter((signal) => arm.expects.includes(signal)),
    blind: sights.filter(({ blind }) => blind.size > 0).map(({ signal }) => signal),
    lanes: read.event.lanes.length,
  };
}

/** The iterations that a report is about, held side by side. */
export interface PairOf<S> {
  readonly firstFailing: S | null;
  readonly clean: S | null;
}

/**
 * The first iteration of a reproduce arm that shows what is expected there, of the faults that weigh most; else the first
 * that shows anything.
 */
export function firstFailing<S extends Sketch>(sketches: readonly S[], weigh: Weigh): S | null {
  const valid = sketches.filter((one) => one.valid);
  const rank = ({ arm, role, expected }: S): number =>
    role === 'reproduce'
      ? Math.min(...expected.map((signal) => weigh(arm, signal)))
      : Number.POSITIVE_INFINITY;
  const [first] = valid
    .map((one) => ({ one, rank: rank(one) }))
    .filter((ranked) => Number.isFinite(ranked.rank))
    .sort((a, b) => a.rank - b.rank);
  return first?.one ?? valid.find(({ shown }) => shown.length > 0) ?? null;
}

/**
 * An iteration that does not show what the failing one does: of its control, of its own arm, of its builds alone, of any
 * arm, in that order, there rather one that shows nothing at all; one in which that fault could not be looked for only
 * where there is no other.
 */
export function cleanBeside<S extends Sketch>(sketches: readonly S[], failing: S | null): S | null {
  const faults = failing === null ? null : failing.expected.length > 0 ? failing.expected : failing.shown;
  const clean = sketches.filter(
    ({ valid, shown }) =>
      valid && (faults === null ? shown.length === 0 : !shown.some((signal) => faults.includes(signal))),
  );
  const rather = [...clean].sort((a, b) => Math.min(1, a.shown.length) - Math.min(1, b.shown.length));
  const own = failing?.arm ?? null;
  const candidates = [
    ...rather.filter(({ role, of }) => role === 'control' && of === own),
    ...rather.filter(({ arm }) => arm === own),
    ...rather.filter(({ role, of }) => role === 'alone' && of === own),
    ...rather,
  ];
  const isBlind = ({ blind }: S): boolean => blind.some((signal) => faults?.includes(signal) ?? true);
  return candidates.find((one) => !isBlind(one)) ?? candidates[0] ?? null;
}

/** How much a report can show. */
export interface Limits {
  readonly iterations: number;
  readonly lanes: number;
}

/**
 * Which iterations are shown: the pair, then of each arm the first that shows something and the first that does not, then
 * what shows something, then the rest, until the limits are reached. In the order given.
 */
export function chooseShown<S extends Sketch>(
  sketches: readonly S[],
  limits: Limits,
  { firstFailing: failing, clean }: PairOf<S>,
): S[] {
  const chosen = new Set<S>();
  let lanes = 0;
  const showing = sketches.filter(({ shown }) => shown.length > 0);
  for (const one of [failing, clean, ...firstOfEach(sketches), ...showing, ...sketches]) {
    if (one === null || chosen.has(one)) continue;
    const isFull = chosen.size >= limits.iterations || lanes + one.lanes > limits.lanes;
    // The pair is what a report is for: it is shown at any size.
    if (isFull && one !== failing && one !== clean) break;
    chosen.add(one);
    lanes += one.lanes;
  }
  return sketches.filter((one) => chosen.has(one));
}

function firstOfEach<S extends Sketch>(sketches: readonly S[]): S[] {
  const arms = new Map<string, S[]>();
  for (const one of sketches) {
    const kinds = arms.get(one.arm) ?? [];
    const isAlike = (other: S): boolean =>
      other.valid === one.valid && Math.min(1, other.shown.length) === Math.min(1, one.shown.length);
    if (!kinds.some(isAlike)) kinds.push(one);
    arms.set(one.arm, kinds);
  }
  return [...arms.values()].flat();
}
