import { isConnecting } from '../progress/connecting.js';
import type { LogLine } from '../progress/timeline.js';
import { timeLimit, unrecognized, whyNotAll } from './blindness.js';
import type { Detector, IterationEvidence, LaneEvidence } from './detector.js';
import { always, lookAtLanes, orBlind, type Sight } from './lanes.js';
import { firstLine, headerLine, inLogOrder } from './lines.js';

/** The Go runtime's last words, whoever prints them. */
const crash = /\bpanic: |\bfatal error: |SIGSEGV|signal SIGABRT/;

/**
 * How clients tell that the other end of the connection went away: grpc-go's transport, the docker client, Apple's
 * XPC. `connection refused` and an EOF behind some other text are left out, since a registry that is down reads the
 * same; so is `the client connection is closing`, which another client's end can cause.
 */
const lostDaemon =
  /code = Unavailable|(?:^|: )Unavailable: |error reading from server|transport is closing|closing transport|transport: Error while dialing|\bdial unix |Cannot connect to the Docker daemon|XPC connection error|(?:^|desc = |failed to solve: )EOF$/i;

/**
 * The builder died under builds that were running. A lane that failed before any step is no such find: there the
 * environment was spoilt, and the iteration is invalid.
 */
export const builderCrashed: Detector = {
  signal: 'builder-crashed',
  summary: 'the builder died or panicked while builds ran',
  appliesTo: always,
  detect: (iteration) => lookAtLanes('builder-crashed', iteration, (lane) => look(iteration, lane)),
};

function look(iteration: IterationEvidence, lane: LaneEvidence): Sight {
  const { timeline, outcome } = lane;
  if (outcome === 'succeeded') return null;
  if (timeline.format === 'unknown') return { blind: lane.timedOut ? timeLimit : unrecognized };
  const trouble = troubleOf(lane).filter(({ line }) => timeline.steps.some((step) => step.line < line));
  // A daemon that dies takes its clients along: where one waited to its time limit, the daemon hangs, and that is `hang`.
  const gone = lane.timedOut || timeline.steps.every(isConnecting) ? null : iteration.builderGone;
  if (gone === null && trouble.length === 0)
    return lane.timedOut ? { blind: timeLimit } : orBlind(whyNotAll(lane));
  const last = timeline.steps.slice(-1).map((step) => headerLine(timeline, step));
  return {
    message:
      gone === null
        ? `the builder was lost: ${firstLine(trouble[0]?.text ?? '')}`
        : `the builder was lost: ${gone}`,
    evidence: inLogOrder([...last, ...trouble]),
  };
}

/** A client that the harness ended tells of connections that it lost itself; a panic it does not make up. */
function troubleOf({ timeline, timedOut }: LaneEvidence): readonly LogLine[] {
  const lines = timeline.error === null ? timeline.trouble : [...timeline.trouble, timeline.error];
  return lines.filter(({ text }) => crash.test(text) || (!timedOut && lostDaemon.test(text)));
}
