import type { Detection, Detector } from '../../src/detectors/detector.js';
import { detectors } from '../../src/detectors/index.js';
import { logAlone } from '../../src/detectors/log-alone.js';
import type { Timeline } from '../../src/progress/timeline.js';
import type { Signal } from '../../src/signals.js';

/** What the detectors (or one of them) see in a log alone, as `scan` asks them; those that do not apply are left out. */
export function scanTimeline(timeline: Timeline, only?: Detector): ReadonlyMap<Signal, Detection> {
  const iteration = logAlone(timeline);
  const looking = (only === undefined ? detectors : [only]).filter((one) => one.appliesTo(iteration));
  return new Map(looking.map((one) => [one.signal, one.detect(iteration)]));
}
