import type { LogLine, Step, Timeline } from '../progress/timeline.js';

/** The first header of a step, as far as it can be told from a timeline how its format prints one. */
export function headerLine(timeline: Timeline, step: Step): LogLine {
  return { line: step.line, text: withLead(timeline, step, step.name) };
}

/** A failed step: its header and below it its error, or the one line that shows both. */
export function failureLines(timeline: Timeline, step: Step): readonly LogLine[] {
  const line = step.endLine ?? step.line;
  const error = step.error === null ? '' : firstLine(step.error);
  if (timeline.format === 'tty') return [{ line, text: withLead(timeline, step, `ERROR ${step.name}`) }];
  if (timeline.format === 'rawjson' || line === step.line) {
    return [{ line, text: withLead(timeline, step, error === '' ? step.name : `${step.name}: ${error}`) }];
  }
  const text = timeline.format === 'plain' ? withLead(timeline, step, `ERROR: ${error}`.trim()) : error;
  return [headerLine(timeline, step), { line, text }];
}

/** Evidence is read from top to bottom, and no line twice. */
export function inLogOrder(lines: readonly LogLine[]): readonly LogLine[] {
  const byLine = new Map(lines.map((line) => [line.line, line]));
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

export function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/** What a format prints in front of a step's name. */
export function withLead({ format }: Timeline, { index }: Step, text: string): string {
  if (format === 'plain') return `#${index} ${text}`;
  return format === 'tty' ? `=> ${text}` : text;
}

const endWords = {
  done: 'DONE',
  cached: 'CACHED',
  cancelled: 'CANCELED',
  error: 'ERROR',
  unfinished: '...',
} as const;

/** A step that ended: its header, and below it how it ended. */
export function endedLines(timeline: Timeline, step: Step): readonly LogLine[] {
  const header = headerLine(timeline, step);
  if (timeline.format !== 'plain' || step.endLine === null || step.endLine === step.line) return [header];
  return [header, { line: step.endLine, text: withLead(timeline, step, endOf(step)) }];
}

function endOf({ status, durationMs }: Step): string {
  return status === 'done' && durationMs !== null
    ? `DONE ${(durationMs / 1000).toFixed(1)}s`
    : endWords[status];
}

/** Instructions and names as a message quotes them: on one line, and not without end. */
export function quoted(text: string, most = 100): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `sha256:` and the first twelve digits of a digest, which is as much as a reader compares. */
export function shortDigest(digest: string): string {
  const [, algorithm, hex = ''] = /^([a-z0-9]+):([0-9a-f]{12})[0-9a-f]+$/.exec(digest) ?? [];
  return algorithm === undefined ? quoted(digest, 40) : `${algorithm}:${hex}…`;
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${rest} more`;
}
