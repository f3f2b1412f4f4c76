import type { Timeline } from './timeline.js';

/**
 * The line that stands where a part of a log was left out, alone on its line: a bundle leaves lines out (see
 * `bundle/log-files.ts`), a run bytes beyond the limit of a lane's log (see `leftOutLine`).
 */
const pattern = /^\[buildrace: \d[\d,]* (?:lines?|bytes?) left out here: /;

export const leftOutStart = '[buildrace: ';

export function saysLeftOut(text: string): boolean {
  return text.startsWith(leftOutStart) && pattern.test(text);
}

/** What a timeline says of its end where a part of the log's middle was left out. */
export const leftOutOfMiddle = 'lines were left out of its middle';

/** Whether something may have stood in the log that nobody kept, between what is there. */
export function hasGap({ truncated }: Pick<Timeline, 'truncated'>): boolean {
  return truncated === leftOutOfMiddle;
}

/**
 * The line for bytes that were left out, without a line end: about 150 characters at most.
 * @param first line of which something is missing, as it was printed, from 1; `last`: the last such one
 */
export function leftOutLine(bytes: number, first: number, last: number): string {
  const which = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return `${leftOutStart}${grouped(bytes)} ${bytes === 1 ? 'byte' : 'bytes'} left out here: ${which} of what was printed, which is more than the log may hold]`;
}

/** `12,345`, whatever the machine's language. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
