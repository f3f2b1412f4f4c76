/** How long the runner waits for processes that were told to end, and for builders that say nothing. */
export interface Patience {
  /** Between SIGTERM and SIGKILL to a lane's group, in ms. */
  readonly graceMs: number;
  /** For output after a lane's own end, while nothing of it comes: a process that it left can hold the pipe open. In ms. */
  readonly drainMs: number;
  /** How long nothing may tell that the builder was reached until it is asked beside the lanes, in ms; missing: the usual time. */
  readonly silenceMs?: number;
  /** How long it has to answer then, in ms; missing: the usual time. */
  readonly answerMs?: number;
  /** How long this process may stand still while lanes run, in ms; missing: the usual time. */
  readonly standstillMs?: number;
}

export const usualPatience: Required<Patience> = {
  graceMs: 5_000,
  drainMs: 1_000,
  silenceMs: 10_000,
  answerMs: 10_000,
  standstillMs: 5_000,
};
