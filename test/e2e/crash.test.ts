import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { crash } from '../crash/case.js';
import { writeScenario } from '../crash/scenario.js';
import { scratchFolder } from './program.js';

/** The same instants each time; `npm run test:crash` takes others. */
const seeds = [1, 2, 3, 4];
const killsEach = 5;

describe.runIf(existsSync('/proc/self/fd'))('a run that is killed again and again', () => {
  test.concurrent.for(seeds)('counts each iteration once, and leaves nothing (seed %i)', async (seed) => {
    const parent = realpathSync(scratchFolder());
    const scenario = writeScenario(path.join(parent, 'scenario'));
    const { kills } = await crash({ seed, parent, scenario, kills: killsEach });
    expect(kills).toBeGreaterThan(0);
  });
});
