import type { Signal } from '../../signals.js';

/** A fault in words that its name alone does not tell: what should happen, and what did. A sentence each. */
export interface Behaviour {
  readonly expected: string;
  readonly actual: string;
}

export const behaviours: Readonly<Record<Signal, Behaviour>> = {
  'platform-drift': {
    expected: 'All steps of one build name one platform in the same way.',
    actual: 'Steps of one build name one platform in two ways.',
  },
  'copy-from-failed': {
    expected: 'A COPY --from finds the files that its source stage made.',
    actual: 'A COPY --from fails, although its source stage made the files.',
  },
  'copy-from-early': {
    expected: 'A COPY --from waits until its source stage is done.',
    actual: 'A COPY --from ended in an error before its source stage was done.',
  },
  'context-failed': {
    expected: 'The build context is transferred and loaded.',
    actual: 'Transferring or loading the build context failed.',
  },
  'content-mismatch': {
    expected: 'The build sees the files that its context holds, all of them and no others.',
    actual: 'The build saw other files than its context holds, without an error.',
  },
  'build-failed': { expected: 'The build succeeds.', actual: 'The build failed.' },
  'transient-error': {
    expected: 'No step of a build that succeeds reports an error.',
    actual: 'A step reported an error, and the build succeeded all the same.',
  },
  'cache-miss': {
    expected: 'A step whose inputs have not changed is taken from the cache.',
    actual: 'A step was carried out again that had to come from the cache.',
  },
  'cache-export-incomplete': {
    expected: 'An exported cache holds every blob that its manifests name.',
    actual: 'The exported cache names blobs that it does not hold.',
  },
  'digest-drift': {
    expected: 'Builds of the same inputs give the same image.',
    actual: 'Builds of the same inputs gave images with different digests.',
  },
  'cache-mount-shared': {
    expected: 'A cache mount holds what builds for the same platform wrote.',
    actual: 'A cache mount held what a build for another platform wrote.',
  },
  'cache-mount-lost': {
    expected: 'What a step wrote into a cache mount is there in the next step of the same build.',
    actual: 'What a step wrote into a cache mount was gone in the next step of the same build.',
  },
  'duplicate-step': {
    expected: 'A step that builds share is carried out once.',
    actual: 'A step that builds share was carried out more than once.',
  },
  'output-lost': {
    expected: 'Each build shows what its failing step printed.',
    actual: 'A build failed without showing what its failing step printed.',
  },
  'source-lost': {
    expected: 'Each build that fails shows the lines of the Dockerfile where it failed.',
    actual: 'A build failed without showing where in the Dockerfile.',
  },
  'builder-crashed': {
    expected: 'The daemon goes on, whatever is built.',
    actual: 'The daemon ended or panicked while builds ran.',
  },
  'daemon-error': {
    expected: 'The daemon logs no error while builds run.',
    actual: 'The daemon logged errors while builds ran.',
  },
  hang: { expected: 'Each build ends.', actual: 'A build did not end within its time limit.' },
};
