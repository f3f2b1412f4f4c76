import type { Sign } from './sign.js';

export const daemonError: Sign = {
  signal: 'daemon-error',
  means: 'the daemon logged a panic, a data race or an inconsistent state',
  blind: ({ hasOwnDaemon }) => (hasOwnDaemon ? null : "the script does not have the daemon's log"),
  perIteration: () => [
    'tail -n "+$((daemon_lines + 1))" "$LOGS/daemon.log" |',
    `  grep -E 'panic: |fatal error: |WARNING: DATA RACE|inconsistent graph state|return leaving .*open|healthcheck failed fatally'`,
  ],
};
