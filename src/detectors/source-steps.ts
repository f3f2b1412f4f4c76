import { normalizePlatform } from '../platforms.js';
import type { Step, Timeline } from '../progress/timeline.js';

/**
 * The steps of the stage that a COPY --from copies from: same bake target, same stage (names compare without case, as
 * in a Dockerfile; a number is the unnamed `stage-N`), same platform where both are known. Of a cross build `A->B`
 * either side may match: a stage on the build platform is made once for each target. Where no step matches the
 * platform, the stage is taken whole, since then it was made once for all. FROM steps are left out: a base image is
 * pulled lazily and may go on showing progress after its users are done.
 *
 * A rawjson log names each vertex's inputs, which says it without any guess.
 */
export function sourceSteps(timeline: Timeline, copy: Step): readonly Step[] {
  const stage = sourceStage(copy);
  if (stage === null) return [];
  const ofStage = timeline.steps.filter(
    (step) =>
      step !== copy &&
      !step.internal &&
      step.instruction !== 'FROM' &&
      step.target === copy.target &&
      step.stage?.toLowerCase() === stage,
  );
  const wanted = new Set(copy.inputs);
  const inputs = ofStage.filter((step) => step.digest !== null && wanted.has(step.digest));
  if (inputs.length > 0) return inputs;
  const matching = ofStage.filter((step) => maySharePlatform(step, copy));
  return withoutAmbiguous(timeline, copy, matching.length > 0 ? matching : ofStage);
}

function sourceStage({ from }: Step): string | null {
  if (from === null) return null;
  return /^\d+$/.test(from) ? `stage-${Number(from)}` : from.toLowerCase();
}

function maySharePlatform(source: Step, copy: Step): boolean {
  const a = platformsOf(source);
  const b = platformsOf(copy);
  return a.length === 0 || b.length === 0 || a.some((platform) => b.includes(platform));
}

function platformsOf(step: Step): readonly string[] {
  return [step.platform, step.targetPlatform].flatMap((platform) => {
    const normalized = platform === null ? null : normalizePlatform(platform);
    return normalized === null ? [] : [normalized];
  });
}

/**
 * Stages `FROM scratch` print no platform on RUN, even when several platforms are built. Then the same step stands
 * there once for each platform, and an unfinished one may be another platform's: it says nothing once a twin is done.
 */
function withoutAmbiguous(timeline: Timeline, copy: Step, sources: readonly Step[]): readonly Step[] {
  if (platformsOf(copy).length === 0 || new Set(timeline.steps.flatMap(platformsOf)).size < 2) return sources;
  const done = new Map<string, number>();
  for (const source of sources) if (isDone(source)) done.set(source.text, (done.get(source.text) ?? 0) + 1);
  return sources.filter((source) => {
    const doneTwins = (done.get(source.text) ?? 0) - (isDone(source) ? 1 : 0);
    return platformsOf(source).length > 0 || doneTwins === 0;
  });
}

function isDone({ status }: Step): boolean {
  return status === 'done' || status === 'cached';
}
