import type { Environment } from './environment.js';

const facts = ['arch', 'cpuModel', 'cpus', 'kernel', 'host'] as const;

/** What of a machine a rate may hang on. */
export type MachineFacts = Pick<Environment, (typeof facts)[number]>;

/** What differs between two machines, as far as a rate may hang on it: `cpus 2 and 8`. */
export function machineDifferences(a: MachineFacts, b: MachineFacts): string[] {
  // What was not recorded is no difference.
  const differing = facts.filter((fact) => a[fact] !== b[fact] && a[fact] !== null && b[fact] !== null);
  return differing.map((fact) => `${fact} ${a[fact]} and ${b[fact]}`);
}

/** Those alone, without what is so at the moment (its load). */
export function machineFacts({ arch, cpuModel, cpus, kernel, host }: MachineFacts): MachineFacts {
  return { arch, cpuModel, cpus, kernel, host };
}
