import { defineConfig } from 'vitest/config';

/** Real builders: one file after the other, as they share two cores and each other's daemons. */
export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts'],
    fileParallelism: false,
    // In GitHub Actions, the tests' runs are none of the job's.
    env: { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['verbose', 'json'],
    outputFile: { json: '.test-results/lab.json' },
  },
});
