import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { type ReadLane, readLane } from '../judgement/evidence.js';
import { type Judgement, judgeIteration } from '../judgement/judge.js';
import type { Step } from '../progress/timeline.js';
import type { FindingDetail, IterationDetail, LaneDetail } from '../results/detail.js';
import type { IterationFinished, LaneRecord } from '../results/journal.js';
import { layout } from '../results/layout.js';
import type { LogText } from '../results/log-text.js';
import type { StoredRun } from '../results/read.js';
import type { PlannedArm } from '../scenario/plan.js';
import { type LineTimes, laneZero, readLineTimes, stepTimes } from './clock.js';
import { readLogText } from './log-reader.js';
import { readOneFile } from './one-file.js';
import { timedSteps } from './steps.js';

/** An iteration of which all is known but its logs: how much of them is read hangs on all that are shown. */
export interface DraftIteration {
  /** Bytes of each of its logs. */
  readonly logSizes: readonly number[];
  /** @param most characters of one log */
  read(most: number): Promise<IterationDetail>;
}

interface DraftLane {
  readonly record: LaneRecord;
  /** Null: what it printed cannot be read. */
  readonly read: ReadLane | null;
  readonly times: ReadonlyMap<string, LineTimes>;
}

/** Judges an iteration again and keeps what a report shows of it. */
export async function draftIteration(run: StoredRun, event: IterationFinished): Promise<DraftIteration> {
  const { directory, plan } = run;
  const arm = plan.arms.find(({ name }) => name === event.arm);
  const judgement = arm === undefined ? null : await judgeIteration(directory, plan, arm, event);
  const lanes = await Promise.all(
    event.lanes.map(async (record): Promise<DraftLane> => {
      const known = judgement?.read.lanes.find((lane) => lane.record.lane === record.lane);
      const read = known ?? (await readLane(directory, plan, event, record).catch(() => null));
      const files = read?.log.files ?? [];
      const times = await Promise.all(
        files.map(async ({ file }) => [file, await readLineTimes(directory, file)] as const),
      );
      return { record, read, times: new Map(times) };
    }),
  );
  const daemonLog = layout.daemonLog(event.arm, event.iteration);
  const found = await lstat(path.join(directory, daemonLog)).catch(() => null);
  const daemonBytes = found?.isFile() === true ? found.size : null;
  return {
    logSizes: [...lanes.map(({ read }) => read?.evidence.timeline.bytes ?? 0), daemonBytes ?? 0],
    async read(most) {
      const findings = findingsOf(arm, judgement);
      const linesOf = (lane: string | null): number[] =>
        findings
          .filter((one) => one.lane === lane)
          .flatMap(({ evidence }) => evidence.map(({ line }) => line));
      const zero = zeroOf(event);
      const shown = [];
      for (const lane of lanes) shown.push(await laneDetail(lane, findings, zero, most));
      return {
        arm: event.arm,
        iteration: event.iteration,
        at: event.at,
        invalid: judgement === null ? 'its arm is not in the plan' : judgement.invalid,
        findings,
        blind: (judgement?.sights ?? []).flatMap(({ signal, blind }) =>
          [...blind].map(([lane, reason]) => ({ signal, lane, reason })),
        ),
        lanes: shown,
        spanMs: Math.max(0, ...shown.map(({ endMs }) => endMs ?? 0)),
        daemonLog:
          daemonBytes === null
            ? null
            : await readOneFile(directory, daemonLog, daemonBytes, most, linesOf(null)),
        builderGone: event.builderGone,
      };
    },
  };
}

function findingsOf(arm: PlannedArm | undefined, judgement: Judgement | null): FindingDetail[] {
  return (judgement?.sights ?? []).flatMap(({ signal, findings }) =>
    findings.map(({ lane, message, evidence }) => ({
      signal,
      expected: arm?.expects.includes(signal) === true,
      lane,
      message,
      evidence,
    })),
  );
}

/** The zero of the iteration's clock, in ms since 1970: the first instant that a lane's clock counts from. */
function zeroOf({ lanes, at }: IterationFinished): number {
  const zeros = lanes.map(laneZero).filter((zero) => zero !== null);
  return zeros.length === 0 ? Date.parse(at) : Math.min(...zeros);
}

async function laneDetail(
  { record, read, times }: DraftLane,
  findings: readonly FindingDetail[],
  zero: number,
  most: number,
): Promise<LaneDetail> {
  const own = findings.filter(({ lane }) => lane === record.lane);
  const laneStart = laneZero(record);
  const timeOf = (line: number): number | null => {
    const place = read?.place(line);
    const ms = place === undefined ? null : (times.get(place.file)?.at(place.line) ?? null);
    return ms === null || laneStart === null ? null : laneStart + ms;
  };
  const timeline = read?.evidence.timeline;
  const { steps, omitted } = timedSteps(
    timeline?.steps ?? [],
    own,
    (step: Step) => stepTimes(step, timeOf),
    zero,
  );
  const onClock = (ms: number | null): number | null =>
    ms === null || laneStart === null ? null : laneStart + ms - zero;
  const wanted = [...own.flatMap(({ evidence }) => evidence), timeline?.error ?? null];
  return {
    record,
    step: read?.evidence.step ?? 0,
    outcome: record.cancelled ? 'unknown' : (read?.evidence.outcome ?? 'unknown'),
    startMs: onClock(record.startMs),
    endMs: onClock(record.endMs),
    format: timeline?.format ?? 'unknown',
    truncated: timeline?.truncated ?? null,
    error: timeline?.error ?? null,
    steps,
    stepsOmitted: omitted,
    log: await laneLog(
      read,
      most,
      wanted.flatMap((one) => (one === null ? [] : [one.line])),
    ),
  };
}

async function laneLog(read: ReadLane | null, most: number, wanted: readonly number[]): Promise<LogText> {
  if (read === null) return { files: [], lines: 0, bytes: 0, pieces: [] };
  const { bytes } = read.evidence.timeline;
  const { files } = read.log;
  const text = await readLogText(read.log.chunks(), most, wanted).catch(() => null);
  return { files, bytes, ...(text ?? { lines: read.evidence.timeline.lines, pieces: [] }) };
}
