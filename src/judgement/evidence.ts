import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageFacts, IterationEvidence, LaneEvidence } from '../detectors/detector.js';
import { systemReason, UserError } from '../errors.js';
import { leftOutOfMiddle, saysLeftOut } from '../progress/left-out.js';
import { parseLog } from '../progress/parse.js';
import { type LogLine, maxTextLength, type Timeline } from '../progress/timeline.js';
import type { DaemonLogCut, IterationFinished, LaneRecord } from '../results/journal.js';
import type { KeptAtLimit } from '../results/kept.js';
import { inlineCacheOf, layout } from '../results/layout.js';
import { fileInside } from '../scenario/folder.js';
import type { Plan } from '../scenario/plan.js';
import { JoinedStreams, type Place } from './joined-streams.js';
import { keptAtLimit, lastLines } from './time-limit.js';

/** A lane's evidence, and the way back to the files it came from. */
export interface ReadLane {
  readonly evidence: LaneEvidence;
  readonly record: LaneRecord;
  /** The end of what it printed. */
  readonly tail: string;
  readonly place: (line: number) => Place;
  /** What it printed, read to its end once; to be read again by whoever shows it. */
  readonly log: JoinedStreams;
  /** What was kept at its time limit; null where it ended before, or was to be ended. */
  readonly kept: KeptAtLimit | null;
}

export interface ReadIteration {
  readonly event: IterationFinished;
  readonly lanes: readonly ReadLane[];
  readonly evidence: IterationEvidence;
}

/**
 * Reads what the lanes of one iteration printed.
 * @throws {UserError} when a log is missing or is a link that leads out of the run directory.
 */
export async function readIteration(
  directory: string,
  plan: Plan,
  event: IterationFinished,
): Promise<ReadIteration> {
  // What was to be ended in the middle says nothing of how builds end.
  const records = event.lanes.filter((record) => !record.cancelled);
  const lanes = await Promise.all(records.map((record) => readLane(directory, plan, event, record)));
  return {
    event,
    lanes,
    evidence: {
      lanes: lanes.map((lane) => lane.evidence),
      builderGone: event.builderGone,
      cacheChecks: event.cacheChecks,
      ...(await readDaemonLog(directory, event)),
    },
  };
}

/** Reads what one lane printed. @throws {UserError} as `readIteration` does. */
export async function readLane(
  directory: string,
  plan: Plan,
  event: IterationFinished,
  record: LaneRecord,
): Promise<ReadLane> {
  const file = (stream: 'stdout' | 'stderr'): string =>
    layout.stream(event.arm, event.iteration, record.lane, stream);
  // Builders that print their steps on stdout print the closing error on stderr: together they are the log.
  const streams: readonly ('stdout' | 'stderr')[] =
    plan.builder.progressStream === 'stdout' ? ['stdout', 'stderr'] : ['stderr'];
  const joined = new JoinedStreams(directory, streams.map(file));
  const timeline = await parseCut(
    joined,
    record.cuts
      .filter(({ stream }) => streams.includes(stream))
      .map(({ stream, line }) => ({ file: file(stream), line })),
  );
  return {
    record,
    tail: joined.tail,
    place: (line) => joined.place(line),
    log: joined,
    kept: await keptAtLimit(directory, plan, event, record),
    evidence: {
      lane: record.lane,
      timeline,
      outcome: record.exitCode === 0 ? 'succeeded' : 'failed',
      exitCode: record.exitCode,
      timedOut: record.timedOut,
      ...(record.timedOut ? { lastLines: await lastLines(directory, plan, record, joined) } : {}),
      context: record.context,
      ...plannedFor(plan, event.arm, record.lane),
      image: await readImageFacts(directory, event, record),
    },
  };
}

/** A builder prints what it likes: only the journal tells which lines stand for what was left out. */
async function parseCut(joined: JoinedStreams, gaps: readonly Place[]): Promise<Timeline> {
  if (gaps.length === 0) return parseLog(joined.chunks(), () => false);
  const keys = new Set(gaps.map(placeKey));
  const timeline = await parseLog(
    joined.chunks(),
    (text, line) => saysLeftOut(text) && keys.has(placeKey(joined.placeWhileRead(line))),
  );
  // The line itself is not met where it stands in front of all that was recognized.
  return { ...timeline, truncated: leftOutOfMiddle };
}

const placeKey = ({ file, line }: Place): string => `${line} ${file}`;

/** What the plan says of a lane: the place of its step among the arm's builds, and what its build has to do. */
function plannedFor(
  plan: Plan,
  armName: string,
  laneName: string,
): Pick<LaneEvidence, 'step' | 'mustBeCached' | 'mustRunOnce'> {
  const steps = plan.arms.find(({ name }) => name === armName)?.steps ?? [];
  const builds = steps.flatMap((step) => (step.step === 'build' ? [step.lanes] : []));
  const step = builds.findIndex((lanes) => lanes.some(({ name }) => name === laneName));
  const build = builds[step]?.find(({ name }) => name === laneName)?.build;
  return {
    step: Math.max(0, step),
    mustBeCached: build?.mustBeCached ?? [],
    mustRunOnce: build?.mustRunOnce ?? [],
  };
}

async function readImageFacts(
  directory: string,
  { arm, iteration }: IterationFinished,
  { lane, image }: LaneRecord,
): Promise<ImageFacts | null> {
  if (image === null) return null;
  const file = path.posix.join(layout.iteration(arm, iteration), inlineCacheOf(lane));
  const { bytes } = await readKept(directory, file);
  return { ...image, inlineCache: bytes === null ? null : parseJson(bytes.toString('utf8')) };
}

/** A record that cannot be read is none; the digests count, and it only explains them. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Longest kept file beside the logs that is read, in bytes. */
const maxKeptBytes = 32 * 1024 * 1024;

/** A file that only some iterations have; `unread`: why it is there and says nothing. */
interface KeptFile {
  readonly bytes: Buffer | null;
  readonly unread: string | null;
}

/** @throws {UserError} when it cannot be read: what it would have shown is not to be taken for nothing. */
async function readKept(directory: string, file: string): Promise<KeptFile> {
  const absolute = path.join(directory, file);
  const found = await lstat(absolute).catch(() => null);
  if (found === null) return { bytes: null, unread: null };
  if (!found.isFile()) return { bytes: null, unread: 'it is no regular file' };
  if (found.size > maxKeptBytes) return { bytes: null, unread: 'it is too large' };
  const inside = await fileInside(directory, file, 'the file');
  const bytes = await readFile(inside).catch((error: unknown) => {
    throw new UserError(`${inside} cannot be read (${systemReason(error)})`);
  });
  return { bytes, unread: null };
}

async function readDaemonLog(
  directory: string,
  { arm, iteration, daemonLogCut }: IterationFinished,
): Promise<Pick<IterationEvidence, 'daemonLog' | 'daemonLogHidden'>> {
  const { bytes, unread } = await readKept(directory, layout.daemonLog(arm, iteration));
  const daemonLog = bytes && { [Symbol.iterator]: () => linesOf(bytes) };
  return { daemonLog, daemonLogHidden: whyHidden(unread, daemonLogCut) };
}

/** No character of a text takes more bytes; a pair of surrogates takes four. */
const maxLineBytes = (maxTextLength + 1) * 3;

/** One after the other, as a log can be nothing but ends of lines: as objects they take sixty times its size. */
function* linesOf(bytes: Buffer): Generator<LogLine> {
  for (let line = 1, start = 0; start <= bytes.length; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const text = bytes.toString('utf8', start, Math.min(end, start + maxLineBytes));
    yield { line, text: text.slice(0, maxTextLength) };
    start = end + 1;
  }
}

function whyHidden(unread: string | null, cut: DaemonLogCut | null): string | null {
  if (unread !== null) return `the daemon's log was not read: ${unread}`;
  return cut === null ? null : `the daemon's log was cut: ${leftOutOfMiddle}`;
}
