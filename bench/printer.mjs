/**
 * A lane that prints what a builder prints, line by line, on stderr: `LINES` lines in bursts of `BURST`, `PAUSE` ms
 * apart; without a pause as fast as they are taken.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [lines = 0, burst = 1, pause = 0] = process.argv.slice(2).map(Number);
for (let line = 0; line < lines; line++) {
  writeSync(
    2,
    `#7 ${(line * 0.0012).toFixed(3)} Unpacking libexample${line % 97}-dev:arm64 (1.2-4+deb12u1) over (1.0)\n`,
  );
  if (pause > 0 && line % burst === burst - 1) await sleep(pause);
}
