import type { Buffer } from 'node:buffer';

const newline = 10;
/** Lines by which it is told how long the others are. */
const sample = 16;
/** From that many bytes a line on, it is faster to let the system look for the next line end. */
const longLine = 50;

/** How many line ends are in it: a fraction of a nanosecond for each byte, whatever the lines are. */
export function countNewlines(bytes: Buffer): number {
  let count = 0;
  let at = -1;
  for (;;) {
    const begun = at;
    for (let i = 0; i < sample; i += 1) {
      at = bytes.indexOf(newline, at + 1);
      if (at === -1) return count;
      count += 1;
    }
    if (at - begun < sample * longLine) return count + countByWords(bytes, at + 1);
  }
}

/** Four bytes at a time: of a word in which line ends were made zero, the highest bit of each zero byte is set and summed. */
function countByWords(bytes: Buffer, start: number): number {
  let count = 0;
  let at = start;
  for (; at < bytes.length && ((bytes.byteOffset + at) & 3) !== 0; at += 1)
    if (bytes[at] === newline) count += 1;
  // No view of words may begin between two of them, not even an empty one.
  if (at === bytes.length) return count;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, (bytes.length - at) >> 2);
  for (const word of words) {
    const zeroed = word ^ 0x0a0a0a0a;
    const isZero = ~(((zeroed & 0x7f7f7f7f) + 0x7f7f7f7f) | zeroed | 0x7f7f7f7f);
    if (isZero !== 0) count += Math.imul((isZero >>> 7) & 0x01010101, 0x01010101) >>> 24;
  }
  for (at += words.length * 4; at < bytes.length; at += 1) if (bytes[at] === newline) count += 1;
  return count;
}
