import { levelFor } from '../results/log-text.js';

/** What the lines take that tell of gaps, with the line ends around them: more than two of them have. */
const forGaps = 1_024;

/**
 * How much of a lane's streams is kept, both together: the first half of the limit as it comes, and of all that comes
 * later the last half.
 */
export class LogRoom {
  /** Bytes that are kept of the ends, `Infinity` without a limit. */
  readonly tail: number;
  #head: number;

  /** @param limit in bytes, null: none */
  constructor(limit: number | null) {
    const room = limit === null ? Number.POSITIVE_INFINITY : Math.max(2, limit - forGaps);
    this.#head = limit === null ? room : Math.ceil(room / 2);
    this.tail = limit === null ? room : Math.floor(room / 2);
  }

  /** How many of these bytes belong to the first half. */
  takeHead(bytes: number): number {
    const taken = Math.min(bytes, this.#head);
    this.#head -= taken;
    return taken;
  }

  /** What each of the streams may keep behind the first half: the largest gives way. */
  shareTail(sizes: readonly number[]): number[] {
    const level = levelFor(sizes, this.tail);
    return sizes.map((size) => Math.min(size, level));
  }
}
