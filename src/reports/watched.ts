import type { ArmResult, RunResult, SignalResult } from '../results/result.js';

/** The signals that count for an arm, whether or not they were seen in it. */
export function watchedSignals(result: RunResult, arm: ArmResult): ReadonlySet<string> {
  const own = result.arms.filter((one) =>
    arm.role === 'reproduce'
      ? one.name === arm.name
      : one.role === 'reproduce' && (arm.of ?? one.name) === one.name,
  );
  return new Set(
    own.flatMap((one) => one.signals.filter(({ expected }) => expected).map(({ signal }) => signal)),
  );
}

/** What was seen in an arm that counts for nothing there. */
export function unaskedSights(result: RunResult, arm: ArmResult): readonly SignalResult[] {
  const asked = watchedSignals(result, arm);
  return arm.signals.filter(({ signal, iterations }) => iterations.count > 0 && !asked.has(signal));
}
