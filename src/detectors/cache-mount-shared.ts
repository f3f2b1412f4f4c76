import { whyNotAll } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { lookAtLanes, orBlind, type Sight } from './lanes.js';
import { listed, quoted } from './lines.js';
import { marksOf, speakOf, whyNoMark } from './marks.js';

const beginning = /buildrace:\s+cache-mount\s+of=/i;
/** `buildrace: cache-mount of=amd64 holds=amd64,arm64`; nothing behind `holds=` is an empty mount. */
const pattern = /buildrace:\s+cache-mount\s+of=(\S{1,64})\s+holds=(\S*)/i;

/** A step's cache mount holds files that steps for another architecture put there. */
export const cacheMountShared: Detector = {
  signal: 'cache-mount-shared',
  summary: 'a cache mount holds files of another architecture',
  appliesTo: (iteration) => speakOf(iteration, beginning),
  nothing: 'no build told what its cache mount holds',
  detect: (iteration) => lookAtLanes('cache-mount-shared', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const marks = marksOf(lane.timeline.steps, pattern, ([of = '', holds = '']) => ({
    of: of.toLowerCase(),
    foreign: foreignTo(of.toLowerCase(), holds.toLowerCase()),
  }));
  if (marks.length === 0) return { blind: whyNoMark(lane, 'what its cache mount held') };
  const mixed = marks.filter(({ fields }) => fields.foreign.length > 0);
  if (mixed.length === 0) return orBlind(whyNotAll(lane));
  const texts = mixed.map(
    ({ fields: { of, foreign } }) =>
      `the cache mount of a step for ${of} holds files of ${listed(foreign.map((one) => quoted(one, 64)))}`,
  );
  return { message: [...new Set(texts)].slice(0, 4).join('; '), evidence: mixed.map((mark) => mark.line) };
}

function foreignTo(of: string, holds: string): readonly string[] {
  return [...new Set(holds.split(','))].filter((architecture) => architecture !== '' && architecture !== of);
}
