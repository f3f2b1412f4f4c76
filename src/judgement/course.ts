import type { Judgement, Sight } from './judge.js';

/** What an iteration showed of one signal, as a letter of `SignalResult.course`. */
export type Mark = '1' | '0' | '-' | 'x';

/** `sight` is undefined where there was nothing to look at for the signal. */
export function markOf({ invalid }: Pick<Judgement, 'invalid'>, sight: Sight | undefined): Mark {
  if (invalid !== null) return 'x';
  if (sight === undefined) return '-';
  if (sight.findings.length > 0) return '1';
  return sight.blind.size > 0 ? '-' : '0';
}

/** Whether it was seen, of the iterations that count and could be looked at, in their order. */
export function outcomesOf(course: string): boolean[] {
  return [...course].filter((mark) => mark === '1' || mark === '0').map((mark) => mark === '1');
}
