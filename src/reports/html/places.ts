import type { IterationDetail, IterationName, RunDetail } from '../../results/detail.js';

/** Where on the page an iteration stands. Ids are made of numbers only: names are other people's text. */
export interface Places {
  /** `i3`; null: the iteration is not shown. */
  of(name: IterationName): string | null;
}

export function placesOf(iterations: readonly IterationName[]): Places {
  const ids = new Map(iterations.map((one, i) => [keyOf(one), `i${i + 1}`]));
  return {
    of: (name) => ids.get(keyOf(name)) ?? null,
  };
}

/** Id of a lane's whole log. */
export function laneLogId(iteration: string, lane: number): string {
  return `${iteration}-l${lane + 1}`;
}

/** Id of what was kept of a lane at its time limit. */
export function keptId(iteration: string, lane: number, file: number): string {
  return `${laneLogId(iteration, lane)}-k${file + 1}`;
}

/** Id of what a daemon logged during an iteration. */
export function daemonLogId(iteration: string): string {
  return `${iteration}-d`;
}

/** The iteration of that name, where it is among those that are shown. */
export function iterationOf({ iterations }: RunDetail, name: IterationName | null): IterationDetail | null {
  if (name === null) return null;
  return iterations.find((one) => keyOf(one) === keyOf(name)) ?? null;
}

function keyOf({ arm, iteration }: IterationName): string {
  return JSON.stringify([arm, iteration]);
}
