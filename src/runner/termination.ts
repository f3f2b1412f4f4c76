import { forgetGroup, guardGroup, signalGroup } from '../processes/group.js';
import { removeMark } from '../processes/mark.js';
import { type Ended, terminateFamily } from '../processes/terminate.js';

/**
 * The end of one lane's processes, which the time limit, an abort or another lane's fault may ask for: of its group, and of
 * what left that, by its mark. A lane that ended by itself leaves what it likes (a client starts daemons and connections
 * that its user goes on using), and nothing of that is touched.
 */
export class Termination {
  #tellAsked: () => void = () => undefined;
  /** Resolves when somebody asks for their end. */
  readonly asked = new Promise<void>((resolve) => {
    this.#tellAsked = resolve;
  });
  readonly #lane: Ended;
  readonly #graceMs: number;
  #running: Promise<void> | null = null;
  #isOver = false;

  /** From here on, no way out of this process leaves the lane's processes behind. */
  constructor(lane: Ended, graceMs: number) {
    this.#lane = lane;
    this.#graceMs = graceMs;
    guardGroup(lane.leader, lane.mark);
  }

  /** Ends them, once, but for a group that even that did not end; resolves when nothing is left, or all was killed. */
  async start(): Promise<void> {
    if (this.#isOver) return;
    this.#tellAsked();
    this.#running ??= this.#end();
    await this.#running;
  }

  async #end(): Promise<void> {
    await terminateFamily(this.#lane, this.#graceMs);
    // Whoever asks next tries again: an end that failed must not hold for good.
    if (!this.#isOver && signalGroup(this.#lane.leader, 0)) this.#running = null;
  }

  /** Resolves when the end that was asked for is reached; at once where nobody asked. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** The lane is over: its number may soon be another process's. */
  finish(): void {
    this.#isOver = true;
    forgetGroup(this.#lane.leader);
    if (this.#lane.mark !== null) removeMark(this.#lane.mark);
  }
}
