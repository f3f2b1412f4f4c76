import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'node_modules/**'],
    // In GitHub Actions, the tests' runs are none of the job's.
    env: { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most tests wait for processes of their own; by default a machine of two cores gets one worker.
    maxWorkers: Math.max(3, availableParallelism()),
    reporters: ['default', 'json'],
    outputFile: { json: '.test-results/unit.json' },
  },
});
