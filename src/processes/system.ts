import { existsSync } from 'node:fs';
import { procSystem } from './proc-system.js';
import type { ProcessSystem } from './process-system.js';
import { programs, psSystem } from './ps-system.js';

/** /proc where there is one, else the programs `ps`, `sysctl` and `lsof` (macOS). */
export const thisSystem: ProcessSystem = existsSync('/proc/self/stat') ? procSystem : withPrograms();

function withPrograms(): ProcessSystem {
  const { ask, askMeanwhile } = programs();
  return psSystem(ask, askMeanwhile);
}
