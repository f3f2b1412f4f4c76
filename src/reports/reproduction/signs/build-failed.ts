import type { Sign } from './sign.js';

export const buildFailed: Sign = {
  signal: 'build-failed',
  means: 'a build failed',
  goesByExitCode: true,
  helpers: ['spoilt'],
  sees: () => '! spoilt',
  perLane: () => [
    '[ "$exit" = 0 ] || { echo "exit code $exit"; grep -i -E \'^(ERROR|error:)|^#[0-9]+ ERROR\' "$log" | tail -n 2; }',
  ],
};
