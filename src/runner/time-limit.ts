import { performance } from 'node:perf_hooks';

/** Node cuts timers beyond that to 1 ms. */
const longestMs = 2 ** 31 - 1;
/** A timer that is later than that: this process stood still. What happened meanwhile is heard of only after it. */
const lateMs = 1_000;
const hearMs = 200;

/** The time that a lane has once it went through the gate. */
export class TimeLimit {
  #timer: NodeJS.Timeout | null = null;
  #ranOut = false;

  get ranOut(): boolean {
    return this.#ranOut;
  }

  start(ms: number, onEnd: () => void): void {
    const due = performance.now() + Math.min(ms, longestMs);
    const end = (): void => {
      this.#ranOut = true;
      onEnd();
    };
    this.#timer = setTimeout(
      () => {
        if (performance.now() - due < lateMs) end();
        else this.#timer = setTimeout(end, hearMs);
      },
      Math.min(ms, longestMs),
    );
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
