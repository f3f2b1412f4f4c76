import { isExporter } from '../progress/verdict.js';
import { timeLimit } from './blindness.js';
import type { Detector, ImageFacts, IterationEvidence, LaneEvidence } from './detector.js';
import { differences } from './json-difference.js';
import { lookAtLanes, type Sight } from './lanes.js';
import { headerLine, shortDigest } from './lines.js';

/** Builds of one iteration that had to give one image gave several, told apart by their configs' digests. */
export const digestDrift: Detector = {
  signal: 'digest-drift',
  summary: 'builds that had to give the same image gave images of different digests',
  appliesTo: (iteration) => iteration.lanes.some((lane) => lane.image !== null),
  nothing: 'no build left an image',
  detect: (iteration) => lookAtLanes('digest-drift', iteration, (lane) => look(iteration, lane)),
};

function look({ lanes }: IterationEvidence, lane: LaneEvidence): Sight {
  const { image, timeline } = lane;
  if (image === null) return { blind: whyNoImage(lane) };
  const others = lanes.filter((other) => other !== lane && other.image !== null);
  if (others.length === 0) return { blind: 'no other build left an image to compare with' };
  const first = lanes.find((other) => other.image !== null);
  if (!first?.image || first.image.configDigest === image.configDigest) return null;
  const exporters = timeline.steps.filter((step) => step.internal && isExporter(step.text));
  return {
    message:
      `the image's config is ${shortDigest(image.configDigest)}, that of lane ${first.lane} ` +
      `${shortDigest(first.image.configDigest)}; ${compareCaches(first.image, image)}`,
    evidence: exporters.map((step) => headerLine(timeline, step)),
  };
}

/** The inline cache record is the part of a config that is known to change by itself (moby/buildkit#3009). */
function compareCaches(a: ImageFacts, b: ImageFacts): string {
  if (a.inlineCache === null && b.inlineCache === null) return 'neither has an inline cache record';
  const found = differences(a.inlineCache, b.inlineCache);
  return found.length === 0
    ? 'no difference was found in their inline cache records'
    : `their inline cache records differ: ${found.join('; ')}`;
}

function whyNoImage({ timedOut, outcome }: LaneEvidence): string {
  if (timedOut) return timeLimit;
  return outcome === 'failed' ? 'the build failed and left no image' : 'no image of this build was read';
}
