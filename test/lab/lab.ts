import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type RunDocument, runsDocument } from '../e2e/contract.js';
import { mainFile } from '../e2e/paths.js';
import { labEnvironment } from './setup/environment.js';

/** The lab's variables, of another checkout's where they are exported; a lab that is not up fails every test of the file. */
export const lab: Readonly<Record<string, string>> =
  process.env.LAB_REGISTRY === undefined ? labEnvironment() : exported(process.env);

function exported(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export function labVariable(name: string): string {
  const value = lab[name];
  if (value === undefined) throw new Error(`the lab has no ${name}`);
  return value;
}

/** The BuildKit versions of the lab, newest last. */
export const buildkitVersions = ['0.10.4', '0.23.2', '0.32.2'] as const;

export const buildkitAddress = (version: string): string =>
  labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}`);

/** Where the runs of a test file go; to be removed after it. */
export function resultsFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-lab-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface LabRun {
  readonly run: RunDocument;
  readonly stderr: string;
  readonly exitCode: number;
}

/** One run of the built program on a builder of the lab. */
export async function runInLab(
  args: readonly string[],
  out: string,
  env: Readonly<Record<string, string>> = {},
): Promise<LabRun> {
  const ended = await execa(process.execPath, [mainFile, 'run', ...args, '--json', '--out', out], {
    env: { ...lab, ...env },
    stdin: 'ignore',
    reject: false,
  });
  const document = runsDocument.safeParse(parsed(ended.stdout));
  const [run] = document.success ? document.data.runs : [];
  if (run === undefined)
    throw new Error(`the run gave no document (exit ${ended.exitCode}): ${ended.stderr}`);
  return { run, stderr: ended.stderr, exitCode: ended.exitCode ?? -1 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Waits until something is so while a run goes on. @throws where the run ends before. */
export async function whileItRuns(running: Promise<unknown>, isSo: () => boolean): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  running.then(over, over);
  while (!isSo()) {
    if (isOver) {
      await running;
      throw new Error('the run ended before that');
    }
    await sleep(2);
  }
}

/** What the journals under a results folder hold so far, also while a run still writes. */
export function journalEvents(results: string): { readonly event: string }[] {
  return readdirSync(results).flatMap((run) =>
    textOf(path.join(results, run, 'journal.jsonl'))
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line)),
  );
}

/** A file's text, or nothing where it is not there yet. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
