import { performance } from 'node:perf_hooks';

const everyMs = 250;

/**
 * Tells how long this process stood still at most (it was stopped with Ctrl-Z, or the machine slept) while it was to
 * watch: times that it took meanwhile are wrong, and limits ran out that nobody saw. A sleeping machine stops the clock
 * that only goes forward on some systems, so that both clocks are looked at.
 */
export class Standstill {
  #last = now();
  #longestMs = 0;
  readonly #timer = setInterval(() => this.#look(), everyMs).unref();

  /** In ms. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** Nothing is watched any more. */
  end(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  #look(): void {
    const at = now();
    const passed = at.map((ms, i) => ms - (this.#last[i] ?? ms) - everyMs);
    this.#longestMs = Math.max(this.#longestMs, ...passed);
    this.#last = at;
  }
}

const now = (): number[] => [performance.now(), Date.now()];
