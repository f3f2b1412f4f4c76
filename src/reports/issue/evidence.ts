import type { FindingDetail, IterationDetail, RunDetail } from '../../results/detail.js';
import { cutLog, inPieces, type LogText } from '../../results/log-text.js';
import { codeSpan, fenced } from '../escape.js';
import { keptText } from '../kept-text.js';
import { counted } from '../numbers.js';
import { chunk, type Part, shownLine, text } from './parts.js';
import type { Subject } from './subject.js';
import { shortProse } from './words.js';

const maxExcerpts = 4;
const maxExcerpt = 2_000;
const maxMarked = 8;
const around = 3;

interface Found {
  readonly iteration: IterationDetail;
  readonly finding: FindingDetail;
}

/** The lines that show the fault, marked, each with the log around it. */
export function evidence(detail: RunDetail, subject: Subject): Part[] {
  const found = telling(detail, subject);
  const shown = found.slice(0, maxExcerpts);
  const left = found.length - shown.length;
  return [
    ...shown.map((one, i) => text(excerpt(one), i === 0 ? 0 : 3)),
    ...(left > 0 ? [text(`And ${counted(left, 'more finding')}.`)] : []),
  ];
}

/**
 * Findings of the failing iteration, and of what it does not show the first of the same arm; expected ones first. What a
 * second lane says in the same words adds nothing.
 */
function telling({ iterations }: RunDetail, { arm, signals, failing }: Subject): Found[] {
  const ofArm = iterations.filter((one) => one.arm === arm?.name && one.invalid === null && one !== failing);
  const found = [...(failing === null ? [] : [failing]), ...ofArm].flatMap((iteration) =>
    iteration.findings.map((finding) => ({ iteration, finding })),
  );
  const asked = found.filter(({ finding: { signal } }) => signals.includes(signal));
  const first = asked.filter(
    ({ iteration, finding }) =>
      asked.find((one) => one.finding.signal === finding.signal)?.iteration === iteration,
  );
  return first
    .filter(
      (one, i) =>
        first.findIndex(
          ({ finding: { signal, message } }) =>
            signal === one.finding.signal && message === one.finding.message,
        ) === i,
    )
    .sort((a, b) => signals.indexOf(a.finding.signal) - signals.indexOf(b.finding.signal));
}

function excerpt({ iteration, finding }: Found): string {
  const { arm, iteration: number, lanes, daemonLog } = iteration;
  const lane = lanes.find(({ record }) => record.lane === finding.lane);
  const log = lane?.log ?? (finding.lane === null ? daemonLog : null);
  const where = lane === undefined ? 'log of the daemon' : `build ${codeSpan(lane.record.lane)}`;
  const kept = keptText(finding.kept);
  const head = `${codeSpan(finding.signal)}, iteration ${number} of ${codeSpan(arm)}, ${where}: ${shortProse(finding.message)}${kept === null ? '' : `; ${shortProse(kept)}`}`;
  const lines = markedLines(finding.evidence.slice(0, maxMarked), log);
  return lines.length === 0 ? head : `${head}\n\n${fenced(lines)}`;
}

/** `>` in front of the lines that show it. */
function markedLines(named: FindingDetail['evidence'], log: LogText | null): string[] {
  const shown = log === null ? [] : aroundLines(log, new Set(named.map(({ line }) => line)));
  // The log itself may be lost, or cut at that place: the finding has kept the lines.
  if (named.length > 0 && !shown.some((line) => line.startsWith('>')))
    return named.map((one) => `> ${shownLine(one.text)}`);
  return shown;
}

function aroundLines(log: LogText, marked: ReadonlySet<number>): string[] {
  const isNear = (line: number): boolean => [...marked].some((one) => Math.abs(one - line) <= around);
  const near = chunk(log)
    .log.pieces.flatMap(({ firstLine, lines }) => lines.map((one, i) => ({ line: firstLine + i, text: one })))
    .filter(({ line }) => isNear(line));
  const cost = (line: string): number => line.length + 4;
  const { pieces } = cutLog({ ...log, pieces: inPieces(near) }, maxExcerpt, cost, [...marked], around);
  return pieces.flatMap(({ firstLine, lines }, i) => [
    ...(i > 0 ? ['  …'] : []),
    ...lines.map((line, at) => `${marked.has(firstLine + at) ? '>' : ' '} ${line}`),
  ]);
}
