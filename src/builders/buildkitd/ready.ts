import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Run } from '../builder.js';

const pollMs = 50;
const askLimitMs = 10_000;

/**
 * Asks until the daemon answers; null when it does, else why not, as the end of a sentence that begins with its name.
 * `over` says why waiting makes no sense any more.
 */
export async function untilAnswers(
  run: Run,
  question: Command,
  over: () => string | null,
  limitMs: number,
): Promise<string | null> {
  const end = performance.now() + limitMs;
  for (;;) {
    const left = end - performance.now();
    if (left <= 0) return `did not answer within ${Math.round(limitMs / 1000)} s`;
    const answer = await run(question, { timeoutMs: Math.min(askLimitMs, left) });
    // Another daemon may not answer for one that is gone.
    const why = over();
    if (why !== null) return why;
    if (answer.exitCode === 0) return null;
    await sleep(pollMs);
  }
}
