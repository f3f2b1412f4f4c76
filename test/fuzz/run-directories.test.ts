import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunReading } from './reading-run.js';
import { seed, times } from './settings.js';

let reading: RunReading;
beforeAll(async () => {
  reading = await RunReading.make();
});
afterAll(() => reading.remove());

it('a run directory that was changed is read or refused, in every way there is to read one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 0x7fff_ffff }), async (number) => {
      const { ways, refused } = await reading.try(number);
      expect(refused).toBeLessThanOrEqual(ways);
    }),
    { seed, numRuns: times(4) },
  );
});
