import { isConnecting } from '../progress/connecting.js';
import type { Step } from '../progress/timeline.js';
import type { LaneRecord } from '../results/journal.js';
import { armLanes, type PlannedArm } from '../scenario/plan.js';
import type { ReadIteration, ReadLane } from './evidence.js';

/**
 * Why an iteration says nothing of the builder, or null. Such a one is kept and counted as invalid, and left out
 * of every rate (DESIGN, "Invalid is neither").
 */
export function invalidReason(arm: PlannedArm, iteration: ReadIteration): string | null {
  return (
    iteration.event.spoilt ??
    notThere(arm, iteration.lanes) ??
    neverStarted(iteration.lanes) ??
    stopped(iteration) ??
    goneBefore(iteration) ??
    environmentFault(iteration.lanes) ??
    apart(arm, iteration.lanes)
  );
}

/** A lane of the plan that no record tells of: without it the iteration cannot be counted as clean. */
function notThere(arm: PlannedArm, lanes: readonly ReadLane[]): string | null {
  const missing = armLanes(arm).find(
    ({ name, cancelAfterMs }) => cancelAfterMs === null && !lanes.some(({ record }) => record.lane === name),
  );
  return missing === undefined ? null : neverStartedText(missing.name);
}

const neverStartedText = (lane: string): string => `lane ${lane} never started`;

/** Exit codes by which a shell tells that it could not run the program: not executable, not there. */
const notRun = [126, 127];

function neverStarted(lanes: readonly ReadLane[]): string | null {
  const lane = lanes.find(
    ({ record, evidence }) =>
      record.startMs === null ||
      (notRun.includes(record.exitCode ?? 0) && evidence.timeline.steps.length === 0),
  );
  return lane === undefined ? null : neverStartedText(lane.record.lane);
}

function stopped(iteration: ReadIteration): string | null {
  const record = iteration.lanes.map((lane) => lane.record).find((one) => isForeignKill(one));
  return record === undefined ? null : `lane ${record.lane} was killed by ${record.signal} from outside`;
}

/** A builder's client that dies of SIGKILL or SIGTERM without the harness asking was ended by somebody else. */
function isForeignKill(record: LaneRecord): boolean {
  return !record.timedOut && (record.signal === 'SIGKILL' || record.signal === 'SIGTERM');
}

/** A daemon that no lane reached was gone before; one that died under running steps is a find. */
function goneBefore(iteration: ReadIteration): string | null {
  const reached = iteration.lanes.some((lane) => !lane.evidence.timeline.steps.every(isConnecting));
  if (reached || iteration.event.builderGone === null) return null;
  return `the builder did not answer: ${iteration.event.builderGone}`;
}

const anywhere: readonly [RegExp, string][] = [
  [/no space left on device/i, 'no space left on the device'],
  [/disk quota exceeded/i, 'the disk quota is used up'],
  [/too many open files/i, 'too many open files'],
  [/\bfile too large\b/i, 'a file would be larger than allowed'],
  [
    // Shells, Go's fork, Go's runtime, and libc for programs in C. Looked at backwards: a line of forks takes no longer.
    /\bcannot fork\b|: resource temporarily unavailable(?<=\bfork\b.*)|failed to create new OS thread|pthread_create failed/i,
    'no more processes allowed',
  ],
  [/cannot allocate memory/i, 'out of memory'],
];
/** What a registry or the network says where an image's name is resolved or its content fetched. */
const whileFetching: readonly [RegExp, string][] = [
  [
    /no such host|temporary failure in name resolution|server misbehaving/i,
    'the registry’s name was not resolved',
  ],
  [/network is unreachable|no route to host/i, 'no network'],
  [/i\/o timeout|TLS handshake timeout|context deadline exceeded/i, 'the registry did not answer in time'],
  [/connection refused|connection reset by peer/i, 'the registry could not be reached'],
  [/toomanyrequests|429 Too Many Requests/i, 'the registry’s rate limit was reached'],
  [/5\d\d (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i, 'the registry failed'],
];

function environmentFault(lanes: readonly ReadLane[]): string | null {
  const failed = lanes.filter(({ evidence }) => evidence.outcome === 'failed');
  const faults = failed.flatMap(({ evidence: { timeline }, tail }) => [
    ...timeline.steps.map(stepFault),
    timeline.error === null ? null : match(anywhere, timeline.error.text),
    // Where no instruction ran, all that was printed is the builder's own; buildah tells the cause over several lines.
    timeline.steps.some(hasRun) ? null : (match(anywhere, tail) ?? registryFault(tail)),
  ]);
  return faults.find((fault) => fault !== null) ?? null;
}

/** What the lines say that are about a registry: a daemon that dies refuses connections too, on its socket. */
function registryFault(tail: string): string | null {
  const about = tail
    .split('\n')
    .filter((line) => /\bdial tcp\b|\blookup \S+|\bhttps?:\/\/|\bregistry\b/.test(line));
  return match(whileFetching, about.join('\n'));
}

function stepFault({ instruction, text, error }: Step): string | null {
  if (error === null) return null;
  const fetches =
    instruction === 'FROM' || /load metadata for|resolve image config|fetching image/.test(text);
  return match(anywhere, error) ?? (fetches ? match(whileFetching, error) : null);
}

/** Whether it is an instruction that did something; FROM and ARG do not run. */
function hasRun({ internal, instruction, status }: Step): boolean {
  if (internal || instruction === null || instruction === 'FROM' || instruction === 'ARG') return false;
  return status !== 'unfinished' && status !== 'cancelled';
}

function match(patterns: readonly [RegExp, string][], text: string): string | null {
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Lanes that were meant to run side by side and did not: a lane that overlapped with no other one tells nothing. */
function apart(arm: PlannedArm, lanes: readonly ReadLane[]): string | null {
  const records = new Map(lanes.map(({ record }) => [record.lane, record]));
  for (const step of arm.steps) {
    if (step.step !== 'build' || !step.together || step.lanes.length < 2) continue;
    // A lane that is ended in the middle is there to leave something behind, not to run beside the others.
    const group = step.lanes.flatMap(({ name }) => records.get(name) ?? []);
    const lonely = group.find((one) => !group.some((other) => other !== one && overlap(one, other)));
    if (lonely) return `lane ${lonely.lane} did not overlap with any other`;
  }
  return null;
}

function overlap(a: LaneRecord, b: LaneRecord): boolean {
  return beganBy(a) < (b.endMs ?? 0) && beganBy(b) < (a.endMs ?? 0);
}

/** The harness leaves the processor to the lanes while they start, and sees each start up to that much late. */
const seenLateMs = 10;

/** The earliest instant at which a lane can have begun; builds that fail at once would else never have met. */
function beganBy({ startMs, delayMs }: LaneRecord): number {
  return Math.max(delayMs, (startMs ?? 0) - seenLateMs);
}
