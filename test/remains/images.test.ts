import { describe, expect, it, vi } from 'vitest';
import { watchRun } from '../../src/cli/live/watch.js';
import { leftText } from '../../src/remains/images.js';
import type { ImageRecord } from '../../src/runner/image-record.js';

const left = (more: Partial<ImageRecord> = {}): ImageRecord => ({
  schemaVersion: 1,
  kind: 'docker-classic',
  instance: null,
  env: { DOCKER_HOST: 'tcp://a b:1' },
  tags: ['main-a-1:run', 'main-b-1:run'],
  ...more,
});

describe('what is told of images that a run could not remove', () => {
  it('names them, and the command that removes them', () => {
    expect(leftText(left())).toMatch(
      /^This run may have left the images main-a-1:run, main-b-1:run of docker-classic, as the builder did not remove them: remove what is left with DOCKER_HOST='tcp:\/\/a b:1' docker \S.* main-a-1:run main-b-1:run, or leave that to the next buildrace run, resume or doctor --fix\.$/,
    );
    expect(leftText(left({ tags: ['x:run'] }))).toContain(
      'the image x:run of docker-classic, as the builder did not remove it:',
    );
  });

  it('comes on stderr once the run is over', async () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => lines.push(String(text)) > 0);
    try {
      const watch = await watchRun(undefined as never);
      watch.hooks.observer.imagesLeft?.(left());
      expect(lines).toEqual([]);
      watch.end();
      expect(lines).toEqual([`${leftText(left())}\n`]);
    } finally {
      write.mockRestore();
    }
  });
});
