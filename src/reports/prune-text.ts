import type { Pruned } from '../results/prune.js';
import { bytesText } from './bytes.js';
import { counted } from './numbers.js';
import { wrapWhole } from './width.js';

/** What `results prune` prints: a sentence for each run, and what it comes to. Names stay whole. */
export function pruneText({ dryRun, removed, bytes, kept, writing }: Pruned, width = 80): string {
  const verb = dryRun ? 'would remove' : 'removed';
  const stay = kept.length + writing.length;
  return [
    ...removed.map((one) => `${verb} ${one.run} (${bytesText(one.bytes)})`),
    ...writing.map((run) => `kept ${run}: it is still being written`),
    `${verb} ${counted(removed.length, 'run')}, ${bytesText(bytes)}; ${counted(stay, 'run')} ${stay === 1 ? 'stays' : 'stay'}`,
  ]
    .flatMap((sentence) => wrapWhole(sentence, width))
    .join('\n');
}
