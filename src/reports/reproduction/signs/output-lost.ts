import type { Sign } from './sign.js';

export const outputLost: Sign = {
  signal: 'output-lost',
  means: 'of builds that failed at one step, one shows what the step printed and another nothing of it',
  readsSteps: true,
  helpers: ['failures'],
  sees: () => 'failed_alike 3',
  perIteration: () => ['lost 3 "what the failing step printed"'],
};
