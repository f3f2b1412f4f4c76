import type { Redaction } from '../results/detail.js';
import { type Kind, kinds, placeholderStart, rankOf } from './kinds.js';

/** What stands where something was: the same for the same value, and counted. */
export class Placeholders {
  readonly #numbers = new Map<Kind, Map<string, number>>();
  readonly #counts = new Map<Kind, number>();

  /** Letters, digits and hyphens: they are safe in an image's name, a shell word, a URL and Markdown. */
  instead(kind: Kind, value: string): string {
    if (kind === 'home') return '~';
    const numbers = this.#numbers.get(kind) ?? new Map<string, number>();
    this.#numbers.set(kind, numbers);
    const number = numbers.get(value) ?? numbers.size + 1;
    numbers.set(value, number);
    return `${placeholderStart}${kind}-${number}`;
  }

  count(kind: Kind, places = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + places);
  }

  get counts(): ReadonlyMap<Kind, number> {
    return this.#counts;
  }

  /** In the order of the kinds. */
  get redactions(): Redaction[] {
    return [...this.#counts]
      .sort(([a], [b]) => rankOf(a) - rankOf(b))
      .map(([kind, count]) => ({ kind: kinds[kind], count }));
  }
}
