import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Builder,
  BuildRequest,
  CacheTarget,
  Command,
  DaemonRequest,
  PrivateDaemon,
} from '../../src/builders/builder.js';
import { mountsBelow } from '../../src/builders/buildkitd/mounts.js';
import { recordsFolder } from '../../src/builders/buildkitd/records.js';
import { createBuildkitd } from '../../src/builders/buildkitd.js';
import { createRun } from '../../src/builders/run.js';
import { clearRemains } from '../../src/remains.js';
import { bareRequest } from '../builders/place.js';
import { buildkitVersions, lab, labVariable, textOf } from './lab.js';

const registry = labVariable('LAB_REGISTRY');
const run = createRun(lab);

let folder: string;
let daemon: PrivateDaemon | null = null;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'private-'));
  mkdirSync(path.join(folder, 'context'));
  writeFileSync(
    path.join(folder, 'context/Dockerfile'),
    'FROM alpine:3.20\nCOPY Dockerfile /d\nRUN echo a > /a\n',
  );
});

afterEach(async () => {
  await daemon?.stop();
  daemon = null;
  rmSync(folder, { recursive: true, force: true });
});

const binOf = (version: string) => labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}_BIN`);

function builderOf(version: string): Builder {
  return createBuildkitd(binOf(version), { env: lab, platform: 'linux', run });
}

/** Starts one with the lab's registry as its mirror. */
async function start(builder: Builder, changes: Partial<DaemonRequest> = {}): Promise<PrivateDaemon> {
  await builder.probe();
  const request: DaemonRequest = {
    snapshotter: 'overlayfs',
    flags: [],
    keepMegabytes: null,
    cpus: null,
    mirrors: [registry],
    ...changes,
  };
  expect(builder.refusesDaemon?.(request)).toBeNull();
  const started = await builder.startDaemon?.(request, {
    name: 'one',
    scratch: path.join(folder, 'scratch'),
    log: path.join(folder, 'one.log'),
  });
  if (started === undefined) throw new Error('it starts no daemon');
  daemon = started;
  return started;
}

async function succeed(command: Command): Promise<string> {
  const result = await run(command, { timeoutMs: 120_000 });
  expect(result, result.stderr).toMatchObject({ exitCode: 0 });
  return result.stdout + result.stderr;
}

const build = (on: PrivateDaemon, changes: Partial<BuildRequest> = {}) =>
  succeed(
    on.builder.build(
      bareRequest({
        dockerfile: path.join(folder, 'context/Dockerfile'),
        context: path.join(folder, 'context'),
        progress: 'plain',
        ...changes,
      }),
    ),
  );

const cachedSteps = (log: string) => (log.match(/^#\d+ CACHED$/gm) ?? []).length;

/** Processes that have the folder in their command line. */
const processesOf = (text: string) =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && textOf(`/proc/${pid}/cmdline`).includes(text));

describe.for(buildkitVersions)('BuildKit %s', (version) => {
  it('is found, starts empty, builds, is pruned, restarts on its root, tells its goroutines, and is gone', async () => {
    const builder = builderOf(version);
    expect(await builder.probe()).toMatchObject({
      kind: 'buildkitd',
      answers: true,
      version: `v${version}`,
      daemonVersion: `v${version}`,
      missing: [],
    });
    const one = await start(builder);
    const [home = ''] = readdirSync(path.join(folder, 'scratch'));
    const whole = path.join(folder, 'scratch', home);
    expect(await one.builder.probe()).toMatchObject({ kind: 'buildkitd', answers: true });
    expect(cachedSteps(await build(one))).toBe(0);
    expect(cachedSteps(await build(one))).toBeGreaterThan(0);
    await one.restart();
    expect(cachedSteps(await build(one))).toBeGreaterThan(0);
    await succeed(one.prune());
    expect(cachedSteps(await build(one))).toBe(0);
    expect(await one.goroutines()).toMatch(/^goroutine \d+ \[/);
    expect(processesOf(whole).length).toBeGreaterThan(0);
    expect(textOf(one.log)).toContain('running server on');
    await one.stop();
    expect(processesOf(whole)).toEqual([]);
    expect(mountsBelow(folder)).toEqual([]);
    expect(readdirSync(path.join(folder, 'scratch'))).toEqual([]);
    expect(await one.goroutines()).toBeNull();
  });

  it('keeps the cache that it is told to keep, or all of it', async () => {
    const workers = async (on: PrivateDaemon) => {
      const { file, args } = on.prune();
      return succeed({ file, args: [...args.slice(0, 2), 'debug', 'workers', '-v'] });
    };
    const limited = await start(builderOf(version), { keepMegabytes: 700, snapshotter: 'native' });
    expect(await workers(limited)).toMatch(/GC Policy rule#3:\n(.*\n)*?.*700\s?MB/);
    await limited.stop();
    const all = await start(builderOf(version), { snapshotter: null });
    expect(await workers(all)).not.toContain('GC Policy');
  });

  it('is killed with a build in flight, restarts, ends with another one, and leaves no step of them', async () => {
    writeFileSync(path.join(folder, 'context/Dockerfile'), 'FROM alpine:3.20\nRUN sleep 98765\n');
    const one = await start(builderOf(version));
    const building = build(one).catch(() => null);
    while (processesOf('sleep\u000098765').length === 0) await new Promise((r) => setTimeout(r, 50));
    // It comes back on what a killed daemon left, too.
    for (const pid of processesOf(path.join(folder, 'scratch'))) process.kill(Number(pid), 'SIGKILL');
    await one.restart();
    expect(processesOf('sleep\u000098765')).toEqual([]);
    const again = build(one).catch(() => null);
    while (processesOf('sleep\u000098765').length === 0) await new Promise((r) => setTimeout(r, 50));
    await one.stop();
    await again;
    expect(processesOf('sleep\u000098765')).toEqual([]);
    expect(mountsBelow(folder)).toEqual([]);
    await building;
  });

  it('exports caches that an empty one takes, and pushes', async () => {
    const dockerfile = 'FROM scratch\nCOPY Dockerfile /a\nCOPY Dockerfile /b\n';
    writeFileSync(path.join(folder, 'context/Dockerfile'), dockerfile);
    const builder = builderOf(version);
    const one = await start(builder);
    const probe = await builder.probe();
    const image = `${registry}/private-daemon/a:${version}`;
    const cache = path.join(folder, 'a cache, "of" one');
    const metadataFile = path.join(folder, 'metadata.json');
    const target: CacheTarget = { type: 'local', folder: cache, mode: 'max', tag: null, reset: false };
    const tagged = { ...target, tag: 'two', reset: true };
    const isNew = version === '0.32.2';
    expect(builder.refuses(bareRequest({ cacheTo: [tagged] }), probe) === null).toBe(isNew);
    await build(one, { cacheTo: [isNew ? tagged : target], push: image, metadataFile });
    expect(textOf(metadataFile)).toMatch(/"containerimage.digest": ?"sha256:/);
    await succeed(one.prune());
    const tag = isNew ? 'two' : null;
    expect(cachedSteps(await build(one, { cacheFrom: [{ type: 'local', folder: cache, tag }] }))).toBe(2);
    const remote = `${registry}/private-daemon/cache:${version}`;
    await build(one, { cacheTo: [{ type: 'registry', image: remote, mode: 'max' }] });
    await succeed(one.prune());
    expect(cachedSteps(await build(one, { cacheFrom: [{ type: 'registry', image: remote }] }))).toBe(2);
    await build(one, { push: image, cacheTo: [{ type: 'inline' }] });
    await succeed(one.prune());
    expect(cachedSteps(await build(one, { cacheFrom: [{ type: 'registry', image }] }))).toBe(2);
  });

  it('says with the last lines of its log why it does not start', async () => {
    await expect(start(builderOf(version), { flags: ['--no-such-flag'] })).rejects.toThrow(
      /^buildkitd ended with exit code 1; its log ends:\n(.*\n)*.*no-such-flag/,
    );
    expect(readdirSync(path.join(folder, 'scratch'))).toEqual([]);
  });
});

describe('the snapshotter stargz', () => {
  it('starts on v0.32.2, mounts lazy layers, comes back, and leaves no mount', async () => {
    const dockerfile = 'FROM ghcr.io/stargz-containers/alpine:3.15.3-esgz\nRUN echo a > /a\n';
    writeFileSync(path.join(folder, 'context/Dockerfile'), dockerfile);
    const one = await start(builderOf('0.32.2'), { snapshotter: 'stargz' });
    expect(await build(one)).toContain('RUN echo a');
    expect(mountsBelow(folder).length).toBeGreaterThan(0);
    // What v0.32.2 pulled lazily is `unavailable` to it after a restart, so nothing more is built of it here.
    await one.restart();
    expect(await one.builder.probe()).toMatchObject({ answers: true });
    await succeed(one.prune());
    await one.stop();
    expect(mountsBelow(folder)).toEqual([]);
  });
});

describe('a tool that was killed', () => {
  it.for(buildkitVersions)('leaves nothing once its remains are cleared: v%s', async (version) => {
    const program = fileURLToPath(new URL('kill-daemon-owner.ts', import.meta.url));
    const tsx = fileURLToPath(import.meta.resolve('tsx'));
    const log = path.join(folder, 'killed.log');
    const owner = execa(process.execPath, ['--import', tsx, program, binOf(version), log], {
      env: lab,
      reject: false,
    });
    const scratch = await new Promise<string>((resolve) => {
      owner.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const isOurs = (name: string) => readFileSync(path.join(recordsFolder(), name), 'utf8').includes(scratch);
    expect(scratch).toContain(`buildrace-${owner.pid}-`);
    expect((await clearRemains()).filter((line) => line.includes(scratch))).toEqual([]);
    expect(processesOf(scratch).length).toBeGreaterThan(0);
    owner.kill('SIGKILL');
    await owner;
    expect(processesOf(scratch).length).toBeGreaterThan(0);
    const told = (await clearRemains()).filter((line) => line.includes(scratch));
    expect(told).toEqual([
      expect.stringMatching(/^Ended the daemon of a killed run \(pid \d+\)/),
      `Removed what a killed run left: ${scratch}.`,
    ]);
    expect(processesOf(scratch)).toEqual([]);
    expect(mountsBelow(scratch)).toEqual([]);
    expect(existsSync(scratch)).toBe(false);
    expect(readdirSync(recordsFolder()).filter(isOurs)).toEqual([]);
  });
});
