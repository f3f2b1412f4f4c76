/** What is known of one process. */
export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** Null where the system does not tell. */
  readonly session: number | null;
  /** As ps spells it: `S`, `D`, `Z`, `Ss+` … */
  readonly state: string;
  /** Since it started; null: not known. */
  readonly elapsedMs: number | null;
  /** Where in the kernel it waits; null: nowhere, or not known. */
  readonly waits: string | null;
  readonly command: string;
}

export interface SystemClock {
  /** Since the machine booted; null: not known. */
  readonly uptimeMs: number | null;
  readonly ticksPerSecond: number;
}

/** A row of /proc/PID/stat (proc(5)); its command is the program's name, in brackets. Null where it is none. */
export function parseStat(text: string, { uptimeMs, ticksPerSecond }: SystemClock): ProcessRow | null {
  // The name stands in brackets and may hold blanks and brackets itself.
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open === -1 || close < open) return null;
  const pid = Number(text.slice(0, open));
  const [state = '', ...fields] = text.slice(close + 2).split(' ');
  const [ppid, pgid, session] = fields.map(Number);
  const startTicks = Number(fields[18]);
  if (![pid, ppid, pgid, session].every(Number.isInteger) || state === '') return null;
  return {
    pid,
    ppid: ppid ?? 0,
    pgid: pgid ?? 0,
    session: session ?? null,
    state,
    elapsedMs:
      uptimeMs === null || Number.isNaN(startTicks)
        ? null
        : Math.max(0, uptimeMs - (startTicks / ticksPerSecond) * 1000),
    waits: null,
    command: `[${text.slice(open + 1, close)}]`,
  };
}

/** What `ps -axo pid=,ppid=,pgid=,stat=,etime=,command=` prints; lines that are anything else are left out. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line): ProcessRow[] => {
    const [, pid, ppid, pgid, state, elapsed, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state === undefined || command === undefined) return [];
    return [
      {
        ...{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), session: null },
        ...{ state, elapsedMs: elapsedTime(elapsed ?? ''), waits: null, command },
      },
    ];
  });
}

/** `[[DD-]HH:]MM:SS` in ms, as POSIX has it for ps; null for anything else. */
function elapsedTime(text: string): number | null {
  const [, days, hours, minutes, seconds] = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text) ?? [];
  if (seconds === undefined) return null;
  const [d, h, m, s] = [days, hours, minutes, seconds].map((part) => Number(part ?? 0));
  return ((((d ?? 0) * 24 + (h ?? 0)) * 60 + (m ?? 0)) * 60 + (s ?? 0)) * 1000;
}

/** Arguments that end in NUL each, as a line: those that a blank would tear apart stand in quotes. */
export function spelledArguments(text: string): string {
  return text
    .replace(/\0$/, '')
    .split('\0')
    .map((word) => (word === '' || /\s/.test(word) ? `'${word}'` : word))
    .join(' ');
}

/** A process of a tree, and how far below its root. */
export interface TreeRow {
  readonly row: ProcessRow;
  readonly depth: number;
}

/**
 * The processes that belong to a leader: itself, its group, and all that any of these started, also in groups and
 * sessions of their own. What left the group and lost its parent is found by the session that it shares with them.
 * `more`: others that are known to belong to it.
 */
export function treeOf(leader: number, rows: readonly ProcessRow[], more: readonly number[] = []): TreeRow[] {
  const first = new Set([leader, ...more]);
  const family = new Map(
    rows.filter(({ pid, pgid }) => first.has(pid) || pgid === leader).map((row) => [row.pid, row]),
  );
  // The session of the leader itself counts only where it was made for the lane.
  const sessions = new Set([leader]);
  for (let before = -1; before !== family.size; ) {
    before = family.size;
    for (const row of rows) {
      if (family.has(row.pid)) continue;
      if (family.has(row.ppid) || (row.session !== null && sessions.has(row.session)))
        family.set(row.pid, row);
    }
    for (const { pid, session } of family.values()) if (pid === session) sessions.add(session);
  }
  return asTree([...family.values()]);
}

/** Children below their parents, each in the order of their numbers. */
function asTree(rows: readonly ProcessRow[]): TreeRow[] {
  const isThere = new Set(rows.map(({ pid }) => pid));
  const sorted = [...rows].sort((a, b) => a.pid - b.pid);
  const roots = sorted.filter(({ pid, ppid }) => !isThere.has(ppid) || ppid === pid);
  const tree: TreeRow[] = [];
  const seen = new Set<number>();
  const add = (row: ProcessRow, depth: number): void => {
    if (seen.has(row.pid)) return;
    seen.add(row.pid);
    tree.push({ row, depth });
    for (const child of sorted) if (child.ppid === row.pid) add(child, depth + 1);
  };
  for (const root of roots) add(root, 0);
  // Numbers that were given anew while they were read may make a ring.
  for (const row of sorted) add(row, 0);
  return tree;
}

/** Longest command line that is shown, in characters, and most processes. */
export const maxCommand = 400;
export const maxProcesses = 400;

const head = ['PID', 'PPID', 'PGID', 'STATE', 'ELAPSED', 'WAITS IN', 'COMMAND'] as const;

/** The tree as lines in columns, a head first; each line is safe to print. */
export function treeLines(tree: readonly TreeRow[]): string[] {
  const shown = tree.slice(0, maxProcesses);
  const cells = shown.map(({ row, depth }) => [
    String(row.pid),
    String(row.ppid),
    String(row.pgid),
    oneLine(row.state, 8),
    row.elapsedMs === null ? '-' : `${(row.elapsedMs / 1000).toFixed(1)}s`,
    row.waits === null ? '-' : oneLine(row.waits, 40),
    `${'  '.repeat(Math.min(depth, 20))}${oneLine(row.command, maxCommand)}`,
  ]);
  const all = [[...head], ...cells];
  const widths = head.map((_, i) => all.reduce((most, row) => Math.max(most, (row[i] ?? '').length), 0));
  const left = tree.length - shown.length;
  return [
    ...all.map((row) =>
      row
        .map((cell, i) => (i < 3 || i === 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    ),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

/** On one line, without anything that a terminal obeys or that hides or reorders text, and not without end. */
function oneLine(text: string, most: number): string {
  const plain = text.slice(0, most + 1).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}
