import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './case.js';
import { writeScenario } from './scenario.js';

/**
 * Kills runs on the simulated builder, 1,000 times in all by default: `--kills`, `--seed`, `--jobs`. Each case is a run
 * that is killed several times; a case that breaks a rule is named by its seed, and its folder stays.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000_000}` },
    jobs: { type: 'string', default: `${2 * os.availableParallelism()}` },
    'kills-each': { type: 'string', default: '12' },
  },
});
const wanted = Number(values.kills);
const firstSeed = Number(values.seed);
const parent = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'crash-')));
const scenario = writeScenario(path.join(parent, 'scenario'));
const startedAt = performance.now();
const phases = new Map<string, number>();
let kills = 0;
let cases = 0;
let broken = 0;
let nextSeed = firstSeed;
console.log(`${wanted} kills from seed ${firstSeed} on, in ${parent}`);

async function work(): Promise<void> {
  while (kills < wanted) {
    const seed = nextSeed++;
    try {
      const result = await crash({ seed, parent, scenario, kills: Number(values['kills-each']) });
      kills += result.kills;
      cases += 1;
      for (const phase of result.phases) phases.set(phase, (phases.get(phase) ?? 0) + 1);
      if (cases % 20 === 0) console.log(`${kills} kills in ${cases} runs, ${seconds()} s`);
    } catch (error) {
      broken += 1;
      kills += 1;
      console.error(`--seed ${seed}: ${(error as Error).stack}`);
    }
  }
}

const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(0);

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
for (const [phase, count] of phases) console.log(`  ${phase}: ${count}`);
console.log(`${kills} kills in ${cases} runs, ${broken} broken, ${seconds()} s`);
if (broken === 0) rmSync(parent, { recursive: true, force: true });
process.exitCode = broken === 0 ? 0 : 1;
