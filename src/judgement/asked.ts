import type { Signal } from '../signals.js';

interface Asked {
  readonly name: string;
  readonly of: string | null;
  readonly expects: readonly Signal[];
}

/** The signals that an arm is asked about, seen or not: what it expects, or what the arm does that it belongs to. */
export function askedSignals(arm: Asked, arms: readonly Asked[]): Signal[] {
  const owner = arms.find((other) => other.name === arm.of);
  return [...new Set([...arm.expects, ...(owner?.expects ?? [])])];
}
