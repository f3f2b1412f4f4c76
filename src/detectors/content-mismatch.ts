import { whyNotAll } from './blindness.js';
import type { ContextFacts, Detector, LaneEvidence } from './detector.js';
import { lookAtLanes, orBlind, type Sight } from './lanes.js';
import { quoted } from './lines.js';
import { type FileCount, fileMarks, type Mark, whyNoMark } from './marks.js';

/**
 * What the build's own RUN steps counted and hashed is not what the context held. It is a find whether or not the
 * build succeeded; the exit code says nothing about it, which is why it is looked for.
 */
export const contentMismatch: Detector = {
  signal: 'content-mismatch',
  summary: 'the image does not hold what the build context held',
  appliesTo: (iteration) => iteration.lanes.some((lane) => lane.context !== null),
  nothing: 'no context was made',
  detect: (iteration) => lookAtLanes('content-mismatch', iteration, look),
};

/** Places that a message tells of. */
const maxPlaces = 4;

function look(lane: LaneEvidence): Sight {
  const { context } = lane;
  if (context === null) return null;
  const marks = fileMarks(lane.timeline);
  if (marks.length === 0) return { blind: whyNoMark(lane, 'what it counted') };
  const wrong = marks.filter((mark) => !matches(mark, context));
  if (wrong.length === 0) return orBlind(whyNotAll(lane));
  const places = [...new Map(wrong.map((mark) => [placeOf(mark), describe(mark, context)]))];
  const told = places.slice(0, maxPlaces).map(([place, text]) => `${place} holds ${text}`);
  const others = places.length > maxPlaces ? `; and ${places.length - maxPlaces} more places` : '';
  return {
    message: `${told.join('; ')}${others}`,
    evidence: wrong.map((mark) => mark.line),
  };
}

function matches({ fields }: Mark<FileCount>, context: ContextFacts): boolean {
  return fields.files === context.files && fields.sha256 === context.sha256.toLowerCase();
}

/** A build for several platforms prints each mark once for each of them. */
function placeOf({ step, fields }: Mark<FileCount>): string {
  const name = quoted(fields.name, 40);
  return step.platform === null ? name : `${name} (${quoted(step.platform, 40)})`;
}

function describe({ fields }: Mark<FileCount>, context: ContextFacts): string {
  const hashes = `sha256 ${fields.sha256.slice(0, 12)} instead of ${context.sha256.slice(0, 12)}`;
  return fields.files === context.files
    ? `${fields.files} files as the context did, but other ones (${hashes})`
    : `${fields.files} files where the context held ${context.files} (${hashes})`;
}
