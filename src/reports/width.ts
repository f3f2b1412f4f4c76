/** Columns that a text takes in a terminal, and lines that keep within a number of columns. */

/** East Asian Wide and Fullwidth blocks (Unicode 16, EastAsianWidth.txt), as first and last code point. */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns of a text without control characters. */
export function columns(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return characters(text).reduce((sum, one) => sum + columnsOf(one), 0);
}

function characters(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function columnsOf(grapheme: string): number {
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return 2;
  const point = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{M}\p{Cf}]/u.test(grapheme)) return 0;
  return wideBlocks.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

/** Text filled up with blanks to a number of columns, at its end or (for figures) at its start. */
export function pad(text: string, width: number, at: 'end' | 'start' = 'end'): string {
  const blanks = ' '.repeat(Math.max(0, width - columns(text)));
  return at === 'end' ? text + blanks : blanks + text;
}

/** Breaks a text at its blanks into lines of at most `width` columns; a word that is longer is broken anywhere. */
export function wrap(text: string, width: number): readonly string[] {
  const limit = Math.max(1, width);
  return linesOf(
    wordsOf(text).flatMap((word) => pieces(word, limit)),
    limit,
  );
}

/** The same, but a word that is longer (a path, a run's name) stays whole, for whoever copies it. */
export function wrapWhole(text: string, width: number): readonly string[] {
  return linesOf(wordsOf(text), width);
}

/** A number stays with its percent sign. */
const wordsOf = (text: string): readonly string[] => text.split(/ +(?!%)/);

function linesOf(words: readonly string[], limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columns(longer) <= limit) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** A text of at most that many columns, cut between any two characters, with an ellipsis where it was cut. */
export function clipped(text: string, width: number): string {
  if (columns(text) <= width) return text;
  const kept: string[] = [];
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= columns(segment);
    if (left < 0) break;
    kept.push(segment);
  }
  return width < 1 ? '' : `${kept.join('').trimEnd()}…`;
}

function pieces(word: string, limit: number): readonly string[] {
  if (columns(word) <= limit) return [word];
  const out: string[] = [];
  let piece = '';
  for (const character of characters(word)) {
    if (piece !== '' && columns(piece + character) > limit) {
      out.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...out, piece];
}
