import type { Plan } from '../scenario/plan.js';

const facts = ['kind', 'simulated', 'name', 'version', 'daemonVersion'] as const;
type Fact = (typeof facts)[number];

/** What makes a builder the one that a run is made on. */
export type BuilderFacts = Pick<Plan['builder'], Fact>;

export interface BuilderDifference {
  readonly fact: Fact;
  /** Null: not known. */
  readonly before: string | boolean | null;
  readonly now: string | boolean | null;
}

/** A simulated builder's name is how it behaves; another's may be an address or a folder of its machine. */
export function isAnotherSimulation(
  one: Pick<BuilderFacts, 'simulated' | 'name'>,
  other: Pick<BuilderFacts, 'simulated' | 'name'>,
): boolean {
  return one.simulated && other.simulated && one.name !== other.name;
}

/** In what a builder is another one than it was: a rate over two builders says nothing of either. */
export function builderDifferences(before: BuilderFacts, now: BuilderFacts): BuilderDifference[] {
  return facts
    .filter((fact) => before[fact] !== now[fact])
    .map((fact) => ({ fact, before: before[fact], now: now[fact] }));
}
