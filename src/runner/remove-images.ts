import type { Builder } from '../builders/builder.js';
import type { Bench } from './bench.js';
import { whyNoAnswer } from './builder-state.js';
import { forgetImages, type ImageRecord, imagesIn } from './image-record.js';
import { usualPatience } from './patience.js';

/** Images that are removed by one command: a command line has an end, and so has what a builder does in its time. */
const together = 50;
/** Nothing waits for it any more but the end of the run. */
const lastLimitMs = 30_000;

/** Removes images that builds may have made; false where some may still be there, because the builder did not do it. */
export async function removeImages(
  { setting, aside }: Pick<Bench, 'setting' | 'aside'>,
  builder: Builder,
  tags: readonly string[],
  timeoutMs: number,
): Promise<boolean> {
  const command = tags.length === 0 ? null : builder.removeImages(tags);
  if (command === null) return true;
  const { timedOut, exitCode, stderr } = await aside(command, { timeoutMs });
  setting.log.debug({ command, timedOut, exitCode, stderr }, 'images removed');
  // Without an exit code it was not started, or killed.
  if (timedOut || exitCode === null) return false;
  if (exitCode === 0) return true;
  // Some fail over a name that is not there, which is what a build that failed leaves; all do without their daemon.
  const { answerMs } = { ...usualPatience, ...setting.patience };
  return (await whyNoAnswer(builder, Math.min(answerMs, timeoutMs))) === null;
}

/**
 * Tries once more, at the end of a run, to remove what could not be removed before. What stays stays noted, in a scratch
 * folder that `withScratch` leaves for that, and the observer is told.
 */
export async function removeLeftImages(
  bench: Pick<Bench, 'setting' | 'aside'>,
  scratch: string,
): Promise<void> {
  const { builder, abort, log, observer } = bench.setting;
  // Who wants the end is not kept waiting for a builder that did not do it a moment ago.
  const noted = imagesIn(scratch)?.tags ?? [];
  for (let done = 0; done < noted.length && !abort.aborted; done += together) {
    const some = noted.slice(done, done + together);
    if (!(await removeImages(bench, builder, some, lastLimitMs))) break;
    // All so far: on a full disk a shorter note cannot be written, and then the last one is to be removed all the same.
    forgetImages(scratch, noted.slice(0, done + together));
  }
  const left: ImageRecord | null = imagesIn(scratch);
  if (left === null) return;
  log.warn({ images: left }, 'images not removed');
  observer.imagesLeft?.(left);
}
