import { buildFailed } from './build-failed.js';
import { builderCrashed } from './builder-crashed.js';
import { cacheExportIncomplete } from './cache-export-incomplete.js';
import { cacheMiss } from './cache-miss.js';
import { cacheMountLost } from './cache-mount-lost.js';
import { cacheMountShared } from './cache-mount-shared.js';
import { contentMismatch } from './content-mismatch.js';
import { contextFailed } from './context-failed.js';
import { copyFromEarly } from './copy-from-early.js';
import { copyFromFailed } from './copy-from-failed.js';
import { daemonError } from './daemon-error.js';
import type { Detector } from './detector.js';
import { digestDrift } from './digest-drift.js';
import { duplicateStep } from './duplicate-step.js';
import { hang } from './hang.js';
import { outputLost } from './output-lost.js';
import { platformDrift } from './platform-drift.js';
import { sourceLost } from './source-lost.js';
import { transientError } from './transient-error.js';

/** All detectors of this version, in the order in which reports list their signals. */
export const detectors: readonly Detector[] = [
  platformDrift,
  copyFromFailed,
  copyFromEarly,
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
  hang,
];
