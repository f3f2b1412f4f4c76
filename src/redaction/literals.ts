/** A text to look for, and what it stands for. */
export interface Literal<T> {
  readonly text: string;
  readonly of: T;
}

const tableSize = 1 << 16;

/**
 * Finds any of many texts in one pass, after Wu and Manber ("A fast algorithm for multi-pattern searching", 1994): two
 * characters at a time decide how far can be skipped, by the length of the shortest text.
 */
export class LiteralSet<T> {
  readonly #shortest: number;
  readonly #skips = new Int32Array(tableSize);
  readonly #candidates = new Map<number, Literal<T>[]>();

  /** @param literals none of them empty; texts of one character are not found */
  constructor(literals: readonly Literal<T>[]) {
    const long = literals.filter(({ text }) => text.length >= 2);
    this.#shortest = Math.min(...long.map(({ text }) => text.length), 32);
    this.#skips.fill(this.#shortest - 1);
    for (const literal of [...long].sort((a, b) => b.text.length - a.text.length)) this.#enter(literal);
  }

  #enter(literal: Literal<T>): void {
    for (let i = 0; i + 1 < this.#shortest; i++) {
      const hash = hashAt(literal.text, i);
      const skip = this.#shortest - 2 - i;
      if (skip < (this.#skips[hash] ?? 0)) this.#skips[hash] = skip;
      if (skip !== 0) continue;
      const same = this.#candidates.get(hash);
      if (same === undefined) this.#candidates.set(hash, [literal]);
      else same.push(literal);
    }
  }

  /** Places in order of their starts; one within another that begins earlier is not told. */
  find(text: string, found: (start: number, literal: Literal<T>) => void): void {
    if (this.#candidates.size === 0) return;
    let covered = 0;
    for (let at = 0; at + this.#shortest <= text.length; ) {
      const hash = hashAt(text, at + this.#shortest - 2);
      const skip = this.#skips[hash] ?? 0;
      if (skip > 0) {
        at += skip;
        continue;
      }
      for (const literal of this.#candidates.get(hash) ?? []) {
        // The longest is first: all others are as short, or shorter.
        if (at + literal.text.length <= covered) break;
        if (!text.startsWith(literal.text, at)) continue;
        found(at, literal);
        covered = at + literal.text.length;
        break;
      }
      at++;
    }
  }
}

function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 251 + text.charCodeAt(at + 1)) & (tableSize - 1);
}
