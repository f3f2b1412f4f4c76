import type { Kind } from './kinds.js';

/** Something to take out: text from `start` to `end`. */
export interface Find {
  readonly start: number;
  readonly end: number;
  readonly kind: Kind;
  /**
   * Texts that are to be replaced wherever else they stand, in any text of the report: the value itself, without quotes.
   * Empty where the place alone says what it is (`PASSWORD=test`: the word "test" says nothing elsewhere).
   */
  readonly everywhere: readonly string[];
}

/**
 * Finds one kind of thing in a text of any length and any number of lines. Lines follow each other with `\n`; a find may
 * not hang on more than its own line, but for keys that take several. Time has to grow with the length alone.
 */
export interface Rule {
  readonly name: string;
  find(text: string, report: (find: Find) => void): void;
}
