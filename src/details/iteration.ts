import { type ReadLane, readLane } from '../judgement/evidence.js';
import type { JoinedStreams } from '../judgement/joined-streams.js';
import { type Judgement, judgeIteration } from '../judgement/judge.js';
import { keptOf } from '../judgement/tally.js';
import type { FindingDetail, IterationDetail, LaneDetail } from '../results/detail.js';
import type { IterationFinished, LaneRecord } from '../results/journal.js';
import { layout } from '../results/layout.js';
import { type LineTimes, readLineTimes } from '../results/line-times.js';
import type { LogText } from '../results/log-text.js';
import type { StoredRun } from '../results/read.js';
import type { PlannedArm } from '../scenario/plan.js';
import { builderOffset, laneZero, rounded, stepTimes, type TimeOfLine } from './clock.js';
import { readLogText } from './log-reader.js';
import { readOneFile } from './one-file.js';
import { timedSteps } from './steps.js';

/** An iteration of which all is known but its logs: how much of them is read hangs on all that are shown. */
export interface DraftIteration {
  /** Its logs have no pieces. */
  readonly withoutLogs: IterationDetail;
  /** Of each of its logs. */
  readonly logSizes: readonly Pick<LogText, 'bytes' | 'lines'>[];
  /** With its logs. @param most characters of one log, about */
  withLogs(most: number): Promise<IterationDetail>;
  /** One lane's log, or (`null`) the daemon's; null: there is none. */
  readLog(lane: string | null, most: number): Promise<LogText | null>;
}

const noLog: LogText = { files: [], lines: 0, bytes: 0, pieces: [] };

/** Judges an iteration again and keeps what a report shows of it. No line of a log is kept until it is asked for. */
export async function draftIteration(
  run: StoredRun,
  arm: PlannedArm,
  event: IterationFinished,
): Promise<DraftIteration> {
  const { directory, plan } = run;
  const judgement = await judgeIteration(directory, plan, arm, event);
  const findings = findingsOf(arm, judgement);
  const judged = new Map(judgement.read.lanes.map((lane) => [lane.record, lane]));
  const zero = zeroOf(event);
  const lanes: {
    readonly log: JoinedStreams | null;
    readonly kept: readonly string[];
    readonly detail: LaneDetail;
  }[] = [];
  // One after the other: each may hold a file of many arrival times for as long as its steps are timed.
  for (const record of event.lanes) {
    const read = judged.get(record) ?? (await readLane(directory, plan, event, record).catch(() => null));
    // Of what was read only what is shown is kept: a timeline may have any number of steps.
    const kept = await readKept(directory, keptFiles(read), 0);
    const detail = { ...(await laneDetail(directory, record, read, findings, zero)), ...withoutPieces(kept) };
    lanes.push({ log: read?.log ?? null, kept: keptFiles(read), detail });
  }
  const daemon = await daemonLogOf(directory, event);
  const withoutLogs: IterationDetail = {
    arm: event.arm,
    iteration: event.iteration,
    at: event.at,
    invalid: judgement.invalid,
    findings,
    blind: judgement.sights.flatMap(({ signal, blind }) =>
      [...blind].map(([lane, reason]) => ({ signal, lane, reason })),
    ),
    lanes: lanes.map(({ detail }) => detail),
    spanMs: spanOf(lanes.map(({ detail }) => detail)),
    daemonLog: daemon,
    builderGone: event.builderGone,
  };
  const readLog = async (name: string | null, most: number): Promise<LogText | null> => {
    if (name === null) {
      const wanted = linesOf(findings, null);
      return daemon && readOneFile(directory, layout.daemonLog(event.arm, event.iteration), most, wanted);
    }
    const lane = lanes.find(({ detail }) => detail.record.lane === name);
    return lane === undefined ? null : laneLog(lane.log, lane.detail, most, findings);
  };
  return {
    withoutLogs,
    logSizes: [
      ...lanes.flatMap(({ detail }) => [detail.log, ...(detail.kept ?? [])]),
      ...(daemon === null ? [] : [daemon]),
    ],
    readLog,
    async withLogs(most) {
      const read: LaneDetail[] = [];
      for (const { detail, kept } of lanes) {
        const log = (await readLog(detail.record.lane, most)) ?? detail.log;
        read.push({ ...detail, log, ...(await readKept(directory, kept, most)) });
      }
      return { ...withoutLogs, lanes: read, daemonLog: await readLog(null, most) };
    },
  };
}

function keptFiles(read: ReadLane | null): string[] {
  return [read?.kept?.processes, read?.kept?.goroutines].filter((file) => typeof file === 'string');
}

/** What was kept of a lane at its time limit, each file as a log. */
async function readKept(
  directory: string,
  files: readonly string[],
  most: number,
): Promise<Pick<LaneDetail, 'kept'>> {
  const kept: LogText[] = [];
  for (const file of files) {
    const text = await readOneFile(directory, file, most);
    if (text !== null) kept.push(text);
  }
  return kept.length === 0 ? {} : { kept };
}

function withoutPieces({ kept }: Pick<LaneDetail, 'kept'>): Pick<LaneDetail, 'kept'> {
  return kept === undefined ? {} : { kept: kept.map((one) => ({ ...one, pieces: [] })) };
}

function findingsOf(arm: PlannedArm, judgement: Judgement): FindingDetail[] {
  return judgement.sights.flatMap(({ signal, findings }) =>
    findings.map((finding) => ({
      signal,
      expected: arm.expects.includes(signal),
      lane: finding.lane,
      message: finding.message,
      evidence: finding.evidence,
      ...keptOf(judgement, finding),
    })),
  );
}

/** The zero of the iteration's clock, in ms since 1970: the first instant that a lane's clock counts from; null: none did. */
function zeroOf({ lanes }: IterationFinished): number | null {
  const zeros = lanes.map(laneZero).filter((zero) => zero !== null);
  return zeros.length === 0 ? null : zeros.reduce((least, zero) => Math.min(least, zero));
}

function spanOf(lanes: readonly LaneDetail[]): number {
  const ends = lanes.flatMap(({ startMs, endMs, steps }) => [
    startMs,
    endMs,
    ...steps.flatMap((step) => [step.startMs, step.endMs]),
  ]);
  return ends.reduce<number>((most, end) => Math.max(most, end ?? 0), 0);
}

/** What a private daemon logged meanwhile, without its lines; null: there is no such file in the run directory. */
async function daemonLogOf(
  directory: string,
  { arm, iteration }: IterationFinished,
): Promise<LogText | null> {
  const read = await readOneFile(directory, layout.daemonLog(arm, iteration), 0);
  return read && { ...read, pieces: [] };
}

async function laneDetail(
  directory: string,
  record: LaneRecord,
  read: ReadLane | null,
  findings: readonly FindingDetail[],
  zero: number | null,
): Promise<LaneDetail> {
  const own = findings.filter(({ lane }) => lane === record.lane);
  const laneStart = laneZero(record);
  const onClock = (ms: number | null): number | null =>
    ms === null || laneStart === null || zero === null ? null : rounded(laneStart + ms - zero);
  const facts = {
    record,
    startMs: onClock(record.startMs),
    endMs: onClock(record.endMs),
    outcome: record.cancelled ? 'unknown' : (read?.evidence.outcome ?? 'unknown'),
  } as const;
  if (read === null)
    return {
      ...facts,
      ...{ step: 0, format: 'unknown', truncated: null, error: null },
      ...{ steps: [], stepsOmitted: 0, log: noLog },
    };
  const { timeline, step } = read.evidence;
  const timeOf = await arrivalTimes(directory, read, laneStart);
  const offset = builderOffset(timeline.steps, timeOf);
  const { steps, omitted } = timedSteps(timeline, own, (one) => stepTimes(one, timeOf, offset), zero);
  return {
    ...facts,
    step,
    format: timeline.format,
    truncated: timeline.truncated,
    error: timeline.error,
    steps,
    stepsOmitted: omitted,
    log: { files: read.log.files, lines: timeline.lines, bytes: timeline.bytes, pieces: [] },
  };
}

async function arrivalTimes(
  directory: string,
  { log, place }: ReadLane,
  laneStart: number | null,
): Promise<TimeOfLine> {
  if (laneStart === null) return () => null;
  const times = new Map<string, LineTimes>();
  for (const { file } of log.files) times.set(file, await readLineTimes(directory, file));
  return (line) => {
    const at = place(line);
    const ms = times.get(at.file)?.at(at.line) ?? null;
    return ms === null ? null : laneStart + ms;
  };
}

function linesOf(findings: readonly FindingDetail[], lane: string | null): number[] {
  return findings
    .filter((one) => one.lane === lane)
    .flatMap(({ evidence }) => evidence.map(({ line }) => line));
}

async function laneLog(
  log: JoinedStreams | null,
  { record, error, log: known }: LaneDetail,
  most: number,
  findings: readonly FindingDetail[],
): Promise<LogText> {
  if (log === null) return known;
  const wanted = [...(error === null ? [] : [error.line]), ...linesOf(findings, record.lane)];
  // A file may be gone since it was judged.
  const text = await readLogText(log.chunks(), most, wanted).catch(() => null);
  return text === null ? known : { ...known, ...text };
}
