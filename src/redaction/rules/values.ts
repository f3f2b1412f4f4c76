/** A value in a text, without its quotes. */
export interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const quotes = new Set(['"', "'", '`']);
const maxValueLength = 20_000;

/** Whether a character ends a line. */
export function endsLine(character: string | undefined): boolean {
  return character === undefined || character === '\n' || character === '\r';
}

/** Where blanks end that begin at `at`, within the line. */
export function behindBlanks(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' || text[i] === '\t') i++;
  return i;
}

/**
 * The value that begins at `at`: between quotes (`"`, `'`, and those that text within quotes has: `\"`), or up to the next
 * blank, quote, or character of `until`. Null: there is none.
 */
export function valueAt(text: string, at: number, until = ''): Value | null {
  const opening = quoteAt(text, at);
  if (opening !== null) {
    const start = at + opening.length;
    const end = closing(text, start, opening);
    return end > start ? { start, end, quoted: true } : null;
  }
  let end = at;
  const last = Math.min(text.length, at + maxValueLength);
  while (end < last && !endsValue(text, end, until)) end++;
  // Signs behind it are the text's own, but for those that close what the value opened: `${NAME:-}`.
  const closes = /[({[<]/.test(text.slice(at, end)) ? ';,|&' : ';,)}]|&>';
  while (end > at && closes.includes(text[end - 1] ?? '')) end--;
  return end > at ? { start: at, end, quoted: false } : null;
}

function endsValue(text: string, at: number, until: string): boolean {
  const one = text[at] ?? '\n';
  if (one <= ' ' || quotes.has(one) || until.includes(one)) return true;
  // In text within quotes, a line break or a quote is written with a backslash.
  return one === '\\' && 'nrt"\'\\'.includes(text[at + 1] ?? 'n');
}

/** The quote at a place with the backslashes in front of it, or null. */
export function quoteAt(text: string, at: number): string | null {
  let i = at;
  while (text[i] === '\\' && i < at + 8) i++;
  const one = text[i] ?? '';
  return quotes.has(one) ? text.slice(at, i + 1) : null;
}

/** Where the quoted text that begins at `start` ends: at the same quote, else at the end of its line. */
function closing(text: string, start: number, opening: string): number {
  const last = Math.min(text.length, start + maxValueLength);
  for (let i = start; i < last; i++) {
    if (text[i] === '\n') return i;
    if (text.startsWith(opening, i)) return i;
    // A quote that is escaped once more belongs to the value.
    if (text[i] === '\\' && opening.length === 1) i++;
  }
  return last;
}
