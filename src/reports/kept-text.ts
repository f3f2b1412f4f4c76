import type { KeptAtLimit } from '../results/kept.js';

/**
 * `kept at the time limit: a.processes.txt (processes), a.goroutines.txt (goroutines of the daemon)`, or why there are no
 * goroutines; null where nothing was kept, as in runs of older versions.
 */
export function keptText(kept: KeptAtLimit | undefined): string | null {
  if (kept === undefined) return null;
  const { processes, goroutines, ownDaemon } = kept;
  if (processes === null && goroutines === null) return null;
  const files = [
    ...(processes === null ? [] : [`${processes} (processes)`]),
    ...(goroutines === null ? [] : [`${goroutines} (goroutines of the daemon)`]),
  ];
  const why = ownDaemon ? 'the daemon did not answer' : 'the daemon is none of this run';
  return `kept at the time limit: ${files.join(', ')}${goroutines === null ? `; no goroutines, as ${why}` : ''}`;
}
