import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { layout } from '../../src/results/layout.js';
import { clearUnfinished } from '../../src/results/unfinished.js';
import { Broken, checkDirectory, checkNothingLeft, planOf, runsOf, type Seen } from './checks.js';
import { type Ended, type Instant, type Place, start } from './program.js';
import { type Random, randomOf } from './random.js';

export interface CaseOptions {
  readonly seed: number;
  /** Where the case gets its folder. */
  readonly parent: string;
  readonly scenario: string;
  /** How often it is killed, unless it ends before. */
  readonly kills: number;
}

/** What a case came to: how often it was killed, in which phases, and after how many iterations. */
export interface CaseResult {
  readonly kills: number;
  readonly phases: readonly string[];
}

/** Longest time from a start to a kill, in milliseconds: beyond the start-up, and a few iterations. */
const longestMs = 1_500;

/**
 * One run that is killed again and again, at instants that follow from the seed, and goes on each time; checked after each
 * kill, and when it came to its end.
 * @throws {Broken} when a rule was broken; the folder of the case stays then.
 */
export async function crash({ seed, parent, scenario, kills }: CaseOptions): Promise<CaseResult> {
  const random = randomOf(seed);
  const place = placeIn(path.join(parent, `case-${seed}`));
  const seen: Seen = { unreadable: [], logs: new Map() };
  const phases: string[] = [];
  while (phases.length < kills) {
    const ended = await start(place, next(place, scenario), instant(random, place));
    if (ended.signal !== 'SIGKILL') {
      if (ended.code === 0) break;
      throw new Broken(told('the program ends in order where nobody killed it', ended));
    }
    phases.push(await checked(place, seen));
  }
  const ended = await start(place, next(place, scenario), null);
  if (ended.code !== 0) throw new Broken(told('what was killed goes on to its end', ended));
  await checkEnd(place, seen, ended);
  rmSync(place.folder, { recursive: true, force: true });
  return { kills: phases.length, phases };
}

function placeIn(folder: string): Place {
  const at = (name: string): string => path.join(folder, name);
  const place = { folder, temporary: at('tmp'), state: at('state'), results: at('results') };
  mkdirSync(place.temporary, { recursive: true });
  return place;
}

/** What a user would do now: begin, or go on. */
function next(place: Place, scenario: string): string[] {
  const begin = ['run', scenario, '--builder', 'simulated', '--json'];
  return runsOf(place).length === 0 ? begin : ['resume', 'latest', '--json'];
}

/** Mostly any instant; some are sought where a run spends little time: around the end of an iteration, or of the run. */
function instant(random: Random, place: Place): Instant {
  if (random.int(1, 4) > 1) return { delayMs: random.int(0, longestMs), after: null };
  const sought = random.int(1, 5) === 1 ? '"event":"run-finished"' : '"event":"iteration-finished"';
  const before = occurrences(place, sought);
  return { delayMs: random.int(0, 60), after: () => occurrences(place, sought) > before };
}

function occurrences(place: Place, text: string): number {
  const [directory] = runsOf(place);
  const journal = path.join(directory ?? place.results, layout.journal);
  return existsSync(journal) ? readFileSync(journal, 'utf8').split(text).length : 0;
}

/** Looks at what a kill left; a name for the phase in which it came. */
async function checked(place: Place, seen: Seen): Promise<string> {
  const [directory, ...more] = runsOf(place);
  if (more.length > 0) throw new Broken(`there is one run: ${more}`);
  if (directory === undefined) return 'before the run directory';
  const { length: planned } = planOf(directory).arms.flatMap(({ iterations }) => Array(iterations).fill(0));
  const finished = await checkDirectory(directory, seen);
  if (finished === 0) return 'before the first iteration was finished';
  return finished < planned ? 'between the first iteration and the last' : 'after the last iteration';
}

async function checkEnd(place: Place, seen: Seen, { stdout }: Ended): Promise<void> {
  const [directory = ''] = runsOf(place);
  const plan = planOf(directory);
  const planned = plan.arms.reduce((sum, { iterations }) => sum + iterations, 0);
  const finished = await checkDirectory(directory, seen);
  if (finished !== planned) throw new Broken(`${planned} iterations were planned, ${finished} are finished`);
  const [run] = (JSON.parse(stdout) as { runs: Result[] }).runs;
  const kept = JSON.parse(readFileSync(path.join(directory, layout.result), 'utf8')) as Result;
  for (const result of [run, kept]) {
    const counts = result?.arms.map(({ name, iterations }) => [name, iterations.valid, iterations.invalid]);
    const expected = plan.arms.map(({ name, iterations }) => [name, iterations, 0]);
    if (result?.stopped !== null || JSON.stringify(counts) !== JSON.stringify(expected))
      throw new Broken(`the result tells of the whole plan: ${JSON.stringify(counts)}, ${result?.stopped}`);
  }
  await forgetEmpty(place);
  await checkNothingLeft(place);
}

interface Result {
  readonly stopped: string | null;
  readonly arms: readonly {
    readonly name: string;
    readonly iterations: { readonly valid: number; readonly invalid: number };
  }[];
}

/** Empty folders of killed starts are cleared only after a while; that is not waited for here. */
async function forgetEmpty({ results }: Place): Promise<void> {
  const longAgo = new Date(0);
  for (const name of readdirSync(results).filter((one) => one.startsWith('.')))
    for (const folder of [path.join(results, name, layout.locks), path.join(results, name)])
      if (existsSync(folder) && readdirSync(path.join(results, name)).every((one) => one === layout.locks))
        utimesSync(folder, longAgo, longAgo);
  await clearUnfinished(results);
}

const told = (rule: string, { code, signal, stderr }: Ended): string =>
  `${rule}: ${signal ?? `exit code ${code}`}\n${stderr}`;
