import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { ImageStore } from '../../src/simulator/images.js';
import { processesOf, runsOf } from '../crash/checks.js';
import type { Place } from '../crash/program.js';
import { isAlive, until } from '../processes/alive.js';
import { doctorDocument } from './contract.js';
import { buildrace, mainFile, scratchFolder } from './program.js';

function newPlace(): Place {
  const folder = realpathSync(scratchFolder());
  const at = (name: string): string => path.join(folder, name);
  mkdirSync(at('tmp'));
  return { folder, temporary: at('tmp'), state: at('state'), results: at('kept here') };
}

const envOf = ({ temporary, state }: Place) => ({
  TMPDIR: temporary,
  BUILDRACE_SIMULATOR_STATE: state,
  CI: '1',
});

function start(place: Place, args: readonly string[], env: Record<string, string> = {}) {
  return execa(process.execPath, [mainFile, ...args], {
    cwd: place.folder,
    env: { ...envOf(place), ...env },
    reject: false,
    stdin: 'ignore',
  });
}

const longRun = (place: Place) =>
  start(place, [
    ...['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '50'],
    ...['--out', place.results],
  ]);

function events(place: Place): string {
  const [directory] = runsOf(place);
  const journal = path.join(directory ?? place.folder, 'journal.jsonl');
  return existsSync(journal) ? readFileSync(journal, 'utf8') : '';
}

/** The images are noted when lanes are about to start. */
function lanesRun(place: Place): boolean {
  return readdirSync(place.temporary).some((name) =>
    existsSync(path.join(place.temporary, name, 'images.json')),
  );
}

describe.runIf(existsSync('/proc/self/fd'))('a signal', () => {
  it('while a builder is asked that does not answer ends the tool and what it started, at once', async () => {
    const place = newPlace();
    const docker = path.join(place.folder, 'docker');
    writeFileSync(docker, `#!/bin/sh\necho $$ >>"${place.folder}/asked"\nexec sleep 1000\n`);
    chmodSync(docker, 0o755);
    const child = start(place, ['run', 'chaos-1506', '--builder', 'buildx'], {
      PATH: `${place.folder}:${process.env.PATH}`,
    });
    await until(() => existsSync(path.join(place.folder, 'asked')));
    child.kill('SIGTERM');
    expect((await child).exitCode).toBe(143);
    const asked = readFileSync(path.join(place.folder, 'asked'), 'utf8').trim().split('\n').map(Number);
    for (const pid of asked) await until(async () => !(await isAlive(pid)));
    expect(readdirSync(place.temporary)).toEqual([]);
  });

  it('ends a run in order, which says how it goes on', async () => {
    const place = newPlace();
    const child = longRun(place);
    await until(() => events(place).includes('"iteration-finished"'));
    child.kill('SIGHUP');
    const { exitCode, stdout, stderr } = await child;
    expect(exitCode).toBe(129);
    const [directory = ''] = runsOf(place);
    const sentence = `the finished iterations are kept; go on with: buildrace resume ${path.basename(directory)} --out '${place.results}'`;
    expect(stderr.trim().split('\n').at(-1)).toBe(sentence);
    // The report of what there is.
    expect(stdout).toContain('platform-drift');
    expect(events(place)).toContain('"reason":"stopped by SIGHUP"');
    expect(await new ImageStore(place.state).list()).toEqual([]);
    expect(readdirSync(place.temporary)).toEqual([]);
    expect(processesOf(place.folder)).toEqual([]);
  });

  it('that comes twice ends it at once; what is left then is told by doctor, and removed where that is asked for', async () => {
    const place = newPlace();
    const child = longRun(place);
    await until(() => events(place).includes('"iteration-finished"') && lanesRun(place));
    child.kill('SIGINT');
    child.kill('SIGINT');
    // One may have come when the other was not heard of yet, and counts as one with it.
    while (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await child).exitCode).toBe(130);
    await until(() => processesOf(place.folder).length === 0);
    expect(events(place)).not.toContain('run-stopped');
    const args = ['doctor', '--builder', 'simulated', '--json', '--out', place.results];
    const called = { cwd: place.folder, env: envOf(place) };
    const told = doctorDocument.parse(JSON.parse((await buildrace(args, called)).stdout));
    expect(told.remains).toHaveLength(1);
    expect(told.remains[0]).toMatch(
      /^A killed run left .*buildrace-\d+-\w+, perhaps the images? .* of simulated\.$/,
    );
    expect(readdirSync(place.temporary)).toHaveLength(1);
    const fixed = doctorDocument.parse(JSON.parse((await buildrace([...args, '--fix'], called)).stdout));
    expect(fixed.remains.at(-1)).toMatch(/^Removed what a killed run left: /);
    expect(readdirSync(place.temporary)).toEqual([]);
    expect(await new ImageStore(place.state).list()).toEqual([]);
  });
});
