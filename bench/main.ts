import { benchAnalysis } from './analysis.js';
import { load } from './figures.js';
import { benchFirstVertices } from './first-vertices.js';
import { benchFlood } from './flood.js';
import { benchFuzz } from './fuzz.js';
import { benchHtml } from './html.js';
import { benchIterations } from './iterations.js';
import { benchLaneStarts } from './lane-starts.js';
import { benchRecordCost } from './record-cost.js';
import { benchScan } from './scan-throughput.js';
import { benchStartUp } from './start-up.js';

const args = process.argv.slice(2);
const wanted = args.filter((arg) => !/^\d+$/.test(arg));
/** Megabytes of the flood. */
const size = args.find((arg) => /^\d+$/.test(arg));
console.log(`load at the beginning: ${load()}; medians with quartiles\n`);
const parts: readonly (readonly [string, () => Promise<void>])[] = [
  ['starts', benchLaneStarts],
  ['vertices', benchFirstVertices],
  ['iterations', benchIterations],
  ['start-up', benchStartUp],
  ['scan', benchScan],
  ['record', benchRecordCost],
  ['analysis', benchAnalysis],
  ['html', benchHtml],
  ['fuzz', benchFuzz],
  ['flood', () => benchFlood(size === undefined ? undefined : Number(size))],
];
for (const [name, part] of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await part();
  console.log();
}
