import { describe, expect, test } from 'vitest';
import {
  maxCommand,
  maxProcesses,
  type ProcessRow,
  parsePs,
  parseStat,
  spelledArguments,
  treeLines,
  treeOf,
} from '../../src/processes/rows.js';

const clock = { uptimeMs: 1_000_000, ticksPerSecond: 100 };
const row = (pid: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
  ...{ pid, ppid: 1, pgid: pid, session: pid, state: 'S', elapsedMs: 1500, waits: null, command: `p${pid}` },
  ...more,
});

describe('a row of /proc/PID/stat', () => {
  const tail = (startTicks: number) => `${'0 '.repeat(15)}${startTicks} 0 0`;

  test('is read whatever the program is called', () => {
    expect(parseStat(`42 (a) S (b) c) D 7 40 39 ${tail(99_000)}\n`, clock)).toEqual({
      ...{ pid: 42, ppid: 7, pgid: 40, session: 39, state: 'D', elapsedMs: 10_000, waits: null },
      command: '[a) S (b) c]',
    });
  });

  test.each(['', 'x', '12 sh S 1 1 1', '12 (sh) S', `(sh) S 1 1 x ${tail(1)}`])('is not %j', (text) => {
    expect(parseStat(text, clock)).toBeNull();
  });

  test('has no time where the machine does not tell how long it is up', () => {
    const read = parseStat(`42 (sh) S 7 40 39 ${tail(1)}`, { ...clock, uptimeMs: null });
    expect(read?.elapsedMs).toBeNull();
  });
});

test('arguments are one line, those with blanks in quotes', () => {
  expect(spelledArguments('sh\0-c\0echo a b\0\0')).toBe("sh -c 'echo a b' ''");
});

test('what ps prints is read, on Linux and on macOS', () => {
  const text = [
    '    1     0     1 Ss      01:02:03 /sbin/launchd',
    ' 4711  4700  4711 S+   2-00:00:01 container build -f /a b/Dockerfile',
    '  812   811   811 R        00:07 ps -axo pid=',
    'PID PPID what is no row',
    '',
  ].join('\n');
  expect(parsePs(text)).toEqual([
    row(1, { ppid: 0, session: null, state: 'Ss', elapsedMs: 3_723_000, command: '/sbin/launchd' }),
    row(4711, {
      ...{ ppid: 4700, session: null, state: 'S+', elapsedMs: 172_801_000 },
      command: 'container build -f /a b/Dockerfile',
    }),
    row(812, { ppid: 811, pgid: 811, session: null, state: 'R', elapsedMs: 7_000, command: 'ps -axo pid=' }),
  ]);
});

describe('the family of a leader', () => {
  const shape = (leader: number, rows: ProcessRow[]) =>
    treeOf(leader, rows).map(({ row: { pid }, depth }) => `${' '.repeat(depth)}${pid}`);

  test('is its group, and whoever these started, in whatever group', () => {
    const rows = [
      row(1, { ppid: 0 }),
      row(20, { ppid: 10, pgid: 10, session: 10 }),
      row(10),
      row(22, { ppid: 20, pgid: 22, session: 10 }),
      row(23, { ppid: 22, pgid: 23, session: 23 }),
      row(11),
    ];
    expect(shape(10, rows)).toEqual(['10', ' 20', '  22', '   23']);
  });

  test('is those too that left the group and lost their parent', () => {
    const rows = [
      row(10),
      // Of the lane's session; and of one that a member of the family made.
      row(30, { session: 10 }),
      row(31, { ppid: 10, session: 31 }),
      row(32, { pgid: 32, session: 31 }),
      row(33, { pgid: 33, session: 34 }),
    ];
    expect(shape(10, rows)).toEqual(['10', ' 31', '30', '32']);
  });

  test('is its group where the leader is dead, and nobody where there is none', () => {
    expect(shape(10, [row(12, { pgid: 10, session: 10 }), row(13)])).toEqual(['12']);
    expect(shape(10, [row(13)])).toEqual([]);
  });

  test('ends, and has everybody once, where numbers make a ring', () => {
    const rows = [row(10, { ppid: 12 }), row(11, { ppid: 10 }), row(12, { ppid: 11 }), row(14, { ppid: 14 })];
    expect(shape(10, rows)).toEqual(['10', ' 11', '  12']);
  });
});

describe('a tree as lines', () => {
  test('stands in columns, with a head', () => {
    const tree = treeOf(10, [
      row(10, { command: 'buildctl build', waits: 'futex_wait_queue' }),
      row(1234567, { ppid: 10, elapsedMs: null, state: 'Z', command: '[sh]' }),
    ]);
    expect(treeLines(tree)).toEqual([
      '    PID  PPID     PGID  STATE  ELAPSED  WAITS IN          COMMAND',
      '     10     1       10  S         1.5s  futex_wait_queue  buildctl build',
      '1234567    10  1234567  Z            -  -                   [sh]',
    ]);
  });

  test('is safe for a terminal, and cut', () => {
    const evil = `a\x1b]0;owned\x07\n\u202eb\u2028c${'x'.repeat(10_000)}`;
    const many = Array.from({ length: maxProcesses + 5 }, (_, i) =>
      row(100 + i, { pgid: 10, command: evil, waits: '\x1b[2J' }),
    );
    const lines = treeLines(treeOf(10, many));
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(maxCommand + 100);
    expect(lines.at(-1)).toBe('and 5 more');
  });
});
