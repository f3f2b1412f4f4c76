import { GateError } from './gate.js';
import type { GatedProcess } from './gated-process.js';
import type { Lane } from './lane.js';
import { whyNoProcess } from './machine-fault.js';

/** A lane that the system gave no process, which the gate is told like a death. */
export function deadLane(name: string, child: GatedProcess): Lane {
  const ready = child.then((result) => {
    throw new GateError(`lane ${name} could not be started (${whyNoProcess(result.cause)})`);
  });
  ready.catch(() => undefined);
  return {
    name,
    pid: 0,
    ready,
    through: Promise.resolve(),
    hasLeft: () => true,
    ended: Promise.resolve({
      ...{ startedAt: null, endedAt: null, exitCode: null, signal: null },
      ...{ timedOut: false, cuts: [] },
    }),
    setOrigin: () => undefined,
    stop: () => Promise.resolve(),
  };
}
