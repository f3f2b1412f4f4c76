/**
 * A night's worth in short: both scenarios on a private BuildKit, with random kills of the tool, of lanes and of the
 * daemon, and the counts held against those of `independent-count.ts`.
 *
 *     npm run lab:night [-- ITERATIONS [SEED]]
 */
import { agreement, nightOf } from './night.js';

const [iterations = '500', seed = '1'] = process.argv.slice(2);
const nights = await Promise.all(
  (['chaos-1506', 'no-cache-empties-mount'] as const).map((scenario, i) =>
    nightOf(scenario, {
      iterations: Number(iterations),
      seed: Number(seed) + i,
      pauseMs: { from: 2_000, to: 40_000 },
      mostKills: Number.POSITIVE_INFINITY,
      tell: (sentence) => console.log(`${scenario}: ${sentence}`),
    }),
  ),
);
for (const night of nights) {
  const { tool, lane, daemon } = night.kills;
  console.log(
    `${night.scenario}: killed the tool ${tool}, lanes ${lane}, the daemon ${daemon} times; resumed ${night.resumed} times`,
  );
  for (const row of night.rows) console.log(`  ${agreement(row)}`);
}
const isWrong = nights.some(({ rows, left }) => left.length > 0 || rows.some((row) => !row.agrees));
for (const { left } of nights) for (const one of left) console.log(`left behind: ${one}`);
process.exitCode = isWrong ? 1 : 0;
