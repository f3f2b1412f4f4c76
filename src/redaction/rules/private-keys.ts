import type { Rule } from '../find.js';

const begins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/g;
const ends = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/g;

/** Most lines of one key; a key of 16,384 bits has some 200. */
const maxLines = 400;
/** Lines of other steps that may stand between two lines of one key. */
const maxBetween = 20;

const material = /[A-Za-z0-9+/=]{16,}$/;
/** The last line of a key may be short; where its END was cut off, only the signs that fill it up tell. */
const padded = /(?<![^ 	|>])[A-Za-z0-9+/]{2,15}={1,2}$/;
const short = /(?<![^ 	|>])[A-Za-z0-9+/]{1,15}={0,2}$/;
const settings = /(?:Proc-Type|DEK-Info|Comment|Version):/;

/**
 * Private keys in PEM's form, line by line, with other steps' lines between them, as base64 on one line (`\n` written as
 * two characters), and without their end or their beginning where a log was cut.
 */
export const privateKeys: Rule = {
  name: 'private-keys',
  find(text, report) {
    let from = 0;
    for (const { index, 0: words } of text.matchAll(begins)) {
      if (index < from) continue;
      const line = lineAround(text, index);
      const end = endOnLine(text, index + words.length, line.end);
      report({ start: index, end, kind: 'private-key', everywhere: [] });
      from = end < line.end ? end : following(text, line.end + 1, report);
    }
    for (const { index, 0: words } of text.matchAll(ends)) {
      if (index < from) continue;
      preceding(text, index, index + words.length, from, report);
      from = index + words.length;
    }
  },
};

/** Where a key ends that begins on this line: behind its END, at a quote, or with the line. */
function endOnLine(text: string, at: number, lineEnd: number): number {
  ends.lastIndex = at;
  const line = text.slice(at, lineEnd);
  const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----/.exec(line);
  if (end !== null) return at + end.index + end[0].length;
  const quote = line.search(/["'`]/);
  return quote === -1 ? lineEnd : at + quote;
}

type Report = Parameters<Rule['find']>[1];

/** The lines of a key behind its first; returns where they end. */
function following(text: string, start: number, report: Report): number {
  let at = start;
  let reached = start;
  let others = 0;
  for (let i = 0; i < maxLines && at < text.length && others <= maxBetween; i++) {
    const { end } = lineAround(text, at);
    const line = text.slice(at, end).trimEnd();
    const closing = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/.exec(line);
    if (closing !== null) {
      lastOf(text, start, at, reporterOf(line), report);
      report({ start: at + closing.index, end: at + line.length, kind: 'private-key', everywhere: [] });
      return end;
    }
    const found = material.exec(line) ?? settings.exec(line) ?? padded.exec(line);
    if (found === null) others++;
    else {
      others = 0;
      const begin = at + found.index + (found[0].length - found[0].trimStart().length);
      reportMaterial(text, begin, at + line.length, report);
      reached = end;
    }
    at = end + 1;
  }
  return reached;
}

/** The vertex that printed a line, where there is one. */
function reporterOf(line: string): string {
  return /^#\d+ /.exec(line)?.[0] ?? '';
}

/** A key's line in front of its END, by the same vertex, which may be too short to be told by itself. */
function lastOf(text: string, start: number, at: number, reporter: string, report: Report): void {
  let lineStart = at;
  for (let i = 0; i <= maxBetween && lineStart > start; i++) {
    const around = lineAround(text, lineStart - 1);
    const line = text.slice(around.start, around.end).trimEnd();
    lineStart = around.start;
    if (reporterOf(line) !== reporter) continue;
    const found = short.exec(line);
    if (found !== null)
      report({
        start: around.start + found.index,
        end: around.start + line.length,
        kind: 'private-key',
        everywhere: [],
      });
    return;
  }
}

/** The lines of a key in front of its last, where nobody has seen its first. */
function preceding(text: string, index: number, end: number, from: number, report: Report): void {
  report({ start: index, end, kind: 'private-key', everywhere: [] });
  const own = lineAround(text, index);
  const reporter = reporterOf(text.slice(own.start, own.end));
  lastOf(text, from, own.start, reporter, report);
  let lineStart = own.start;
  let others = 0;
  for (let i = 0; i < maxLines && lineStart > from && others <= maxBetween; i++) {
    const around = lineAround(text, lineStart - 1);
    const line = text.slice(around.start, around.end).trimEnd();
    lineStart = around.start;
    const found = material.exec(line);
    if (found !== null) reportMaterial(text, around.start + found.index, around.start + line.length, report);
    // The short last line is no break, nor is another step's.
    else if (reporterOf(line) === reporter && i > 0 && !short.test(line)) return;
    else others++;
  }
}

function reportMaterial(text: string, start: number, end: number, report: Report): void {
  const value = text.slice(start, end);
  report({ start, end, kind: 'private-key', everywhere: value.length >= 24 ? [value] : [] });
}

function lineAround(text: string, at: number): { start: number; end: number } {
  const end = text.indexOf('\n', at);
  return { start: text.lastIndexOf('\n', at - 1) + 1, end: end === -1 ? text.length : end };
}
