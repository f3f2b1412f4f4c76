import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armOf, signalOf } from '../e2e/contract.js';
import { journalEvents, lab, labVariable, resultsFolder, runInLab, textOf, whileItRuns } from './lab.js';

const bin = labVariable('LAB_BUILDKIT_0_32_2_BIN');

/** A BuildKit of this test's own, that may be killed. */
let folder: string;
let address: string;
let daemon: (Promise<unknown> & { kill(signal: NodeJS.Signals): unknown }) | null = null;

async function startDaemon(): Promise<void> {
  const args = [
    '--root',
    path.join(folder, 'root'),
    '--addr',
    address,
    '--config',
    labVariable('LAB_BUILDKIT_MIRRORS'),
  ];
  daemon = execa(path.join(bin, 'buildkitd'), [...args, '--oci-worker-net=host'], {
    env: lab,
    reject: false,
    stdio: 'ignore',
  });
  for (;;) {
    const asked = await execa(path.join(bin, 'buildctl'), ['--addr', address, 'debug', 'workers'], {
      reject: false,
    });
    if (!asked.failed) return;
    await sleep(50);
  }
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bk-'));
  address = `unix://${folder}/bk.sock`;
  await startDaemon();
});

afterEach(async () => {
  daemon?.kill('SIGKILL');
  await daemon;
  await execa('sh', ['-c', 'grep -o "$1[^ ]*" /proc/mounts | sort -r | xargs -r umount', 'sh', folder], {
    reject: false,
  });
  rmSync(folder, { recursive: true, force: true });
});

describe('a daemon that dies', () => {
  it('while lanes run is a find, builder-crashed, and the run ends rather than test nothing', async () => {
    const results = resultsFolder();
    const started = () =>
      journalEvents(results.folder).filter(({ event }) => event === 'iteration-started').length;
    const running = runInLab(
      ['chaos-1506', '--builder', `buildctl:${address}`, '--arm', 'copy-context', '--iterations', '20'],
      results.folder,
    );
    await whileItRuns(running, () => started() >= 2);
    // Its builds take more than that, and have printed their first steps by then.
    await untilStepsArePrinted(results.folder);
    daemon?.kill('SIGKILL');
    const { run, exitCode, stderr } = await running;
    const arm = armOf(run, 'copy-context');
    expect(signalOf(arm, 'builder-crashed').iterations.count, stderr).toBe(1);
    // The iterations after it were spoilt before their gate opened: no rate counts them.
    expect(arm.iterations.valid).toBe(2);
    expect(arm.iterations.invalid).toBeGreaterThan(0);
    expect(arm.iterations.invalid).toBeLessThan(18);
    expect(exitCode).toBe(3);
    results.remove();
  });

  it('before a run begins is no such builder: exit code 3, no run directory', async () => {
    const results = resultsFolder();
    daemon?.kill('SIGKILL');
    await daemon;
    await expect(
      runInLab(['chaos-1506', '--builder', `buildctl:${address}`], results.folder),
    ).rejects.toThrow(/exit 3/);
    expect(readdirSync(results.folder)).toEqual([]);
    results.remove();
  });
});

async function untilStepsArePrinted(results: string): Promise<void> {
  const [run = ''] = readdirSync(results);
  const file = path.join(results, run, 'iterations/copy-context/0002/a.stderr');
  while (!textOf(file).includes('load build context')) await sleep(2);
}
