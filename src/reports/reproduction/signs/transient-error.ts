import { anyStep, type Sign } from './sign.js';

export const transientError: Sign = {
  signal: 'transient-error',
  means: 'a step ended in an error, and the build succeeded regardless',
  readsSteps: true,
  helpers: ['steps'],
  sees: () => anyStep,
  perLane: () => [`[ "$exit" != 0 ] || steps "$log" | grep '^ERROR'`],
};
