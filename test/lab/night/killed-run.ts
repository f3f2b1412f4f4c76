import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type RunDocument, runsDocument } from '../../e2e/contract.js';
import { mainFile } from '../../e2e/paths.js';
import { lab, textOf } from '../lab.js';

export type Victim = 'tool' | 'lane' | 'daemon';

export interface KilledRun {
  readonly run: RunDocument;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Times that the run was resumed. */
  readonly resumed: number;
}

export interface NightOptions {
  /** Arguments of `run`. */
  readonly args: readonly string[];
  readonly results: string;
  readonly seed: number;
  /** Between two kills, in ms. */
  readonly pauseMs: { readonly from: number; readonly to: number };
  /** No more kills after so many. */
  readonly mostKills: number;
  tell(sentence: string): void;
}

/** A run that goes on until it has its result, however often it, its lanes or its private daemon are killed. */
export async function killedRun(options: NightOptions): Promise<KilledRun> {
  const { args, results, seed, pauseMs, mostKills, tell } = options;
  const random = xoroshiro128plus(seed);
  const pick = <T>(all: readonly T[]): T | undefined =>
    all[uniformInt(random, 0, Math.max(0, all.length - 1))];
  const kills: Record<Victim, number> = { tool: 0, lane: 0, daemon: 0 };
  let resumed = 0;
  for (;;) {
    const isThere = readdirSync(results).some((name) => !name.startsWith('.'));
    const words = isThere ? ['resume', 'latest'] : ['run', ...args];
    if (isThere) resumed++;
    const child = execa(process.execPath, [mainFile, ...words, '--json', '--out', results], {
      env: lab,
      stdin: 'ignore',
      reject: false,
    });
    let isOver = false;
    const ended = child.then((result) => {
      isOver = true;
      return result;
    });
    while (!isOver) {
      await Promise.race([ended, sleep(uniformInt(random, pauseMs.from, pauseMs.to))]);
      if (isOver || kills.tool + kills.lane + kills.daemon >= mostKills) {
        await ended;
        break;
      }
      const victim = pick(['tool', 'lane', 'daemon'] as const) ?? 'tool';
      if (kill(victim, child.pid ?? 0, pick)) {
        kills[victim]++;
        if (victim === 'tool') break;
      }
    }
    const { exitCode, stdout, stderr, signal } = await ended;
    if (signal === 'SIGKILL') continue;
    const document = runsDocument.safeParse(parsed(stdout));
    const run = document.success ? document.data.runs[0] : undefined;
    // A daemon that was killed as it started, or three times in a row, ends a run that can be resumed.
    if (run !== undefined && run.stopped === null) return { run, kills, resumed };
    tell(`ended early (exit code ${exitCode}): ${run?.stopped ?? stderr.trim().split('\n').at(-1)}`);
    if (run === undefined && exitCode !== 3) throw new Error(stderr);
  }
}

/** False where there is no such process at the moment. */
function kill(victim: Victim, tool: number, pick: <T>(all: readonly T[]) => T | undefined): boolean {
  const pid = victim === 'tool' ? tool : pick(childrenOf(tool).filter((child) => isA(child, victim)));
  if (pid === undefined || pid === 0) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

function isA(pid: number, victim: 'lane' | 'daemon'): boolean {
  const [program = '', ...args] = textOf(`/proc/${pid}/cmdline`).split('\0');
  const name = path.basename(program);
  return victim === 'daemon' ? name === 'buildkitd' : name === 'buildctl' && args.includes('build');
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Processes that have something open, or live, below a folder; mounts there. */
export function leftBelow(folder: string): string[] {
  const processes = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
      return links.some((link) => link.startsWith(`${folder}/`));
    } catch {
      return false;
    }
  });
  const mounts = textOf('/proc/mounts')
    .split('\n')
    .filter((line) => line.includes(` ${folder}/`));
  return [...processes.map((pid) => `process ${pid}`), ...mounts];
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
