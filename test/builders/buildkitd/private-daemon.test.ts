import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, vi } from 'vitest';
import { DaemonError } from '../../../src/builders/builder.js';
import { allowedProcessors } from '../../../src/builders/buildkitd/processors.js';
import { createRun } from '../../../src/builders/run.js';
import { identityOf } from '../../../src/processes/identity.js';
import { bareRequest, type Place, test } from '../place.js';
import { homeOf, recordsOf, scratchOf, standIns, startStandIn } from './kit.js';

const recordOf = (place: Place) => {
  const [name = ''] = readdirSync(recordsOf(place));
  return JSON.parse(readFileSync(path.join(recordsOf(place), name), 'utf8'));
};

describe.skipIf(process.platform !== 'linux')('a private daemon', () => {
  test('answers, builds at its own socket, and leaves nothing', async ({ place }) => {
    const daemon = await startStandIn(place);
    const home = await homeOf(daemon);
    expect(path.dirname(home)).toBe(scratchOf(place));
    expect(daemon.builder).toMatchObject({ kind: 'buildkitd', instance: standIns });
    const { file, args } = daemon.builder.build(bareRequest());
    expect([file, ...args.slice(0, 3)]).toEqual([
      path.join(standIns, 'buildctl'),
      ...['--addr', `unix://${home}/bk.sock`, 'build'],
    ]);
    expect(daemon.prune().args).toEqual(['--addr', `unix://${home}/bk.sock`, 'prune', '--all']);
    expect(await daemon.goroutines()).toBe('goroutine 1 [running]: /debug/pprof/goroutine?debug=2\n');
    const record = recordOf(place);
    expect(record).toMatchObject({ home, owner: { pid: process.pid } });
    expect(identityOf(record.daemon.pid)).toEqual(record.daemon);
    await daemon.stop();
    expect(identityOf(record.daemon.pid)).toBeNull();
    expect(readdirSync(scratchOf(place))).toEqual([]);
    expect(readdirSync(recordsOf(place))).toEqual([]);
    expect(await daemon.goroutines()).toBeNull();
    // Once more is no error.
    await daemon.stop();
  });

  test('is started again on the same root, as another process', async ({ place }) => {
    const daemon = await startStandIn(place);
    const before = recordOf(place);
    await daemon.restart();
    const after = recordOf(place);
    expect(after).toMatchObject({ id: before.id, home: before.home });
    expect(after.daemon).not.toEqual(before.daemon);
    expect(readFileSync(path.join(after.home, 'root/starts'), 'utf8')).toBe('start\nstart\n');
    // What it printed reaches the file a little after it answers.
    await vi.waitFor(() =>
      expect(readFileSync(daemon.log, 'utf8').match(/running server on/g)).toHaveLength(2),
    );
    await daemon.stop();
  });

  test.skipIf((allowedProcessors() ?? []).length < 2)(
    'keeps to the processors that it was asked for, and is still the process that is ended',
    async ({ place }) => {
      const daemon = await startStandIn(place, [], { cpus: 1 });
      const { daemon: identity } = recordOf(place);
      const status = readFileSync(`/proc/${identity.pid}/status`, 'utf8');
      expect(allowedProcessors(status)).toEqual(allowedProcessors()?.slice(0, 1));
      await daemon.stop();
      expect(identityOf(identity.pid)).toBeNull();
    },
  );

  test('comes back after it was killed', async ({ place }) => {
    const daemon = await startStandIn(place);
    process.kill(recordOf(place).daemon.pid, 'SIGKILL');
    await daemon.restart();
    expect(await daemon.goroutines()).toContain('goroutine 1');
    await daemon.stop();
  });

  test('that ignores SIGTERM is killed, and what it started as well', async ({ place }) => {
    const daemon = await startStandIn(place, ['--stubborn', '--stray']);
    const { daemon: identity, home } = recordOf(place);
    const stray = Number(readFileSync(path.join(home, 'root/stray'), 'utf8'));
    expect(identityOf(stray)).not.toBeNull();
    await daemon.stop();
    expect([identityOf(identity.pid), identityOf(stray)]).toEqual([null, null]);
    expect(existsSync(home)).toBe(false);
  });

  test('that dies at its start tells with its last lines, and leaves nothing', async ({ place }) => {
    const failure = await startStandIn(place, ['--die']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DaemonError);
    expect((failure as Error).message).toBe(
      'buildkitd ended with exit code 3; its log ends:\nfirst line\nbuildkitd: it cannot be',
    );
    expect(readdirSync(scratchOf(place))).toEqual([]);
    expect(readdirSync(recordsOf(place))).toEqual([]);
  });

  test('that does not answer in time is ended', async ({ place }) => {
    await expect(startStandIn(place, ['--deaf'], { readyMs: 1000 })).rejects.toThrow(
      'buildkitd did not answer within 1 s; its log is empty',
    );
    expect(readdirSync(scratchOf(place))).toEqual([]);
  });

  test('that is no program says so', async ({ place }) => {
    await expect(startStandIn(place, [], { folder: place.folder })).rejects.toThrow(
      /^buildkitd could not be started \(.*ENOENT\)/,
    );
  });

  test('lives in a short folder where the scratch folder’s path is too long for a socket', async ({
    place,
  }) => {
    const scratch = path.join(place.folder, 'x'.repeat(120));
    await mkdir(scratch);
    const daemon = await startStandIn(place, [], { scratch });
    const home = await homeOf(daemon);
    expect(readdirSync(scratch)).toEqual([]);
    expect(home.length).toBeLessThan(70);
    await daemon.stop();
    expect(existsSync(home)).toBe(false);
  });

  test('is ended by stop() also while it starts again', async ({ place }) => {
    const daemon = await startStandIn(place);
    const { daemon: identity, home } = recordOf(place);
    const restarting = daemon.restart().catch((error: unknown) => error);
    await daemon.stop();
    await restarting;
    expect(identityOf(identity.pid)).toBeNull();
    expect(existsSync(home)).toBe(false);
    expect(readdirSync(recordsOf(place))).toEqual([]);
  });

  test('is not asked by its builder’s commands for anything but its socket', async ({ place }) => {
    const daemon = await startStandIn(place);
    const run = createRun(process.env);
    expect(await run(daemon.prune())).toMatchObject({ exitCode: 0 });
    await daemon.stop();
    expect(await run(daemon.prune())).toMatchObject({ exitCode: 1 });
  });
});
