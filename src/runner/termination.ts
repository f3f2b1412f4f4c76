import { forgetGroup, guardGroup, terminateGroup } from '../processes/group.js';

/** The end of one lane's process group, which the time limit, an abort or another lane's fault may ask for. */
export class Termination {
  readonly #leader: number;
  readonly #graceMs: number;
  #running: Promise<void> | null = null;
  #isOver = false;

  /** From here on, no way out of this process leaves the group behind. */
  constructor(leader: number, graceMs: number) {
    this.#leader = leader;
    this.#graceMs = graceMs;
    guardGroup(leader);
  }

  /** Ends the group, once; resolves when nothing of it is left, or it was killed. */
  async start(): Promise<void> {
    if (this.#isOver) return;
    this.#running ??= terminateGroup(this.#leader, this.#graceMs);
    await this.#running;
  }

  /** Resolves when the end that was asked for is reached; at once where nobody asked. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** The lane is over: its number may soon be another process's. */
  finish(): void {
    this.#isOver = true;
    forgetGroup(this.#leader);
  }
}
