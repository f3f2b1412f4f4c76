import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasReachedDaemon } from '../../src/builders/reached.js';

const recorded = path.join(import.meta.dirname, '../recorded-logs');
/** What buildx 0.36 prints while its daemon, a BuildKit 0.32 that was sent SIGSTOP, answers nobody; and at its end. */
const waits = '#0 building with "lab" instance using remote driver\n\n#1 [internal] waiting for connection\n';
const waitsInJson =
  '{"vertexes":[{"digest":"sha256:0e","name":"[internal] waiting for connection","started":"2026-11-21T23:14:55Z"}]}\n';

describe('that the daemon was reached', () => {
  test.each([
    ['nothing', ''],
    ['buildx that waits', waits],
    ['buildx that gives up', `${waits}#1 ERROR: context deadline exceeded\n`],
    ['buildx that waits, as JSON', waitsInJson],
    ['buildx that starts its daemon', '#1 [internal] booting buildkit\n#1 starting container b0 0.1s done\n'],
    ['a hint of the client', 'DEPRECATED: The legacy builder is deprecated\n            Install buildx:\n\n'],
    ['half a line', '#2 [internal] load build'],
  ])('is not shown by %s', (_, printed) => {
    expect(hasReachedDaemon(printed)).toBe(false);
  });

  test.each([
    ['a step', `${waits}#1 DONE 0.1s\n\n#2 [internal] load build definition from Dockerfile\n`],
    ['a step, as JSON', `${waitsInJson}{"vertexes":[{"name":"[internal] load .dockerignore"}]}\n`],
    ['the status of a step, as JSON', `${waitsInJson}{"statuses":[{"id":"x"}]}\n`],
    ['damaged JSON', '{"vertexes":\n'],
    ['the classic builder', 'Sending build context to Docker daemon  2.048kB\n'],
    ['an error of the daemon', 'Error response from daemon: no such image\n'],
  ])('is shown by %s', (_, printed) => {
    expect(hasReachedDaemon(printed)).toBe(true);
  });

  test('is shown by every log of docker and buildx that was recorded', () => {
    const logs = readdirSync(recorded).filter((name) => /^(?:buildx|docker)\S*\.log$/.test(name));
    expect(logs.length).toBeGreaterThan(3);
    const unseen = logs.filter((name) => !hasReachedDaemon(readFileSync(path.join(recorded, name), 'utf8')));
    expect(unseen).toEqual([]);
  });
});
