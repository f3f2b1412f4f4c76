import { readFileSync } from 'node:fs';
import os from 'node:os';
import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import satisfies from 'semver/functions/satisfies.js';

/** The processors that this process, and what it starts, may run on, lowest first; null where the system does not say. */
export function allowedProcessors(status = ownStatus()): readonly number[] | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1];
  if (list === undefined) return null;
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

/** What the programs are that a daemon, and the steps of its builds, are started with. */
export interface StepFacts {
  /** Version of runc, or null. */
  readonly runtimeVersion: string | null;
  /** `taskset` is there. */
  readonly hasTaskset: boolean;
}

/** What decides whether a daemon and its builds keep to fewer processors. */
export interface ProcessorFacts extends StepFacts {
  /** Null where the system does not say. */
  readonly allowed: readonly number[] | null;
  /** `6.18.44`. */
  readonly kernel: string;
}

/** Those of this machine. */
export function processorFacts(facts: StepFacts): ProcessorFacts {
  return { allowed: allowedProcessors(), kernel: os.release(), ...facts };
}

/** Since then, a step that joins its control group keeps to what its parent may run on (kernel commit da019032819a). */
const keepsAffinitySince = '6.2.0';

/**
 * Why a daemon and its builds cannot be kept to that many processors, or null. The steps of builds inherit the daemon's
 * processors; where the kernel or runc gives them all again, a figure for fewer processors would be of all of them.
 */
export function processorRefusal(cpus: number | null, facts: ProcessorFacts): string | null {
  if (cpus === null) return null;
  const { allowed, kernel, runtimeVersion, hasTaskset } = facts;
  if (allowed === null)
    return `it asks for ${processors(cpus)}, and this system does not say which there are`;
  if (cpus > allowed.length) return `it asks for ${processors(cpus)}, and this machine has ${allowed.length}`;
  if (cpus === allowed.length) return null;
  if (!hasTaskset) return 'it asks for fewer processors: install taskset (util-linux)';
  const version = coerce(kernel);
  if (version !== null && lt(version, keepsAffinitySince))
    return `it asks for fewer processors, and the kernel ${kernel} gives the steps of builds all of them (until 6.2)`;
  if (resetsAffinity(runtimeVersion))
    return `it asks for fewer processors, and runc ${runtimeVersion ?? 'of an unknown version'} gives the steps of builds all of them (since 1.2.7 and 1.3.1)`;
  return null;
}

/** runc 1.2.7, 1.3.1 and 1.4 let steps run on all processors, whatever it may itself (opencontainers/runc#4858). */
function resetsAffinity(runtimeVersion: string | null): boolean {
  const version = coerce(runtimeVersion);
  return version === null || !satisfies(version, '<1.2.7 || 1.3.0');
}

const processors = (count: number): string => (count === 1 ? '1 processor' : `${count} processors`);

/** The command that starts a program on so many processors only; the process becomes the program itself. */
export function onProcessors(
  cpus: number | null,
  file: string,
  args: readonly string[],
  allowed = allowedProcessors(),
): { readonly file: string; readonly args: readonly string[] } {
  if (cpus === null || allowed === null || cpus >= allowed.length) return { file, args };
  return { file: 'taskset', args: ['-c', allowed.slice(0, cpus).join(','), file, ...args] };
}
