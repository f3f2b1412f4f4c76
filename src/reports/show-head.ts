import type { Colors } from 'picocolors/types.js';
import type { FindingDetail, IterationDetail, LaneDetail } from '../results/detail.js';
import { placeInFiles } from '../results/log-text.js';
import type { Plan } from '../scenario/plan.js';
import { simulatedBanner } from './banner.js';
import { cutText } from './cut-text.js';
import { terminalText } from './escape.js';
import { keptText } from './kept-text.js';
import { clipped, wrap, wrapWhole } from './width.js';

/** One iteration of a run, and where it is shown. */
export interface ShownIteration {
  readonly plan: Plan;
  readonly iteration: IterationDetail;
  /** Columns. */
  readonly width: number;
  /** `picocolors`, or its `createColors(false)` for plain lines. */
  readonly colors: Colors;
}

/** Which iteration it is, what was seen in it, and what is wrong with it. */
export function headLines({ plan, iteration, width, colors }: ShownIteration): readonly string[] {
  const { kind, version, simulated } = plan.builder;
  const role = plan.arms.find(({ name }) => name === iteration.arm)?.role;
  const on = `${plan.scenario.name} on ${[kind, version].filter(Boolean).join(' ')}`;
  const which = `iteration ${iteration.iteration} of ${iteration.arm}${role === undefined ? '' : ` (${role})`}`;
  const warned = (text: string) => wrap(terminalText(`! ${text}`), width).map(colors.bold);
  return [
    ...(simulated ? wrap(simulatedBanner, width).map((line) => colors.bold(colors.yellow(line))) : []),
    ...wrap(terminalText(`${on}: ${which}, ${seenText(iteration)}`), width).map(colors.bold),
    ...(iteration.invalid === null
      ? []
      : warned(`invalid, and left out of every rate: ${iteration.invalid}`)),
    ...(iteration.builderGone === null ? [] : warned(`after it, ${iteration.builderGone}`)),
  ];
}

function seenText({ findings, invalid }: IterationDetail): string {
  const signals = new Map(findings.map(({ signal, expected }) => [signal, expected]));
  if (signals.size > 0)
    return `seen: ${[...signals].map(([signal, expected]) => `${signal}${expected ? '' : ' (not expected)'}`).join(', ')}`;
  return invalid === null ? 'nothing seen' : 'not judged';
}

/** `lane a: failed with exit code 1, 0.00–0.62 s`, and what its log lacks. */
export function laneText(iteration: IterationDetail, lane: LaneDetail): string {
  const isOfSeveral = iteration.lanes.some(({ step }) => step > 0);
  const { record, startMs, endMs } = lane;
  const cut = cutText(lane);
  const parts = [
    `lane ${record.lane}${isOfSeveral ? ` (build step ${lane.step + 1})` : ''}: ${endText(lane)}`,
    startMs === null ? null : `${secondsText(startMs)}–${endMs === null ? '?' : secondsText(endMs)} s`,
    record.delayMs > 0 ? `started after ${record.delayMs} ms` : null,
    cut === null ? null : `its log is cut: ${cut}`,
  ];
  return terminalText(parts.filter((part) => part !== null).join(', '));
}

function endText({ record, outcome }: LaneDetail): string {
  const { cancelled, timedOut, signal, exitCode } = record;
  if (cancelled) return 'ended on purpose';
  if (timedOut) return 'ended at its time limit';
  if (signal !== null) return `ended by ${signal}`;
  if (exitCode !== null && exitCode !== 0) return `failed with exit code ${exitCode}`;
  return outcome === 'unknown' && exitCode === 0 ? 'succeeded, but its log cannot be read' : outcome;
}

/** Seconds, with as many decimals as lines' times are worth. */
export function secondsText(ms: number): string {
  const seconds = ms / 1000;
  return seconds.toFixed(seconds < 100 ? 2 : seconds < 10_000 ? 1 : 0);
}

/** What was found, with file and line; and what nobody could look for. */
export function findingLines(shown: ShownIteration): readonly string[] {
  const { iteration, width } = shown;
  const found = iteration.findings.flatMap((finding) => {
    const where = finding.lane === null ? 'the daemon’s log' : `lane ${finding.lane}`;
    const head = `${finding.signal}${finding.expected ? '' : ' (not expected)'}, ${where}: ${finding.message}`;
    const kept = keptText(finding.kept);
    return [
      ...indented(terminalText(head), 2, width),
      ...evidenceLines(shown, finding),
      ...(kept === null ? [] : wrapWhole(terminalText(kept), width - 4).map((part) => `    ${part}`)),
    ];
  });
  const blind = blindTexts(iteration).flatMap((text) => indented(terminalText(text), 2, width));
  return [
    ...(found.length === 0 ? [] : ['Findings:', ...found]),
    ...(blind.length === 0 ? [] : ['Could not look for:', ...blind]),
  ];
}

function evidenceLines({ iteration, width, colors }: ShownIteration, finding: FindingDetail): string[] {
  const log =
    finding.lane === null
      ? iteration.daemonLog
      : (iteration.lanes.find(({ record }) => record.lane === finding.lane)?.log ?? null);
  return finding.evidence.flatMap(({ line, text }) => {
    const place = log === null ? null : placeInFiles(log, line);
    const where = place === null ? `line ${line}` : `${place.file}:${place.line}`;
    return [
      ...wrapWhole(terminalText(where), width - 4).map((part) => `    ${colors.dim(part)}`),
      `      ${clipped(terminalText(text), width - 6)}`,
    ];
  });
}

/** Lanes and signals of one reason share a line. */
function blindTexts({ blind }: IterationDetail): readonly string[] {
  const groups = new Map<string, { signals: Set<string>; lanes: Set<string> }>();
  for (const { signal, lane, reason } of blind) {
    const group = groups.get(reason) ?? { signals: new Set(), lanes: new Set() };
    group.signals.add(signal);
    if (lane !== null) group.lanes.add(lane);
    groups.set(reason, group);
  }
  return [...groups].map(([reason, { signals, lanes }]) => {
    const where = lanes.size === 0 ? '' : ` (${[...lanes].join(', ')})`;
    return `${[...signals].join(', ')}${where}: ${reason}`;
  });
}

export function indented(text: string, by: number, width: number): string[] {
  return wrap(text, width - by).map((line) => ' '.repeat(by) + line);
}
