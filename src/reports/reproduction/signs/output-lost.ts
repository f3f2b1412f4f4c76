import type { Sign } from './sign.js';

export const outputLost: Sign = {
  signal: 'output-lost',
  means: 'of builds that failed at one step, one shows what the step printed and another nothing of it',
  readsSteps: true,
  helpers: ['failing'],
  perIteration: () => [
    'failing_output > "$logs/output"',
    `! grep -q ' 0$' "$logs/output" || ! grep -q ' [1-9][0-9]*$' "$logs/output" ||`,
    `  sed 's/^\\(.*\\) \\(.*\\)$/\\1: \\2 lines of what the failing step printed/' "$logs/output"`,
  ],
};
