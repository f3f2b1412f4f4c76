import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, vi } from 'vitest';
import { homePaths, makeHome } from '../../../src/builders/buildkitd/home.js';
import { daemonMark } from '../../../src/builders/buildkitd/mark.js';
import { type DaemonRecord, writeRecord } from '../../../src/builders/buildkitd/records.js';
import { clearRemains, findRemains, removeScratch } from '../../../src/builders/buildkitd/remains.js';
import { identityOf, type ProcessIdentity, pidWorld } from '../../../src/processes/identity.js';
import { thisSystem } from '../../../src/processes/system.js';
import { type Place, test } from '../place.js';
import { recordsOf, startStandIn } from './kit.js';

/** Nobody: pids end far below. */
const dead: ProcessIdentity = { pid: 2 ** 30, startTicks: '1' };

/** A process that only waits, with this id in its environment. */
async function waiting(id: string | null) {
  const env = { ...process.env, ...(id === null ? {} : { [daemonMark]: id }) };
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
    env,
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const identity = identityOf(child.pid ?? 0);
  if (identity === null) throw new Error('it ended');
  return { identity, ended, kill: () => child.kill('SIGKILL') };
}

/** The record of a daemon whose run was killed, and its home. */
async function left(place: Place, changes: Partial<DaemonRecord> = {}): Promise<DaemonRecord> {
  const home = await makeHome(place.folder);
  await mkdir(homePaths(home).root);
  const record: DaemonRecord = {
    schemaVersion: 1,
    id: home.id,
    daemon: null,
    owner: dead,
    ...pidWorld(),
    home: home.folder,
    ...changes,
  };
  await writeRecord(record, recordsOf(place));
  return record;
}

const clear = (place: Place) => clearRemains(recordsOf(place));
const recordNames = (place: Place) => readdirSync(recordsOf(place));

describe.skipIf(process.platform !== 'linux')('clearRemains', () => {
  test('finds nothing where nothing was', async ({ place }) => {
    expect(await clear(place)).toEqual([]);
  });

  test('ends the daemon that is left, and removes its home and its record', async ({ place }) => {
    const record = await left(place);
    const daemon = await waiting(record.id);
    await writeRecord({ ...record, daemon: daemon.identity }, recordsOf(place));
    expect(await clear(place)).toEqual([
      `Ended the daemon of a killed run (pid ${daemon.identity.pid}), and removed what it left: ${record.home}.`,
    ]);
    await daemon.ended;
    expect(existsSync(record.home)).toBe(false);
    expect(recordNames(place)).toEqual([]);
  });

  test('leaves a living owner’s daemon alone', async ({ place }) => {
    const daemon = await startStandIn(place);
    expect(await clear(place)).toEqual([]);
    expect(await daemon.goroutines()).toContain('goroutine');
    await daemon.stop();
  });

  test('takes a pid that another process has by now for a dead owner', async ({ place }) => {
    const record = await left(place, { owner: { pid: process.pid, startTicks: '1' } });
    expect(await clear(place)).toHaveLength(1);
    expect(existsSync(record.home)).toBe(false);
  });

  test('leaves a daemon alone that may run and cannot be looked at, with all that is its', async ({
    place,
  }) => {
    const record = await left(place);
    const daemon = await waiting(record.id);
    await writeRecord({ ...record, daemon: daemon.identity }, recordsOf(place));
    const real = thisSystem.startOf.bind(thisSystem);
    const isHidden = (pid: number) => pid === daemon.identity.pid;
    vi.spyOn(thisSystem, 'startOf').mockImplementation((pid) => (isHidden(pid) ? 'unknown' : real(pid)));
    expect(await findRemains(recordsOf(place))).toEqual([]);
    expect(await clear(place)).toEqual([]);
    expect(existsSync(record.home)).toBe(true);
    vi.restoreAllMocks();
    expect(await clear(place)).toHaveLength(1);
    await daemon.ended;
  });

  test('leaves a daemon alone whose boot is not known, and clears what it left once it is gone', async ({
    place,
  }) => {
    const record = await left(place);
    const daemon = await waiting(record.id);
    await writeRecord({ ...record, daemon: daemon.identity }, recordsOf(place));
    vi.spyOn(thisSystem, 'bootId').mockReturnValue('');
    expect(await clear(place)).toEqual([]);
    expect(existsSync(record.home)).toBe(true);
    daemon.kill();
    await daemon.ended;
    expect(await clear(place)).toEqual([`Removed what the daemon of a killed run left: ${record.home}.`]);
    vi.restoreAllMocks();
  });

  test('removes folders whose paths are longer than the system takes', async ({ place }) => {
    const record = await left(place);
    const deeper =
      'const name = "a".repeat(200); for (let i = 0; i < 30; i++) { fs.mkdirSync(name); process.chdir(name); }';
    const made = spawnSync(process.execPath, ['-e', deeper], { cwd: path.join(record.home, 'root') });
    expect(made.status).toBe(0);
    expect(await clear(place)).toEqual([`Removed what the daemon of a killed run left: ${record.home}.`]);
    expect(existsSync(record.home)).toBe(false);
  });

  test.for([
    ['the pid was reused', { startTicks: '1' }],
    ['it is not the daemon, whatever the record says', {}],
  ] as const)('kills nobody where %s', async ([, changes], { place }) => {
    const other = await waiting(null);
    const record = await left(place, { daemon: { ...other.identity, ...changes } });
    expect(await clear(place)).toEqual([`Removed what the daemon of a killed run left: ${record.home}.`]);
    expect(identityOf(other.identity.pid)).toEqual(other.identity);
    other.kill();
  });

  test('leaves runs of other pid namespaces alone, and takes those of another boot for dead', async ({
    place,
  }) => {
    const foreign = await left(place, { pidNamespace: 'pid:[1]' });
    const other = await waiting(null);
    const earlier = await left(place, { bootId: 'earlier', owner: other.identity, daemon: other.identity });
    expect(await clear(place)).toEqual([`Removed what the daemon of a killed run left: ${earlier.home}.`]);
    expect(existsSync(foreign.home)).toBe(true);
    expect(identityOf(other.identity.pid)).not.toBeNull();
    other.kill();
  });

  test('removes nothing of a folder that is no home of that daemon', async ({ place }) => {
    const theirs = path.join(place.folder, 'theirs');
    await mkdir(theirs);
    await writeFile(path.join(theirs, 'kept'), '');
    const other = await left(place);
    const link = path.join(place.folder, 'link');
    await symlink(other.home, link);
    const linked = path.join(place.folder, 'linked');
    await mkdir(linked);
    await symlink(path.join(other.home, 'buildrace-daemon'), path.join(linked, 'buildrace-daemon'));
    for (const home of [theirs, '/', os.tmpdir(), link, `${other.home}/../theirs`, other.home]) {
      const id = randomBytes(8).toString('hex');
      await writeRecord({ ...other, id, home, pidNamespace: pidWorld().pidNamespace }, recordsOf(place));
    }
    await writeRecord({ ...other, home: linked }, recordsOf(place));
    const told = await clear(place);
    expect(told).toHaveLength(7);
    for (const line of told) expect(line).toMatch(/is no folder of such a daemon, and stays/);
    expect(existsSync(path.join(theirs, 'kept'))).toBe(true);
    expect(existsSync(path.join(other.home, 'buildrace-daemon'))).toBe(true);
    expect(recordNames(place)).toEqual([]);
  });

  test('reads no record that is a link, is broken, or is called after another daemon', async ({ place }) => {
    const record = await left(place);
    const folder = recordsOf(place);
    const own = path.join(folder, `${record.id}.json`);
    const elsewhere = path.join(place.folder, 'elsewhere.json');
    await rename(own, elsewhere);
    await symlink(elsewhere, own);
    await symlink('/dev/zero', path.join(folder, '0000000000000000.json'));
    await writeFile(path.join(folder, '1111111111111111.json'), JSON.stringify(record));
    await writeFile(path.join(folder, '2222222222222222.json'), '{"id":');
    expect(await clear(place)).toEqual([]);
    expect(existsSync(record.home)).toBe(true);
  });

  test('trusts no folder that others may write to, and none behind a link', async ({ place }) => {
    const record = await left(place);
    const folder = recordsOf(place);
    await chmod(folder, 0o777);
    const mistrust = [expect.stringContaining('is not a folder of this user alone')];
    expect(await clear(place)).toEqual(mistrust);
    await chmod(folder, 0o700);
    const link = path.join(place.folder, 'records-link');
    await symlink(folder, link);
    expect(await clearRemains(link)).toEqual(mistrust);
    await expect(writeRecord(record, link)).rejects.toThrow('not a folder of this user alone');
    expect(existsSync(record.home)).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('removeScratch', () => {
  test('ends daemons whose records are gone, by the marker of their homes', async ({ place }) => {
    const scratch = path.join(place.folder, 'scratch');
    await mkdir(scratch);
    const home = await makeHome(scratch);
    const daemon = await waiting(home.id);
    const other = await waiting(null);
    expect(await removeScratch(scratch)).toBe(true);
    // Another run may clear at the same time.
    expect(await removeScratch(scratch)).toBe(true);
    await daemon.ended;
    expect(existsSync(scratch)).toBe(false);
    expect(identityOf(other.identity.pid)).toEqual(other.identity);
    other.kill();
    await other.ended;
  });
});
