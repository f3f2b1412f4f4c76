import { type MachineFacts, machineSchema } from './environment.js';

const facts = machineSchema.keyof().options;

/** What differs between two machines, as far as a rate may hang on it: `cpus 2 and 8`. */
export function machineDifferences(a: MachineFacts, b: MachineFacts): string[] {
  // What was not recorded is no difference.
  const differing = facts.filter((fact) => a[fact] !== b[fact] && a[fact] !== null && b[fact] !== null);
  return differing.map((fact) => `${fact} ${a[fact]} and ${b[fact]}`);
}

/** Those facts alone, without what is so at the moment (its load). */
export function machineFacts(machine: MachineFacts): MachineFacts {
  return machineSchema.parse(machine);
}
