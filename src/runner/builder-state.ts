import type { Builder } from '../builders/builder.js';
import type { PlannedArm } from '../scenario/plan.js';
import { abortable } from './abortable.js';
import type { Bench } from './bench.js';
import { usualPatience } from './patience.js';

/** Apple's builder takes up to 300 s to start. */
const wakeLimitMs = 300_000;

/** Calls what has to be called before the first build. A failure shows in the builds, so it is only logged. */
export async function wake({ setting, aside }: Bench): Promise<void> {
  const { builder, abort, log } = setting;
  for (const command of builder.wake()) {
    abort.throwIfAborted();
    const result = await aside(command, { timeoutMs: wakeLimitMs, abort });
    log.info({ command, exitCode: result.exitCode, stderr: result.stderr }, 'builder woken');
  }
}

/** What is wrong with the builder of an arm now, in words; null: it answers. @throws the reason of an abort */
export function whyGone({ daemons, setting }: Bench, arm: PlannedArm): Promise<string | null> {
  const { answerMs } = { ...usualPatience, ...setting.patience };
  return abortable(whyNoAnswer(daemons.builderOf(arm), answerMs), setting.abort);
}

/** Questions that wait for their answer: a builder that does not answer is not asked twice at once. */
const asked = new WeakMap<Builder, Promise<string | null>>();

/** What is wrong with a builder, in words; null: it answers within that time. */
export async function whyNoAnswer(builder: Builder, answerMs: number): Promise<string | null> {
  const answer = asked.get(builder) ?? ask(builder);
  asked.set(builder, answer);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      asked.delete(builder);
      resolve(`it did not answer within ${answerMs / 1000} s`);
    }, answerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(builder: Builder): Promise<string | null> {
  try {
    const probe = await builder.probe();
    if (probe.answers) return null;
    return probe.missing.map((missing) => missing.what).join('; ') || 'it does not answer';
  } finally {
    asked.delete(builder);
  }
}
