import { anyStep, type Sign } from './sign.js';

export const contextFailed: Sign = {
  signal: 'context-failed',
  means: 'loading or transferring the build context failed, and the build with it',
  readsSteps: true,
  helpers: ['steps'],
  sees: () => anyStep,
  perLane: () => [
    '[ "$exit" = 0 ] || {',
    `  steps "$log" | grep -i -E '^ERROR.*\\] load (build context|remote build context|from client)'`,
    `  grep -E 'error from (sender|receiver): |changes out of order|Error processing tar file' "$log" | head -n 2`,
    '}',
  ],
};
