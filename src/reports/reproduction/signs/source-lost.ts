import type { Sign } from './sign.js';

export const sourceLost: Sign = {
  signal: 'source-lost',
  means: 'of builds that failed, one shows which line of the Dockerfile it was (>>>) and another does not',
  perIteration: () => [
    'with="" without=""',
    'for log in "$logs"/*.log; do',
    '  lane=$(basename "$log" .log)',
    '  [ "$(cat "$logs/$lane.exit")" != 0 ] || continue',
    `  if grep -q -E '^ *[0-9]+ \\| >>> ' "$log"; then with="$with $lane"; else without="$without $lane"; fi`,
    'done',
    '[ -z "$with" ] || [ -z "$without" ] || echo "source shown by$with, not by$without"',
  ],
};
