import { anyStep, type Sign } from './sign.js';

export const copyFromFailed: Sign = {
  signal: 'copy-from-failed',
  means: 'a COPY --from ended in an error',
  readsSteps: true,
  helpers: ['steps'],
  sees: () => anyStep,
  perLane: () => [`steps "$log" | grep -i -E '^ERROR.*\\] (copy|add) (--[^ ]+ )*--from='`],
};
