import type { Timeline } from '../progress/timeline.js';
import type { IterationEvidence } from './detector.js';

/** The evidence of a log of which nothing is known but what stands in it. */
export function logAlone(timeline: Timeline): IterationEvidence {
  return {
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
    daemonLogHidden: null,
  };
}
