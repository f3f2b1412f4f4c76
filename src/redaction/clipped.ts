import { maxTextLength } from '../progress/timeline.js';

const ellipsis = '…';

/** Whether a line was so long that its end was cut off when it was read (see `progress/text.ts`). */
export function isClipped(line: string): boolean {
  return line.length >= maxTextLength - 1 && line.endsWith(ellipsis);
}

/** Where the last word of a clipped line begins: half of a token, an address or a base64 text is not known as one. */
export function lastWord(line: string): number {
  let start = line.length - ellipsis.length;
  while (start > 0 && /[\w+/=.~%:@-]/.test(line[start - 1] ?? '')) start--;
  return start;
}

/**
 * Where one of the values begins that a text ends in the middle of, in front of its ellipsis; -1: there is none.
 * @param shortest of what has to be left of a value to know it
 */
export function cutValue(line: string, values: readonly string[], shortest: number): number {
  const end = line.length - ellipsis.length;
  let first = -1;
  for (const value of values) {
    const begin = value.slice(0, shortest);
    const from = Math.max(0, end - value.length + 1);
    for (let at = line.indexOf(begin, from); at !== -1 && at < end; at = line.indexOf(begin, at + 1)) {
      if (!value.startsWith(line.slice(at, end))) continue;
      first = first === -1 ? at : Math.min(first, at);
      break;
    }
  }
  return first;
}
