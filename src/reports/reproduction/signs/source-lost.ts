import type { Sign } from './sign.js';

export const sourceLost: Sign = {
  signal: 'source-lost',
  means:
    'of builds that failed at one step, one shows which line of the Dockerfile it was (>>>) and another does not',
  readsSteps: true,
  helpers: ['failures'],
  sees: () => 'failed_alike 4',
  perIteration: () => ['lost 4 "which line of the Dockerfile it was"'],
};
