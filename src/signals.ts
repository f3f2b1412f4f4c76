/** The names of all faults (stable, kebab-case); each has its detector in `detectors/`. */
export const signals = [
  'platform-drift',
  'copy-from-failed',
  'copy-from-early',
  'context-failed',
  'content-mismatch',
  'build-failed',
  'transient-error',
  'cache-miss',
  'cache-export-incomplete',
  'digest-drift',
  'cache-mount-shared',
  'cache-mount-lost',
  'duplicate-step',
  'output-lost',
  'source-lost',
  'builder-crashed',
  'daemon-error',
  'hang',
] as const;

export type Signal = (typeof signals)[number];
