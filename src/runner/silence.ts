import type { Builder } from '../builders/builder.js';
import { whyNoAnswer } from './builder-state.js';
import { type Patience, usualPatience } from './patience.js';

/** The builder did not answer while somebody waited for it, and nothing had been begun on it: the iteration is spoilt. */
export class SilentBuilderError extends Error {
  override readonly name = 'SilentBuilderError';
  /** What is wrong with the builder, in words. */
  readonly why: string;

  constructor(why: string) {
    super(`the builder did not answer: ${why}`);
    this.why = why;
  }
}

/** Most of what a lane prints that is looked at, in characters: clients that wait for their daemon say so in few words. */
const longestGreeting = 16 * 1024;

/**
 * Asks the builder beside those who wait for it, as long as nothing shows that they reached it: a daemon that is gone
 * takes connections, and answers nobody. Once somebody reached it, silence is a build's own affair, and this is over.
 */
export class Silence {
  readonly #builder: Builder;
  readonly #patience: Required<Patience>;
  readonly #printed = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #giveUp: (error: SilentBuilderError) => void = () => undefined;
  /** Rejects when the builder was asked and did not answer; else it never settles. */
  readonly broken: Promise<never>;

  constructor(builder: Builder, patience: Patience | undefined) {
    this.#builder = builder;
    this.#patience = { ...usualPatience, ...patience };
    this.broken = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    // Whoever waits for it sees the rejection.
    this.broken.catch(() => undefined);
  }

  /** Somebody begins to wait for the builder. */
  begin(): void {
    if (this.#isOver || this.#timer !== undefined) return;
    if (this.#builder.hasReachedDaemon?.('') === true) {
      this.end();
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(), this.#patience.silenceMs);
  }

  /** A lane printed something. */
  heard(lane: string, piece: Buffer): void {
    if (this.#isOver) return;
    const printed = (this.#printed.get(lane) ?? '') + piece.toString('utf8');
    this.#printed.set(lane, printed);
    if (this.#hasReached(printed)) this.end();
  }

  #hasReached(printed: string): boolean {
    return printed.length > longestGreeting || (this.#builder.hasReachedDaemon?.(printed) ?? true);
  }

  /** Nobody waits any more, or the builder was reached. */
  end(): void {
    this.#isOver = true;
    this.#printed.clear();
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const why = await whyNoAnswer(this.#builder, this.#patience.answerMs);
    if (this.#isOver) return;
    if (why === null) {
      this.#timer = undefined;
      this.begin();
      return;
    }
    this.end();
    this.#giveUp(new SilentBuilderError(why));
  }
}
