import { UserError } from '../../errors.js';
import { type Comparable, type ComparableArm, isSameArm } from '../../results/comparable.js';
import type { ComparedSide, Comparison, ComparisonRow, ComparisonVerdict } from '../../results/comparison.js';
import { type Signal, signals } from '../../signals.js';
import { holm } from '../../stats/holm.js';
import { changeVerdict, compareRates, iterationsToSettle } from '../../stats/rate-comparison.js';
import {
  differences,
  notOfBuilders,
  refuseEmpty,
  refuseSearch,
  refuseUnlike,
  unfairSample,
} from './comparability.js';

/**
 * Holds a run against a base: arm by arm and signal by signal, adjusted together. `margin` is a fraction.
 * @throws {UserError} for two that no comparison makes sense of.
 */
export function compare(base: Comparable, run: Comparable, margin: number): Comparison {
  refuseUnlike(base, run);
  for (const side of [base, run]) {
    refuseSearch(side);
    refuseEmpty(side);
  }
  const { pairs, notes } = pairArms(base, run);
  const counts = pairs.flatMap((pair) => countsOf(pair, run.scenario));
  if (counts.length === 0) throw nothingInCommon(base, run, notes);
  const reason = notOfBuilders(base, run);
  const rows = judged(counts, margin, reason, unfairSample(base, run));
  return {
    schemaVersion: 1,
    verdict: gravestVerdict(rows),
    base: sideOf(base),
    run: sideOf(run),
    margin,
    reason,
    notes: [...differences(base, run), ...notes],
    rows,
  };
}

/** The whole's verdict is the gravest row's. */
export function gravestVerdict(rows: readonly Pick<ComparisonRow, 'verdict'>[]): ComparisonVerdict {
  const order: readonly ComparisonVerdict[] = ['regression', 'undetermined', 'improvement'];
  return order.find((one) => rows.some(({ verdict }) => verdict === one)) ?? 'unchanged';
}

interface ArmPair {
  readonly base: ComparableArm;
  readonly run: ComparableArm;
  /** Signals that are expected in it, or in the arm it belongs to. */
  readonly watched: ReadonlySet<Signal>;
}

/** The arms that both sides ran, in the run's order, and a sentence for each that only one did. */
function pairArms(base: Comparable, run: Comparable): { pairs: ArmPair[]; notes: string[] } {
  const gone = base.arms.filter((arm) => !run.arms.some((other) => isSameArm(arm, other)));
  const pairs: ArmPair[] = [];
  const notes: string[] = [];
  for (const arm of [...run.arms, ...gone]) {
    const { name } = arm;
    const [there, here] = [base, run].map(({ arms }) => arms.find((other) => isSameArm(arm, other)));
    const missing = [lack(there, 'base'), lack(here, 'run')].filter((one) => one !== null);
    if (missing.length > 0) notes.push(`${name} was left out: ${missing.join('; ')}`);
    else if (there && here) pairs.push({ base: there, run: here, watched: watchedIn(here, run) });
  }
  return { pairs, notes };
}

function lack(arm: ComparableArm | undefined, side: string): string | null {
  if (arm === undefined) return `not in the ${side}`;
  return arm.skipped === null ? null : `skipped in the ${side} (${arm.skipped})`;
}

function watchedIn(arm: ComparableArm, { arms }: Comparable): Set<Signal> {
  const owners = arms.filter(({ name }) => name === arm.name || name === arm.of);
  const expected = owners.flatMap((owner) => owner.signals.filter((one) => one.expected));
  return new Set(expected.map(({ signal }) => signal));
}

type Counts = Pick<ComparisonRow, 'scenario' | 'arm' | 'role' | 'signal' | 'expected' | 'base' | 'run'> & {
  /** The arm did something else on the other side. */
  readonly isOtherwise: boolean;
};

function countsOf({ base, run, watched }: ArmPair, scenario: string): Counts[] {
  const isOtherwise = setupOf(base) !== setupOf(run);
  return signals.flatMap((signal) => {
    const [there, here] = [base, run].map((arm) => arm.signals.find((one) => one.signal === signal));
    const isSeen = [there, here].some((one) => one !== undefined && one.count > 0);
    if (!watched.has(signal) && !isSeen) return [];
    return {
      ...{ scenario, arm: run.name, role: run.role, signal, isOtherwise },
      expected: here?.expected ?? there?.expected ?? false,
      base: { count: there?.count ?? 0, of: there?.of ?? 0 },
      run: { count: here?.count ?? 0, of: here?.of ?? 0 },
    };
  });
}

const setupOf = ({ steps, delaysMs }: ComparableArm): string => JSON.stringify([steps, delaysMs]);

function judged(
  all: readonly Counts[],
  margin: number,
  notTold: string | null,
  unfair: string | null,
): ComparisonRow[] {
  const compared = all.map(({ base, run }) => (base.of > 0 && run.of > 0 ? compareRates(base, run) : null));
  const adjusted = holm(compared.flatMap((one) => (one === null ? [] : [one.p])));
  const tests = adjusted.length;
  return all.map(({ isOtherwise, ...counts }, i): ComparisonRow => {
    const rates = compared[i] ?? null;
    if (rates === null) {
      const sides = counts.base.of > 0 ? 'the run' : counts.run.of > 0 ? 'the base' : 'either side';
      const reason = `${sides} has no iteration in which it could be seen`;
      return { ...counts, ...open, reason };
    }
    const { difference, p } = rates;
    const pAdjusted = adjusted.shift() ?? 1;
    const figures = { ...counts, difference, p, pAdjusted };
    const unlike = notTold ?? (isOtherwise ? 'the lanes, their delays or the steps of the arm differ' : null);
    if (unlike !== null) return { ...figures, ...undetermined, reason: unlike };
    // More iterations of that kind would be no fairer.
    if (unfair !== null) return { ...figures, ...undetermined, reason: unfair };
    const verdict = changeVerdict(difference, pAdjusted, margin);
    const isOpen = verdict === 'undetermined';
    return {
      ...figures,
      verdict,
      reason: null,
      iterationsToSettle: isOpen ? iterationsToSettle(counts.base, counts.run, margin, tests) : null,
    };
  });
}

const undetermined = { verdict: 'undetermined', iterationsToSettle: null } as const;
const open = { ...undetermined, difference: null, p: null, pAdjusted: null } as const;

function sideOf({ name, file, isBaseline, builder, startedAt }: Comparable): ComparedSide {
  return { name, file, isBaseline, builder, startedAt };
}

function nothingInCommon(base: Comparable, run: Comparable, notes: readonly string[]): UserError {
  const why = notes.length === 0 ? 'no arm expects or shows a signal' : notes.join('; ');
  return new UserError(`${base.name} and ${run.name} have nothing that could be compared: ${why}`);
}
