import type { ArmResult, RunResult, SignalResult } from '../results/result.js';
import { atMostText, counted } from './numbers.js';
import {
  controlRates,
  expectedSignals,
  isShownAsPoint,
  type PointRate,
  ratesOf,
  type SweptArm,
  sweptArms,
} from './swept.js';
import { unaskedSights } from './watched.js';
import { intervalText, listed, name, type Part, reasonsOf, type Sentence, say, warn } from './words.js';

/** What a sweep says, one paragraph for each arm that was swept. */
export function sweptParagraphs(result: RunResult): readonly (readonly Sentence[])[] {
  return sweptArms(result).map((arm) => [
    ...skippedPoints(arm),
    ...expectedSignals(arm).flatMap((signal) => ofSignal(arm, signal, ratesOf(arm, signal))),
    ...untested(arm),
  ]);
}

/** Builds one at a time have no lanes to vary. */
function untested({ points }: SweptArm): Sentence[] {
  const seen = points.flatMap(({ arm }) =>
    arm.signals.filter(({ expected, iterations }) => expected && iterations.count > 0),
  );
  return seen.length > 0 && seen.every(({ needsConcurrency }) => needsConcurrency.answer === 'not-tested')
    ? [say('A sweep leaves out builds one at a time: whether it needs concurrency was not tested.')]
    : [];
}

/** Reasons with the number of points that they hold for. */
function byReason(reasons: readonly string[]): [string, number][] {
  return [...new Set(reasons)].map((why) => [why, reasons.filter((one) => one === why).length]);
}

function skippedPoints({ name: arm, points }: SweptArm): Sentence[] {
  const reasons = points.flatMap((point) => point.arm.skipped ?? []);
  return byReason(reasons).map(([why, count]) =>
    say(name(arm), ` was skipped at ${ofPoints(count, points.length)}: `, { foreign: why }, '.'),
  );
}

/** `3 of 6 points`, `all 6 points`, `its one point`. */
function ofPoints(count: number, total: number): string {
  if (total === 1) return 'its one point';
  return count === total ? `all ${total} points` : `${count} of ${total} points`;
}

function ofPointsEach(count: number, total: number): string {
  return total === 1 ? 'the one point' : ofPoints(count, total);
}

function ofSignal(arm: SweptArm, signal: string, rates: readonly PointRate[]): Sentence[] {
  const run = rates.filter(({ point }) => point.arm.skipped === null);
  if (run.length === 0) return [];
  const looked = run.filter(({ seen }) => (seen?.iterations.of ?? 0) > 0);
  return [
    ...main(arm, signal, run, looked),
    ...open(signal, run),
    ...controls(run, signal as SignalResult['signal']),
  ];
}

function main(
  arm: SweptArm,
  signal: string,
  run: readonly PointRate[],
  looked: readonly PointRate[],
): Sentence[] {
  if (looked.length === 0) return [];
  const seen = looked.filter((rate) => shareOf(rate) > 0);
  const at = ofPoints(seen.length, run.length);
  if (seen.length > 0) {
    const most = seen.reduce((best, rate) => (shareOf(rate) > shareOf(best) ? rate : best));
    const { iterations, interval } = most.seen as SignalResult;
    const range = interval === null ? '' : ` (${intervalText(interval)})`;
    const asOften = seen.filter((rate) => shareOf(rate) === shareOf(most)).length - 1;
    return [
      say(
        name(signal),
        ` was seen at ${at} of `,
        name(arm.name),
        ...(run.length === 1
          ? [' (', { foreign: most.point.text }, ')']
          : ['; most at ', { foreign: most.point.text }]),
        `${asOften === 0 ? '' : ` (as often at ${asOften} more)`}: ${iterations.count} of ${counted(iterations.of, 'iteration')}${range}.`,
      ),
    ];
  }
  const limit = Math.max(...looked.map((rate) => rate.seen?.atMost ?? 1));
  return [
    say(
      name(signal),
      looked.length === 1
        ? ' was not seen at the one point that could be looked at of '
        : ` was seen at none of ${looked.length} points of `,
      name(arm.name),
      ` (${atMostText(limit)}${looked.length === 1 ? '' : ' at each'}).`,
    ),
  ];
}

function shareOf({ seen }: PointRate): number {
  return seen === null || seen.iterations.of === 0 ? 0 : seen.iterations.count / seen.iterations.of;
}

/** Points of which nothing can be said, and why. */
function open(signal: string, run: readonly PointRate[]): Sentence[] {
  const unsettled = run.filter(({ seen }) => seen === null || seen.verdict === 'inconclusive');
  return byReason(unsettled.map(whyOpen)).map(([why, count]) =>
    say(name(signal), ` stays open at ${ofPoints(count, run.length)}: `, { foreign: why }, '.'),
  );
}

function whyOpen({ point: { arm }, seen }: PointRate): string {
  if (arm.iterations.valid === 0 || seen === null)
    return arm.iterations.invalid === 0 ? 'no iteration was finished' : 'no valid iteration';
  if (seen.iterations.of === 0) return `blind (${reasonsOf(seen)})`;
  return seen.sequential === null
    ? `fewer than half of the planned iterations were ${arm.iterations.invalid === 0 ? 'finished' : 'valid'}`
    : 'not settled yet';
}

function controls(run: readonly PointRate[], signal: SignalResult['signal']): Sentence[] {
  const rates = run.flatMap(({ point }) =>
    controlRates(point, signal).map((rate) => ({ ...rate, at: point.text })),
  );
  if (rates.length === 0) return [say('This run has no control for it.')];
  return [...new Set(rates.map(({ control }) => control))].map((control) => {
    const own = rates.filter((rate) => rate.control === control);
    const looked = own.filter(({ of }) => of > 0);
    const dirty = looked.filter(({ count }) => count > 0);
    const [first] = dirty;
    if (first === undefined)
      return looked.length === 0
        ? say('Its control ', name(control), ' could not be looked at.')
        : say('Its control ', name(control), ` was clean at ${ofPoints(looked.length, own.length)}.`);
    const where: readonly Part[] = ['at ', { foreign: first.at }, ` in ${first.count} of ${first.of}`];
    const which = dirty.length === 1 ? where : [`at ${ofPoints(dirty.length, own.length)}, first `, ...where];
    return warn(
      'The control is not clean: ',
      name(control),
      ' showed ',
      name(signal),
      ' too, ',
      ...which,
      '.',
    );
  });
}

/** The points of swept arms, by arm of the scenario. */
function families(result: RunResult): [string, readonly ArmResult[]][] {
  const points = result.arms.filter((arm) => isShownAsPoint(result, arm));
  const names = new Set(points.map((arm) => arm.point?.arm ?? arm.name));
  return [...names].map((arm) => [arm, points.filter(({ point }) => point?.arm === arm)]);
}

/** Signals that were seen at points of arms that nobody asks about them; arms that show one at as many points share a sentence. */
export function sweptSights(result: RunResult): readonly Sentence[] {
  const alike = new Map<string, { signal: string; count: number; points: number; readonly arms: string[] }>();
  for (const [arm, points] of families(result)) {
    const seen = points.flatMap((point) => unaskedSights(result, point));
    for (const [signal, count] of byReason(seen.map(({ signal }) => signal))) {
      const key = `${signal} ${count} ${points.length}`;
      const group = alike.get(key) ?? { signal, count, points: points.length, arms: [] };
      alike.set(key, group);
      group.arms.push(arm);
    }
  }
  return [...alike.values()].map(({ signal, count, points, arms }) => {
    const at = arms.length === 1 ? `${ofPoints(count, points)} of` : `${ofPointsEach(count, points)} each of`;
    return say('Also seen: ', name(signal), ` at ${at} `, ...listed(arms), '.');
  });
}

/** Iterations of swept arms that were left out. */
export function sweptDoubts(result: RunResult): readonly Sentence[] {
  return families(result).flatMap(([arm, points]) => {
    const invalid = points.reduce((sum, { iterations }) => sum + iterations.invalid, 0);
    if (invalid === 0) return [];
    const all = points.reduce((sum, { iterations }) => sum + iterations.invalid + iterations.valid, 0);
    const counts = new Map<string, number>();
    for (const { reason, count } of points.flatMap(({ invalidReasons }) => invalidReasons))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
    const reasons = [...counts].map(([reason, count]) => `${reason} (${count})`).join('; ');
    return [
      say(
        `${invalid} of ${counted(all, 'iteration')} at the points of `,
        name(arm),
        ` ${invalid === 1 ? 'is' : 'are'} invalid and left out: `,
        { foreign: reasons },
        '.',
      ),
    ];
  });
}
