import type { Environment } from './environment.js';

const facts = ['arch', 'cpuModel', 'cpus', 'kernel', 'host'] as const;

/** What differs between two machines, as far as a rate may hang on it: `cpus 2 and 8`. */
export function machineDifferences(
  a: Pick<Environment, (typeof facts)[number]>,
  b: Pick<Environment, (typeof facts)[number]>,
): string[] {
  return facts.filter((fact) => a[fact] !== b[fact]).map((fact) => `${fact} ${a[fact]} and ${b[fact]}`);
}
