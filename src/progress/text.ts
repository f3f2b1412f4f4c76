import { maxTextLength } from './timeline.js';

/** CSI sequences (ECMA-48, 5.4), OSC sequences as terminals take them, and two-character escapes. */
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g;

/** A character is at most four bytes, and escapes take a few more: decoding beyond this would be for nothing. */
const maxDecodedBytes = maxTextLength * 4 + 1024;

/** The text without terminal escapes. */
export function stripEscapes(text: string): string {
  return text.includes('\x1b') ? text.replace(escapes, '') : text;
}

/** A text as it is kept: without terminal escapes, and clipped. */
export function tidy(text: string): string {
  return clip(stripEscapes(text));
}

/** At most `maxTextLength` characters; what is cut off is replaced by an ellipsis. */
function clip(text: string): string {
  if (text.length <= maxTextLength) return text;
  const last = text.charCodeAt(maxTextLength - 2);
  // Half of a surrogate pair is no text.
  const end = last >= 0xd800 && last <= 0xdbff ? maxTextLength - 2 : maxTextLength - 1;
  return `${text.slice(0, end)}…`;
}

/** Whether the end of a text was cut off when it was tidied; one of that very length that ends so by itself counts too. */
export function isClipped(text: string): boolean {
  return text.length >= maxTextLength - 1 && text.endsWith('…');
}

/** The bytes of one line as text: UTF-8 with replacement characters, without escapes and blanks at its end, clipped. */
export function decodeLine(bytes: Buffer, start: number, end: number): string {
  return tidy(decodeRaw(bytes, start, end)).trimEnd();
}

/** The same with its terminal escapes, for formats in which colours mean something; not clipped to the letter. */
export function decodeRaw(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, Math.min(end, start + maxDecodedBytes));
}
