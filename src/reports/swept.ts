import type { ArmResult, RunResult, SignalResult, SweepResult } from '../results/result.js';
import { pText } from './numbers.js';
import { name, type Part, type Sentence, say } from './words.js';

/** A reproduce arm of the scenario that was run at the points of a sweep. */
export interface SweptArm {
  /** The scenario's arm. */
  readonly name: string;
  readonly points: readonly SweptPoint[];
}

export interface SweptPoint {
  readonly arm: ArmResult;
  readonly controls: readonly ArmResult[];
  /** `delay 50ms, lanes 2`. */
  readonly text: string;
}

/** One rate of a point; null where the arm never was looked at for it. */
export interface PointRate {
  readonly point: SweptPoint;
  readonly seen: SignalResult | null;
}

/**
 * The reproduce arms that were swept, each once, with their points in the order of the plan. None in a search for an
 * offset, whose points are drawn as what they are (`window.ts`).
 */
export function sweptArms(result: RunResult): readonly SweptArm[] {
  if (result.window?.phase === 'search') return [];
  const points = result.arms.filter(({ role, point }) => role === 'reproduce' && point !== null);
  return [...new Set(points.map(scenarioArm))].map((arm) => ({
    name: arm,
    points: points
      .filter((one) => scenarioArm(one) === arm)
      .map((one) => ({ arm: one, controls: controlsOf(result, one), text: pointText(one) })),
  }));
}

/** Whether an arm is told of as a point of a sweep, and not by itself: a swept reproduce arm, or a control of one. */
export function isShownAsPoint(result: RunResult, arm: ArmResult): boolean {
  if (arm.point === null || arm.role === 'alone') return false;
  return arm.role === 'reproduce' || result.arms.some(({ name, point }) => name === arm.of && point !== null);
}

/** All arms, but of the points of one swept arm only the first that `keeps` holds for: the others say the same again. */
export function onePointEach(
  result: RunResult,
  keeps: (arm: ArmResult) => boolean = () => true,
): readonly ArmResult[] {
  const shown = new Set<string>();
  return result.arms.filter((arm) => {
    if (!keeps(arm)) return false;
    if (arm.point === null) return true;
    const isFirst = !shown.has(arm.point.arm);
    shown.add(arm.point.arm);
    return isFirst;
  });
}

/** Signals that a swept arm expects. */
export function expectedSignals({ points }: SweptArm): readonly SignalResult['signal'][] {
  const signals = points.flatMap(({ arm }) => arm.signals.filter(({ expected }) => expected));
  return [...new Set(signals.map(({ signal }) => signal))];
}

export function ratesOf({ points }: SweptArm, signal: SignalResult['signal']): readonly PointRate[] {
  return points.map((point) => ({
    point,
    seen: point.arm.signals.find((one) => one.signal === signal) ?? null,
  }));
}

/** What the controls of a point showed of a signal, by arm of the scenario. */
export function controlRates({ controls }: SweptPoint, signal: SignalResult['signal']) {
  return controls.map((control) => {
    const seen = control.signals.find((one) => one.signal === signal);
    return { control: scenarioArm(control), ...(seen?.iterations ?? { count: 0, of: 0, blind: 0 }) };
  });
}

/** Below that p, a factor is said to move a rate. */
const significance = 0.05;

/** `delay moves it (p = 0.001); nothing says that lanes do (p = 0.6).`; null where no factor could be tested. */
export function moverSentence({ sweep }: RunResult, arm: string, signal: string): Sentence | null {
  const tests = (sweep?.tests ?? []).filter((test) => test.arm === arm && test.signal === signal);
  if (tests.length === 0) return null;
  const movers = tests.filter(({ pAdjusted }) => pAdjusted < significance);
  const others = tests.filter(({ pAdjusted }) => pAdjusted >= significance);
  const moving = movers.map((test) => clause(test, ['move', 'moves'], ' it'));
  const doubtful = others.map((test, i) => {
    const isFirst = movers.length + i === 0;
    const words = isFirst ? clause(test, ['move', 'moves'], ' it') : clause(test, ['do', 'does']);
    return [i > 0 ? 'or that ' : `${isFirst ? 'Nothing' : 'nothing'} says that `, ...words];
  });
  const clauses = [...moving, ...doubtful];
  return say(
    ...clauses.flatMap((words, i) => (i === 0 ? words : [i > movers.length ? ', ' : '; ', ...words])),
    '.',
  );
}

function clause({ factor, pAdjusted }: Test, [many, one]: readonly [string, string], object = ''): Part[] {
  return [name(factor), ` ${isPlural(factor) ? many : one}${object} (${pText(pAdjusted)})`];
}

type Test = SweepResult['tests'][number];

/** How the p of these sentences is made; null where there is none. */
export function testText({ sweep }: RunResult): string | null {
  const count = sweep?.tests.length ?? 0;
  if (count === 0) return null;
  const holm = count === 1 ? '' : `, Holm’s over ${count} tests`;
  return `p: permutation test within the levels of the other factors${holm}`;
}

const isPlural = (factor: string): boolean => ['lanes', 'files', 'bytes', 'cpus'].includes(factor);

const scenarioArm = ({ name, point }: ArmResult): string => point?.arm ?? name;

function controlsOf(result: RunResult, arm: ArmResult): ArmResult[] {
  return result.arms.filter((one) => one.role === 'control' && one.of === arm.name);
}

function pointText({ point }: ArmResult): string {
  return Object.entries(point?.factors ?? {})
    .map(([factor, level]) => `${factor} ${level}`)
    .join(', ');
}
