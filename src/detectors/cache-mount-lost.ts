import { whyNotAll } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { lookAtLanes, orBlind, type Sight } from './lanes.js';
import { listed, quoted } from './lines.js';
import { marksOf, speakOf, whyNoMark } from './marks.js';

const beginning = /buildrace:\s+cache-mount\s+marker=/i;
/** `buildrace: cache-mount marker=NAME found=no`, printed by the step behind the one that wrote the marker. */
const pattern = /buildrace:\s+cache-mount\s+marker=(\S{1,200})\s+found=(yes|no)(?!\S)/i;

/** What one step of a build wrote into a cache mount was gone when the next one looked for it. */
export const cacheMountLost: Detector = {
  signal: 'cache-mount-lost',
  summary: 'what a build wrote into a cache mount was gone when its next step looked',
  appliesTo: (iteration) => speakOf(iteration, beginning),
  nothing: 'no build told what its cache mount holds',
  detect: (iteration) => lookAtLanes('cache-mount-lost', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const marks = marksOf(lane.timeline.steps, pattern, ([marker = '', found = '']) => ({
    marker,
    isThere: found.toLowerCase() === 'yes',
  }));
  if (marks.length === 0) return { blind: whyNoMark(lane, 'whether its marker was still there') };
  const lost = marks.filter(({ fields }) => !fields.isThere);
  if (lost.length === 0) return orBlind(whyNotAll(lane));
  const markers = [...new Set(lost.map(({ fields }) => quoted(fields.marker)))];
  return {
    message: `the cache mount had lost what lane ${lane.lane} wrote into it one step before (marker ${listed(markers)})`,
    evidence: lost.map((mark) => mark.line),
  };
}
