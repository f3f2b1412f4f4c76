import { chooseShown, type Sketch } from '../details/choose.js';
import { leastPerLine } from '../details/log-reader.js';
import type { DetailLimits } from '../details/read-details.js';
import type { IterationDetail, IterationName, LaneDetail, RunDetail } from '../results/detail.js';
import { cutLog, type LogText, levelFor } from '../results/log-text.js';

/** Lines on both sides of evidence that stay first. */
const around = 10;

/** As much of a run's details as a report has room for, chosen as if the run were read for that report alone. */
export function narrowed(detail: RunDetail, limits: DetailLimits): RunDetail {
  const sketches = new Map(detail.iterations.map((one) => [sketchOf(detail, one), one]));
  const named = (name: IterationName | null): Sketch | null =>
    [...sketches.keys()].find((one) => one.arm === name?.arm && one.iteration === name.iteration) ?? null;
  const pair = { firstFailing: named(detail.firstFailing), clean: named(detail.clean) };
  const chosen = chooseShown([...sketches.keys()], limits, pair);
  const iterations = chosen.flatMap((sketch) => sketches.get(sketch) ?? []);
  const logs = [
    ...iterations.flatMap(({ lanes, daemonLog }) => [
      ...lanes.flatMap(({ log, kept = [] }) => [log, ...kept]),
      daemonLog,
    ]),
    ...detail.daemons.map(({ log }) => log),
  ];
  const level = levelFor(
    logs.map((log) => (log === null ? 0 : charactersOf(log))),
    limits.logCharacters,
  );
  return {
    ...detail,
    iterations: iterations.map((one) => withCutLogs(one, level)),
    omitted: detail.omitted + detail.iterations.length - iterations.length,
    daemons: detail.daemons.map(({ name, log }) => ({ name, log: cutLog(log, level, costIn(log)) })),
  };
}

function sketchOf({ plan }: RunDetail, iteration: IterationDetail): Sketch {
  const arm = plan.arms.find(({ name }) => name === iteration.arm);
  return {
    arm: iteration.arm,
    iteration: iteration.iteration,
    role: arm?.role ?? 'alone',
    of: arm?.of ?? null,
    valid: iteration.invalid === null,
    shown: iteration.findings.map(({ signal }) => signal),
    expected: iteration.findings.filter(({ expected }) => expected).map(({ signal }) => signal),
    blind: iteration.blind.map(({ signal }) => signal),
    lanes: iteration.lanes.length,
  };
}

function withCutLogs(iteration: IterationDetail, level: number): IterationDetail {
  const { daemonLog } = iteration;
  return {
    ...iteration,
    lanes: iteration.lanes.map((lane) => ({
      ...lane,
      log: cutLog(lane.log, level, costIn(lane.log), wantedOf(iteration, lane), around),
      ...(lane.kept === undefined ? {} : { kept: lane.kept.map((log) => cutLog(log, level, costIn(log))) }),
    })),
    daemonLog:
      daemonLog === null
        ? null
        : cutLog(daemonLog, level, costIn(daemonLog), evidenceOf(iteration, null), around),
  };
}

/** Lines of a lane's log that a report points at. */
export function wantedOf(iteration: IterationDetail, { record, error }: LaneDetail): number[] {
  return [...evidenceOf(iteration, record.lane), ...(error === null ? [] : [error.line])];
}

/** Lines that findings name in the log of a lane; null: of the daemon. */
export function evidenceOf({ findings }: IterationDetail, lane: string | null): number[] {
  return findings
    .filter((one) => one.lane === lane)
    .flatMap(({ evidence }) => evidence.map(({ line }) => line));
}

function charactersOf(log: LogText): number {
  const cost = costIn(log);
  return log.pieces.reduce((sum, { lines }) => lines.reduce((all, line) => all + cost(line), sum), 0);
}

const lineCost = (line: string): number => line.length + 1;
const leastCost = (line: string): number => Math.max(leastPerLine, lineCost(line));

/** What lines of a log cost: in one of very short lines, each as much as when logs are read. */
function costIn({ pieces }: LogText): (line: string) => number {
  let characters = 0;
  let count = 0;
  for (const { lines } of pieces) {
    count += lines.length;
    for (const line of lines) characters += lineCost(line);
  }
  return characters < count * leastPerLine && count > manyLines ? leastCost : lineCost;
}

/** Fewer cost nothing, however short they are. */
const manyLines = 20_000;
