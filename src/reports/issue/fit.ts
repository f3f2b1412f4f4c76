import { cutLog, type LogText, levelFor, missingLines } from '../../results/log-text.js';
import { fenced } from '../escape.js';
import { counted } from '../numbers.js';
import { maxDocument } from '../sections.js';
import type { Chunk, CodePart, Part, WholePart } from './parts.js';

/**
 * Characters of a body as GitHub may count them against its 65,536: units of UTF-16, which are never fewer than code
 * points, and two for a line break, as browsers send CRLF.
 */
export function bodyLength(body: string): number {
  return body.length + body.split('\n').length - 1;
}

/** Room that logs keep, if they need it, before a file is shown whole. */
const roomForLogs = 20_000;

/**
 * Parts as one body of at most `limit` characters (`bodyLength`): files are shown whole in their order while there is
 * room, then the longest logs are cut in the middle, then texts are left out that can be spared. The body says so each time.
 */
export function fitted(parts: readonly Part[], limit: number = maxDocument): string {
  let kept = parts;
  let left = 0;
  for (;;) {
    const body = withLogs(kept, left, limit);
    const spare = kept.reduce((most, part) => Math.max(most, part.kind === 'text' ? part.spare : 0), 0);
    if (bodyLength(body) <= limit || spare === 0) return body;
    const at = kept.findLastIndex((part) => part.kind === 'text' && part.spare === spare);
    kept = kept.filter((_, i) => i !== at);
    left++;
  }
}

/** The largest body within the limit, or the smallest there is. */
function withLogs(parts: readonly Part[], left: number, limit: number): string {
  const whole = wholeThatFit(parts, left, limit);
  const costs = chunksOf(parts).map(costOf);
  const at = (room: number): string => render(parts, left, whole, levelFor(costs, Math.max(0, room)));
  let best = at(0);
  // What fences and notes of what was left out take, only a try tells; more room never gives a shorter body by much.
  let [low, high] = [0, limit - bodyLength(best)];
  for (let room = high; high - low > 0; room = Math.floor((low + high) / 2)) {
    const body = at(room);
    if (bodyLength(body) <= limit) {
      best = body;
      low = room;
      if (room === high) break;
    } else high = room;
    if (high - low < 200) break;
  }
  return best;
}

function wholeThatFit(parts: readonly Part[], left: number, limit: number): ReadonlySet<WholePart> {
  const fit = new Set<WholePart>();
  const logs = chunksOf(parts).reduce((sum, one) => sum + costOf(one), 0);
  const reserve = Math.min(roomForLogs, logs);
  for (const part of parts) {
    if (part.kind !== 'whole' || part.content.length > limit) continue;
    const withIt = new Set([...fit, part]);
    if (bodyLength(render(parts, left, withIt, 0)) + reserve <= limit) fit.add(part);
  }
  return fit;
}

function chunksOf(parts: readonly Part[]): Chunk[] {
  return parts.flatMap((part) => (part.kind === 'code' ? part.chunks : []));
}

const costOfLine = (line: string): number => line.length + 2;

function costOf({ log }: Chunk): number {
  return log.pieces.reduce((sum, { lines }) => sum + lines.reduce((all, one) => all + costOfLine(one), 0), 0);
}

function render(parts: readonly Part[], left: number, whole: ReadonlySet<WholePart>, level: number): string {
  const blocks = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'code') return codeBlock(part, level);
    return whole.has(part)
      ? folded(part.summary, fenced(linesOf(part.content), part.language))
      : part.otherwise;
  });
  if (left > 0)
    blocks.push(`Left out, to stay within what an issue can hold: ${counted(left, 'paragraph')}.`);
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function linesOf(content: string): string[] {
  const lines = content.split('\n');
  while (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

function codeBlock({ summary, language, chunks }: CodePart, level: number): string {
  const lines = chunks.flatMap(({ title, log, wanted }, i) => [
    ...(i > 0 && title !== null ? [''] : []),
    ...(title === null ? [] : [title]),
    ...logLines(cutLog(log, level, costOfLine, wanted)),
  ]);
  return folded(summary, fenced(lines, language));
}

/** The lines of a log, with a line wherever some are missing. */
export function logLines(log: LogText): string[] {
  if (log.lines === 0) return ['(empty)'];
  let next = 1;
  const lines = log.pieces.flatMap(({ firstLine, lines: own }) => {
    const gap = firstLine - next;
    next = firstLine + own.length;
    return [...gapLine(gap), ...own];
  });
  const shown = log.lines - missingLines(log);
  return shown === 0 ? gapLine(log.lines) : [...lines, ...gapLine(log.lines - next + 1)];
}

function gapLine(missing: number): string[] {
  return missing <= 0 ? [] : [`… ${counted(missing, 'line')} left out …`];
}

/** The blank lines make GitHub read what is inside as Markdown. */
function folded(summary: string | null, body: string): string {
  return summary === null ? body : `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
