/** Loaded in front of a program: appends to $BENCH_USAGE what it took, when it ends: memory in KiB, processor in µs. */
import { appendFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const file = process.env.BENCH_USAGE;
  if (file) appendFileSync(file, `${JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime })}\n`);
});
