import type { Sign } from './sign.js';

export const builderCrashed: Sign = {
  signal: 'builder-crashed',
  means: 'the builder died or panicked while builds ran',
  perLane: () => [
    `[ "$exit" = 0 ] || grep -E 'panic: |fatal error: |SIGSEGV|code = Unavailable|error reading from server|transport is closing|XPC connection error' "$log"`,
  ],
  perIteration: ({ wake }) =>
    wake === null ? [] : [`${wake} > /dev/null 2>&1 || echo 'the builder does not answer any more'`],
};
