import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import type { BuildRequest } from '../../src/builders/builder.js';
import { UserError } from '../../src/errors.js';
import { markSkipped } from '../../src/runner/prepare.js';
import { plannedArm, plannedBuild, plannedLane } from '../results/sample-run.js';
import { test } from '../scenario/folder.js';
import { answering, scriptedBuilder } from './scripted-builder.js';

const armOf = (...dockerfiles: readonly string[]) =>
  plannedArm({
    steps: [
      {
        step: 'build',
        together: true,
        lanes: dockerfiles.map((dockerfile, i) =>
          plannedLane(`lane${i}`, { build: { ...plannedBuild, dockerfile } }),
        ),
      },
    ],
  });

const means = { registry: null, destructive: false };

describe('arms are looked at before anything runs', () => {
  test('and carry the reason why the builder cannot run one of their lanes', async ({ folder }) => {
    await folder.write('A', 'FROM alpine\n');
    await folder.write('B', 'FROM --platform=linux/s390x alpine\nFROM --platform=$BUILDPLATFORM alpine\n');
    const seen: BuildRequest[] = [];
    const builder = scriptedBuilder(folder, {
      refuses(request) {
        seen.push(request);
        return request.stagePlatforms?.includes('linux/s390x') ? 'no emulation for linux/s390x' : null;
      },
    });
    const marked = await markSkipped([armOf('A'), armOf('A', 'B')], builder, answering, folder.path, means);
    expect(marked.map(({ skipped }) => skipped)).toEqual([null, 'no emulation for linux/s390x']);
    expect(seen[0]).toMatchObject({
      dockerfile: folder.at('A'),
      context: folder.path,
      platforms: [],
      stagePlatforms: [],
    });
    expect(seen.find(({ dockerfile }) => dockerfile === folder.at('B'))?.stagePlatforms).toEqual([
      'linux/s390x',
    ]);
  });

  test('and are refused with a Dockerfile that is missing, outside, a link out, or a folder', async ({
    folder,
  }) => {
    const builder = scriptedBuilder(folder);
    const outside = await folder.write('outside/Dockerfile', 'FROM alpine\n');
    await mkdir(folder.at('in/sub'), { recursive: true });
    await symlink(outside, folder.at('in/link'));
    for (const [dockerfile, said] of [
      ['Dockerfile', 'the Dockerfile Dockerfile is missing from'],
      ['../outside/Dockerfile', 'lies outside of its folder'],
      [outside, 'lies outside of its folder'],
      ['link', 'is a link that leads out of'],
      ['sub', 'is no file'],
    ] as const) {
      const marking = markSkipped([armOf(dockerfile)], builder, answering, folder.at('in'), means);
      await expect(marking).rejects.toThrow(said);
      await expect(marking).rejects.toBeInstanceOf(UserError);
    }
  });
});
