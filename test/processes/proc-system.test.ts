import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { identityOf } from '../../src/processes/identity.js';
import { procSystem } from '../../src/processes/proc-system.js';
import { kill } from './alive.js';

describe.runIf(existsSync('/proc/self/stat'))('a system with /proc', () => {
  test('without a file handle takes nobody for dead, and ends groups all the same', async () => {
    const program = fileURLToPath(new URL('./starved.ts', import.meta.url));
    const called = [process.execPath, '--import', 'tsx', program];
    const { stdout } = await execa('sh', ['-c', 'ulimit -n 128; exec "$@"', 'sh', ...called]);
    expect(JSON.parse(stdout)).toEqual({
      refused: 'EMFILE',
      self: [false, false],
      nobody: true,
      list: null,
      holders: null,
      look: null,
      signals: ['SIGTERM', 'SIGKILL'],
    });
  });

  test('does not take a process that is there and cannot be seen for dead', () => {
    // As where /proc is mounted with `hidepid`: the number is there, its folder is not.
    const spy = vi.spyOn(process, 'kill').mockReturnValue(true);
    try {
      expect(procSystem.startOf(2 ** 30)).toBe('unknown');
    } finally {
      spy.mockRestore();
    }
    expect(procSystem.startOf(2 ** 30)).toBe('none');
    expect([procSystem.startOf(0), procSystem.startOf(-1)]).toEqual(['none', 'none']);
  });

  test('tells of others where somebody has a file open of which the path is too long to be told', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'deep-'));
    const deep = `const [name, fs] = ['x'.repeat(200), require('fs')];
      for (let i = 0; i < 25; i++) { fs.mkdirSync(name); process.chdir(name); }
      console.log(fs.openSync('file', 'w'));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['-e', deep], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = child.pid ?? 0;
    try {
      const [file] = await once(child.stdout, 'data');
      expect(() => readlinkSync(`/proc/${pid}/fd/${Number(file)}`)).toThrow('ENAMETOOLONG');
      const look = await procSystem.look(new Set(['/dev/null']));
      expect(look?.holders.get('/dev/null')).toContain(pid);
    } finally {
      kill(pid);
      // Nor can such a path be removed by its name.
      await execa('rm', ['-rf', folder]);
    }
  });

  test('lists everybody as identities, and passes over who cannot be looked at', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
    const pid = child.pid ?? 0;
    try {
      const own = procSystem.list()?.find((one) => one.pid === pid);
      expect(own).toEqual({ ...identityOf(pid), parent: process.pid, group: pid, session: pid });
      const there = { ...identityOf(pid), parent: 0, group: 0, session: 0 } as NonNullable<typeof own>;
      const gone = { ...there, pid: 2 ** 30 };
      expect(procSystem.holdersOf(new Set(['/dev/null']), [gone, there])).toEqual(
        new Map([['/dev/null', new Set([pid])]]),
      );
    } finally {
      kill(pid);
    }
  });
});
