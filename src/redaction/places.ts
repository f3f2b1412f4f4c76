/** A piece of a text, in characters; the end is behind it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Places of a text, of which many are asked for many times: a search costs the logarithm of their number. */
export class Places {
  readonly #starts: readonly number[];
  /** Of each place and all before it, the furthest end. */
  readonly #furthest: readonly number[];

  constructor(places: readonly Place[]) {
    const sorted = [...places].sort((a, b) => a.start - b.start);
    let furthest = 0;
    this.#starts = sorted.map(({ start }) => start);
    this.#furthest = sorted.map(({ end }) => {
      furthest = Math.max(furthest, end);
      return furthest;
    });
  }

  /** Whether one of them shares a character with that one. */
  touch({ start, end }: Place): boolean {
    return this.#furthestBefore(end) > start;
  }

  /** Whether that one lies whole in one of them. */
  hold({ start, end }: Place): boolean {
    return this.#furthestBefore(start + 1) >= end;
  }

  /** The furthest end of those that start before that character; -1 where there is none. */
  #furthestBefore(character: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < character) low = middle + 1;
      else high = middle;
    }
    return this.#furthest[low - 1] ?? -1;
  }
}
