import { type Buffer, isAscii } from 'node:buffer';
import { stripEscapes } from '../progress/text.js';

const newline = 10;
const escapeByte = 27;
const blank = 32;
const [firstControl, lastControl] = [9, 13];

/** A line of more bytes may have to be clipped, and is read by itself; far below `maxTextLength`. */
export const shortLine = 2048;

/** Whole lines that follow each other, as they are shown, not yet taken apart: each line as a text takes far more memory. */
export interface TextBlock {
  readonly lines: number;
  /** Each with a line end; bytes are ASCII: its length is the characters that it holds. */
  readonly content: Buffer | string;
}

/**
 * The lines of a buffer that ends with a line end; null where one is longer than `shortLine`. The buffer itself is kept
 * where it is what is shown, which is nearly always so: then no line of it is decoded.
 */
export function blockOf(bytes: Buffer): TextBlock | null {
  let lines = 0;
  let isTidy = true;
  let start = 0;
  // Where lines are short, this takes a third of what it takes to ask for each line end.
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== newline) continue;
    if (at - start > shortLine) return null;
    const last = at === start ? newline : (bytes[at - 1] ?? 0);
    if (last === blank || (last >= firstControl && last <= lastControl && last !== newline)) isTidy = false;
    lines += 1;
    start = at + 1;
  }
  if (isTidy && isAscii(bytes) && !bytes.includes(escapeByte)) return { lines, content: bytes };
  return blockOfLines(
    bytes
      .toString('utf8', 0, bytes.length - 1)
      .split('\n')
      .map(tidyShort),
  );
}

/** What `decodeLine` makes of a line that is too short to be clipped. */
function tidyShort(line: string): string {
  return stripEscapes(line).trimEnd();
}

/** @param lines as they are shown, without line ends */
export function blockOfLines(lines: readonly string[]): TextBlock {
  return { lines: lines.length, content: lines.length === 0 ? '' : `${lines.join('\n')}\n` };
}

/** Its lines without their ends. */
export function linesIn({ lines, content }: TextBlock): string[] {
  if (lines === 0) return [];
  const text = typeof content === 'string' ? content : content.toString('latin1');
  return text.slice(0, -1).split('\n');
}
