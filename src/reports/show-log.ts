import type { IterationDetail, LaneDetail } from '../results/detail.js';
import { type LogText, missingLines, placeInFiles } from '../results/log-text.js';
import { terminalText } from './escape.js';
import { counted } from './numbers.js';
import { headLines, laneText, type ShownIteration } from './show-head.js';
import { wrap, wrapWhole } from './width.js';

/**
 * A log with the numbers of its lines, `>` in front of those that findings name, and below them by which signals. Lines are
 * as long as they are, for whoever copies them. Ends in a newline.
 * @param lane null: the daemon's log
 */
export function logPage(shown: ShownIteration, lane: LaneDetail | null, log: LogText): string {
  const { iteration, width, colors } = shown;
  const title = lane === null ? 'the daemon’s log while it ran' : laneText(iteration, lane);
  const missing = missingLines(log);
  return `${[
    ...headLines(shown),
    ...wrap(title, width).map(colors.bold),
    ...(missing === 0
      ? []
      : wrap(`! ${counted(missing, 'line')} of ${log.lines} are left out, the log is too long`, width)),
    '',
    ...logLines(shown, log, marksOf(iteration, lane)),
  ].join('\n')}\n`;
}

function marksOf(
  { findings }: IterationDetail,
  lane: LaneDetail | null,
): ReadonlyMap<number, ReadonlySet<string>> {
  const marks = new Map<number, Set<string>>();
  const mark = (line: number, by: string) => marks.set(line, (marks.get(line) ?? new Set()).add(by));
  const name = lane?.record.lane ?? null;
  for (const { evidence, signal } of findings.filter((finding) => finding.lane === name))
    for (const { line } of evidence) mark(line, signal);
  if (lane?.error != null) mark(lane.error.line, 'the build’s closing error');
  return marks;
}

/** Lines are numbered as in their file, which is what evidence and editors name them by. */
function* logLines(
  { width, colors }: ShownIteration,
  log: LogText,
  marks: ReadonlyMap<number, ReadonlySet<string>>,
): Generator<string> {
  // A log that somebody read has a file, be it empty.
  if (log.lines === 0)
    yield* wrap(log.files.length === 0 ? 'its log cannot be read' : 'it printed nothing', width);
  const digits = String(log.lines).length;
  let next = 1;
  let file: string | null = null;
  for (const { firstLine, lines } of log.pieces) {
    if (firstLine > next) yield leftOut(firstLine - next, digits);
    for (const [i, text] of lines.entries()) {
      const line = firstLine + i;
      const place = placeInFiles(log, line);
      if (place !== null && place.file !== file) {
        file = place.file;
        yield* wrapWhole(terminalText(file), width).map(colors.dim);
      }
      const own = marks.get(line);
      const row =
        `${own === undefined ? ' ' : '>'} ${String(place?.line ?? line).padStart(digits)}  ${terminalText(text)}`.trimEnd();
      yield own === undefined ? row : colors.yellow(row);
      if (own !== undefined) yield `${' '.repeat(digits + 4)}${colors.bold(`^ ${[...own].join(', ')}`)}`;
    }
    next = firstLine + lines.length;
  }
  if (next <= log.lines) yield leftOut(log.lines - next + 1, digits);
}

const leftOut = (count: number, digits: number): string =>
  `${' '.repeat(digits + 4)}… ${counted(count, 'line')} left out …`;
