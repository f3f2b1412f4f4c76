import { forgetGroup, guardGroup } from '../processes/group.js';
import { removeMark } from '../processes/mark.js';
import { type Ended, terminateFamily } from '../processes/terminate.js';

/**
 * The end of one lane's processes, which the time limit, an abort or another lane's fault may ask for: of its group, and of
 * what left that, by its mark. A lane that ended by itself leaves what it likes (a client starts daemons and connections
 * that its user goes on using), and nothing of that is touched.
 */
export class Termination {
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

  /** Ends them, once; resolves when nothing of them is left, or they were killed. */
  async start(): Promise<void> {
    if (this.#isOver) return;
    this.#running ??= terminateFamily(this.#lane, this.#graceMs);
    await this.#running;
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
