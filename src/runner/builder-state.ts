import type { PlannedArm } from '../scenario/plan.js';
import type { Bench } from './bench.js';

/** Apple's builder takes up to 300 s to start. */
const wakeLimitMs = 300_000;

/** Calls what has to be called before the first build. A failure shows in the builds, so it is only logged. */
export async function wake({ setting, aside }: Bench): Promise<void> {
  for (const command of setting.builder.wake()) {
    setting.abort.throwIfAborted();
    const result = await aside(command, { timeoutMs: wakeLimitMs });
    setting.log.info({ command, exitCode: result.exitCode, stderr: result.stderr }, 'builder woken');
  }
}

/** What is wrong with the builder now, in words; null: it answers. */
export async function whyGone({ daemons }: Bench, arm: PlannedArm): Promise<string | null> {
  const probe = await daemons.builderOf(arm).probe();
  if (probe.answers) return null;
  return probe.missing.map((missing) => missing.what).join('; ') || 'it does not answer';
}
