import type { Signal } from '../../../signals.js';
import { buildFailed } from './build-failed.js';
import { builderCrashed } from './builder-crashed.js';
import { cacheExportIncomplete } from './cache-export-incomplete.js';
import { cacheMiss } from './cache-miss.js';
import { cacheMountLost } from './cache-mount-lost.js';
import { cacheMountShared } from './cache-mount-shared.js';
import { contentMismatch } from './content-mismatch.js';
import { contextFailed } from './context-failed.js';
import { copyFromFailed } from './copy-from-failed.js';
import { daemonError } from './daemon-error.js';
import { digestDrift } from './digest-drift.js';
import { duplicateStep } from './duplicate-step.js';
import { outputLost } from './output-lost.js';
import { platformDrift } from './platform-drift.js';
import type { Sign } from './sign.js';
import { sourceLost } from './source-lost.js';
import { transientError } from './transient-error.js';

/** All signs; a signal that has none is told by exit codes alone. */
const signs: readonly Sign[] = [
  platformDrift,
  copyFromFailed,
  contextFailed,
  contentMismatch,
  buildFailed,
  transientError,
  cacheMiss,
  cacheExportIncomplete,
  digestDrift,
  cacheMountShared,
  cacheMountLost,
  duplicateStep,
  outputLost,
  sourceLost,
  builderCrashed,
  daemonError,
];

export function signOf(signal: Signal): Sign | null {
  return signs.find((sign) => sign.signal === signal) ?? null;
}

/** What is left where no other sign can look. */
export const byExitCode = buildFailed;
