import { builderDifferences } from '../results/builder-differences.js';
import { abortable } from './abortable.js';
import type { Bench } from './bench.js';
import { usualPatience } from './patience.js';

/**
 * Asks the builder for its versions again when the iterations are over, and journals them where they are not the plan's
 * (an upgrade in the middle of the run). Of a private daemon the programs are asked, as they were for the plan. One that
 * does not answer tells nothing, and nobody who wants an end waits for it.
 */
export async function noteBuilderChange({ setting, journal, daemons }: Bench): Promise<void> {
  const { plan, builder, abort, log } = setting;
  // One that was gone a moment ago was told of by its iteration, and would be waited for once more.
  if (abort.aborted || plan.arms.some((arm) => daemons.isDoubted(arm))) return;
  const { answerMs } = { ...usualPatience, ...setting.patience };
  const over = AbortSignal.any([abort, AbortSignal.timeout(answerMs)]);
  const probe = await abortable(builder.probe(), over).catch(() => null);
  if (probe?.answers !== true) return;
  const { version, daemonVersion } = probe;
  const differing = builderDifferences(plan.builder, { ...plan.builder, version, daemonVersion });
  // What is not known is no difference.
  if (!differing.some(({ before, now }) => before !== null && now !== null)) return;
  log.warn({ differing }, 'the builder is not the one that the run began on');
  await journal.append({ event: 'builder-changed', version, daemonVersion });
}
