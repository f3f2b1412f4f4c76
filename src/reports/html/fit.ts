import type { IterationDetail, LaneDetail, RunDetail, TimedStep } from '../../results/detail.js';
import { cutLog, type LogText, levelFor } from '../../results/log-text.js';
import { evidenceLines } from './evidence-lines.js';
import { iterationOf } from './places.js';
import { escapedBytes, shownLine } from './shown-text.js';

/** Bytes of a line of a log beside its text: its number, and two line breaks. */
const besideLine = 8;
/** Bytes that logs are worth before steps and iterations are. */
const leastForLogs = 1_500_000;

/** How much is shown beside logs, from all to little: steps over all lanes, and iterations. */
const extents = [
  { steps: 8_000, iterations: 60 },
  { steps: 4_000, iterations: 60 },
  { steps: 2_000, iterations: 40 },
  { steps: 1_000, iterations: 20 },
  { steps: 400, iterations: 8 },
  { steps: 100, iterations: 2 },
] as const;

/**
 * The page of a run, at most `most` bytes of UTF-8: the longest logs are cut in the middle first, to what is left beside all
 * else; where that is little, there are fewer steps, then fewer iterations.
 */
export function pageWithin(detail: RunDetail, most: number, render: (detail: RunDetail) => string): string {
  const whole = withHarmlessLogs(detail);
  let page = '';
  for (const { steps, iterations } of extents) {
    const part = withSteps(withIterations(whole, iterations), steps);
    const bare = Buffer.byteLength(render(withLogs(part, 0)));
    const wanted = costs(part).reduce((sum, one) => sum + one, 0);
    if (bare + Math.min(wanted, leastForLogs) > most && iterations > 2) continue;
    let room = most - bare;
    // What cuts add is known once they are made.
    for (let attempt = 0; attempt < 4 && room > 0; attempt++) {
      page = render(withLogs(part, room));
      const over = Buffer.byteLength(page) - most;
      if (over <= 0) return page;
      room = Math.min(room, wanted) - over - 20_000;
    }
    page = render(withLogs(part, 0));
    if (Buffer.byteLength(page) <= most) return page;
  }
  return page;
}

function lineCost(line: string): number {
  return escapedBytes(line) + besideLine;
}

function costs(detail: RunDetail): number[] {
  return logsOf(detail).map((log) =>
    log.pieces.reduce((sum, { lines }) => sum + lines.reduce((all, line) => all + lineCost(line), 0), 0),
  );
}

function logsOf({ iterations, daemons }: RunDetail): LogText[] {
  return [
    ...iterations.flatMap(({ lanes, daemonLog }) => [
      ...lanes.flatMap(({ log, kept = [] }) => [log, ...kept]),
      ...(daemonLog === null ? [] : [daemonLog]),
    ]),
    ...daemons.map(({ log }) => log),
  ];
}

/** Every line as it is shown, so that it is made so once. */
function withHarmlessLogs(detail: RunDetail): RunDetail {
  return mapLogs(detail, (log) => ({
    ...log,
    pieces: log.pieces.map(({ firstLine, lines }) => ({ firstLine, lines: lines.map(shownLine) })),
  }));
}

/** Logs that cost `budget` bytes in all at most; lines that findings name, and those around them, stay first. */
export function withLogs(detail: RunDetail, budget: number): RunDetail {
  const level = levelFor(costs(detail), Math.max(0, budget));
  if (level === Number.POSITIVE_INFINITY) return detail;
  return mapLogs(detail, (log, evidence) => cutLog(log, level, lineCost, [...evidence]));
}

function mapLogs(
  detail: RunDetail,
  change: (log: LogText, evidence: ReadonlySet<number>) => LogText,
): RunDetail {
  const none = new Set<number>();
  return {
    ...detail,
    iterations: detail.iterations.map((one) => ({
      ...one,
      lanes: one.lanes.map((lane) => ({
        ...lane,
        log: change(lane.log, evidenceLines(one, lane.record.lane)),
        ...(lane.kept === undefined ? {} : { kept: lane.kept.map((log) => change(log, none)) }),
      })),
      daemonLog: one.daemonLog === null ? null : change(one.daemonLog, evidenceLines(one, null)),
    })),
    daemons: detail.daemons.map(({ name, log }) => ({ name, log: change(log, none) })),
  };
}

/** The pair, then iterations that show something, then others, until there are `most`; in the order given. */
export function withIterations(detail: RunDetail, most: number): RunDetail {
  const { iterations } = detail;
  if (iterations.length <= most) return detail;
  const pair = [detail.firstFailing, detail.clean].map((name) => iterationOf(detail, name));
  const rank = (one: IterationDetail): number => {
    if (pair.includes(one)) return 0;
    return one.findings.length > 0 ? 1 : 2;
  };
  const kept = new Set([...iterations].sort((a, b) => rank(a) - rank(b)).slice(0, most));
  return {
    ...detail,
    iterations: iterations.filter((one) => kept.has(one)),
    omitted: detail.omitted + iterations.length - kept.size,
  };
}

/** At most `most` steps over all lanes: the longest lanes lose theirs first. */
export function withSteps(detail: RunDetail, most: number): RunDetail {
  const counts = detail.iterations.flatMap(({ lanes }) => lanes.map(({ steps }) => steps.length));
  const level = levelFor(counts, most);
  if (level === Number.POSITIVE_INFINITY) return detail;
  return {
    ...detail,
    iterations: detail.iterations.map((one) => ({
      ...one,
      lanes: one.lanes.map((lane) => withStepsOfLane(lane, level)),
    })),
  };
}

/** Steps that findings name stay first, then their sources and those that failed. */
function withStepsOfLane(lane: LaneDetail, most: number): LaneDetail {
  const { steps } = lane;
  if (steps.length <= most) return lane;
  const sources = new Set(steps.filter(({ marked }) => marked.length > 0).map(({ source }) => source));
  const rank = (step: TimedStep, at: number): number => {
    if (step.marked.length > 0) return 0;
    return sources.has(at) || step.status === 'error' ? 1 : 2;
  };
  const kept = steps
    .map((step, at) => ({ at, rank: rank(step, at) }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, most)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  const places = new Map(kept.map((at, place) => [at, place]));
  return {
    ...lane,
    steps: kept.flatMap((at) => {
      const step = steps[at];
      if (step === undefined) return [];
      return [{ ...step, source: step.source === null ? null : (places.get(step.source) ?? null) }];
    }),
    stepsOmitted: lane.stepsOmitted + steps.length - kept.length,
  };
}
