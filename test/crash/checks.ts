import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { analyze } from '../../src/analysis.js';
import { UserError } from '../../src/errors.js';
import { type IterationFinished, parseJournal } from '../../src/results/journal.js';
import { layout } from '../../src/results/layout.js';
import { inBlocks } from '../../src/runner/order.js';
import type { Plan } from '../../src/scenario/plan.js';
import { ImageStore } from '../../src/simulator/images.js';
import type { Place } from './program.js';

/** A rule that a run broke. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** What was seen of a run at its earlier kills. */
export interface Seen {
  /** Numbers of lines that could not be read. */
  unreadable: readonly number[];
  /** Hashes of the logs of finished iterations, by their folder. */
  readonly logs: Map<string, string>;
}

/** The run directories of a case that have all that makes them runs. */
export function runsOf({ results }: Place): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => !name.startsWith('.'))
    .map((name) => path.join(results, name));
}

const must = (isSo: boolean, rule: string): void => {
  if (!isSo) throw new Broken(rule);
};

const textOf = (...file: string[]): string => {
  try {
    return readFileSync(path.join(...file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};

/** Checks what a killed run left in its directory, and gives its number of finished iterations. */
export async function checkDirectory(directory: string, seen: Seen): Promise<number> {
  const plan = planOf(directory);
  must(textOf(directory, layout.environment).endsWith('}\n'), 'a run directory has its environment whole');
  const text = textOf(directory, layout.journal);
  const { events, unreadable } = parseJournal(text);
  const fresh = unreadable.filter((line) => !seen.unreadable.includes(line));
  const last = text.split('\n').length;
  must(
    fresh.every((line) => line === last),
    `only the last line of a journal is cut: ${fresh} of ${last}`,
  );
  seen.unreadable = unreadable;
  const finished = events.filter((event) => event.event === 'iteration-finished');
  inPlannedOrder(plan, finished);
  for (const event of finished) checkLogs(directory, event, seen);
  await checkAnalysis(directory, plan, finished);
  return finished.length;
}

export function planOf(directory: string): Plan {
  const text = textOf(directory, layout.plan);
  must(text.endsWith('}\n'), `a run directory has its plan whole: ${directory}`);
  return JSON.parse(text) as Plan;
}

/** Each once, none left out, and in the order of the plan's blocks. */
function inPlannedOrder(plan: Plan, finished: readonly IterationFinished[]): void {
  const planned = [...inBlocks(plan)].map(({ arm, iteration }) => `${arm.name} ${iteration}`);
  const found = finished.map(({ arm, iteration }) => `${arm} ${iteration}`);
  must(
    found.join() === planned.slice(0, found.length).join(),
    `iterations are finished in the planned order: ${found.join(', ')} of ${planned.join(', ')}`,
  );
}

/** A build of the simulated builder that was not cut ends so. */
const lastLines = /\n#\d+ exporting to oci image format\n(?:#\d+ .*\n)*#\d+ DONE \d+\.\ds\n$/;

function checkLogs(directory: string, event: IterationFinished, seen: Seen): void {
  const place = layout.iteration(event.arm, event.iteration);
  must(event.spoilt === null, `no kill spoils an iteration that counts: ${place} ${event.spoilt}`);
  must(event.lanes.length > 0, `a finished iteration has its lanes: ${place}`);
  const hash = createHash('sha256');
  for (const { lane, exitCode } of event.lanes) {
    must(exitCode === 0, `no kill ends a build that counts: ${place} ${lane} ${exitCode}`);
    const log = textOf(directory, place, `${lane}.stderr`);
    must(lastLines.test(log), `the log of a finished iteration is whole: ${place}/${lane}.stderr\n${log}`);
    must(
      textOf(directory, place, `${lane}.stderr.times.jsonl`).endsWith('\n'),
      `the arrivals of a finished iteration are whole: ${place}/${lane}`,
    );
    hash.update(log);
  }
  const digest = hash.digest('hex');
  must((seen.logs.get(place) ?? digest) === digest, `the logs of a finished iteration stay: ${place}`);
  seen.logs.set(place, digest);
}

/** It counts what is finished, and nothing else; or it says in a sentence why it cannot. */
async function checkAnalysis(
  directory: string,
  plan: Plan,
  finished: readonly IterationFinished[],
): Promise<void> {
  try {
    const { arms } = await analyze(directory);
    for (const { name, iterations } of arms) {
      const count = finished.filter(({ arm }) => arm === name).length;
      const counted = iterations.valid + iterations.invalid;
      must(counted === count, `${name}: ${count} iterations are finished, and ${counted} count`);
    }
    must(arms.length === plan.arms.length, 'every arm of the plan is told of');
  } catch (error) {
    if (!(error instanceof UserError) || /\n/.test(error.message)) throw error;
  }
}

/** Nothing of a case may be left but its run. */
export async function checkNothingLeft(place: Place): Promise<void> {
  must(names(place.temporary).length === 0, `nothing is left in TMPDIR: ${names(place.temporary)}`);
  const images = await new ImageStore(place.state).list();
  must(images.length === 0, `no image is left: ${images}`);
  const hidden = names(place.results).filter((name) => name.startsWith('.'));
  must(hidden.length === 0, `no hidden folder is left: ${hidden}`);
  const left = processesOf(place.folder);
  must(left.length === 0, `no process is left: ${left.join('; ')}`);
}

const names = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Processes that have a folder in their command line, environment, working directory or open files (Linux). */
export function processesOf(folder: string): string[] {
  return names('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const at = `/proc/${pid}`;
      const texts = [readable(() => readFileSync(`${at}/cmdline`, 'utf8'))];
      texts.push(readable(() => readFileSync(`${at}/environ`, 'utf8')));
      texts.push(readable(() => readlinkSync(`${at}/cwd`)));
      for (const name of readable(() => readdirSync(`${at}/fd`).join())
        .split(',')
        .filter(Boolean))
        texts.push(readable(() => readlinkSync(`${at}/fd/${name}`)));
      return texts.some((text) => text.includes(folder)) ? [`${pid} ${texts[0]?.replaceAll('\0', ' ')}`] : [];
    });
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
