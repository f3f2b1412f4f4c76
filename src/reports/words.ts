import type { SignalResult } from '../results/result.js';
import { terminalText } from './escape.js';
import { counted, rangeText } from './numbers.js';

/** Part of a sentence: our own words, a name (code in Markdown), or other people's words. */
export type Part = string | { readonly name: string } | { readonly foreign: string };

/** One whole sentence, with its full stop; a strong one must not be overlooked. */
export interface Sentence {
  readonly parts: readonly Part[];
  readonly strong: boolean;
}

export const say = (...parts: readonly Part[]): Sentence => ({ parts, strong: false });
export const warn = (...parts: readonly Part[]): Sentence => ({ parts, strong: true });
export const name = (text: string): Part => ({ name: text });

/** `57–100 %, Wilson 95 %`. */
export function intervalText(interval: NonNullable<SignalResult['interval']>): string {
  return `${rangeText(interval.low, interval.high)}, ${methodName(interval.method)} ${Number((interval.level * 100).toPrecision(3))} %`;
}

function methodName(method: string): string {
  if (method === 'confidence-sequence') return 'confidence sequence';
  const plain = terminalText(method);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** The most frequent reasons why nobody could look. */
export function reasonsOf(signal: SignalResult): string {
  const [first, ...others] = signal.blindReasons;
  if (first === undefined) return 'there was nothing to look at';
  return others.length === 0
    ? first.reason
    : `${first.reason}, and ${counted(others.length, 'other reason')}`;
}

/** `a, b and c`. */
export function listed(names: readonly string[]): readonly Part[] {
  return names.flatMap((one, i) => {
    const before = i === 0 ? [] : i === names.length - 1 ? [' and '] : [', '];
    return [...before, name(one)];
  });
}
