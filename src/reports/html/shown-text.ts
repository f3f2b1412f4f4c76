import { terminalText } from '../escape.js';

/** Longest line of a log, in characters, as the page shows it; what is longer ends in an ellipsis. */
export const longestLine = 2_000;

/** One line of other people's text without anything that acts or reorders, at most `most` characters of it. */
export function shownText(text: string, most: number): string {
  // A line may be as long as its log: what lies far behind the cut is not even looked at.
  const near = text.slice(0, most * 4);
  const plain = terminalText(near);
  if (near.length === text.length && plain.length <= most) return plain;
  const characters = [...plain];
  if (near.length === text.length && characters.length <= most) return plain;
  return `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

/** A line of a log as the page shows it. */
export function shownLine(text: string): string {
  return shownText(text, longestLine);
}

/** Bytes of a text in the page: UTF-8, with `&`, `<`, `>` and `"` as entities. */
export function escapedBytes(text: string): number {
  let bytes = Buffer.byteLength(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x26) bytes += 4;
    else if (code === 0x22) bytes += 5;
    else if (code === 0x3c || code === 0x3e) bytes += 3;
  }
  return bytes;
}
