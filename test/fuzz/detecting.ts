import type { Detection, Detector } from '../../src/detectors/detector.js';
import { detectors } from '../../src/detectors/index.js';
import type { Timeline } from '../../src/progress/timeline.js';
import type { Signal } from '../../src/signals.js';

/** What the detectors (or one of them) see in a log alone, as `scan` asks them; those that do not apply are left out. */
export function scanTimeline(timeline: Timeline, only?: Detector): ReadonlyMap<Signal, Detection> {
  const iteration = {
    lanes: [
      {
        lane: 'a',
        timeline,
        outcome: timeline.outcome,
        exitCode: null,
        timedOut: false,
        context: null,
        step: 0,
        mustBeCached: [],
        mustRunOnce: [],
        image: null,
      },
    ],
    builderGone: null,
    cacheChecks: [],
    daemonLog: null,
  };
  const looking = (only === undefined ? detectors : [only]).filter((one) => one.appliesTo(iteration));
  return new Map(looking.map((one) => [one.signal, one.detect(iteration)]));
}
