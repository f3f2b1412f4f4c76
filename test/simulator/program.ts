import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parseLog } from '../../src/progress/parse.js';
import type { Timeline } from '../../src/progress/timeline.js';

const main = fileURLToPath(new URL('../../dist/simulator/main.js', import.meta.url));
export const chaosFolder = fileURLToPath(new URL('../../dockerfiles/chaos-1506', import.meta.url));

/** One line of the record. */
export interface Recorded {
  readonly build: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** The program as a process of its own, as it is built: from the sources each start would take three times as long. It can be waited for or killed. */
export function start(args: readonly string[]) {
  return execa(process.execPath, [main, ...args], {
    reject: false,
    stdin: 'ignore',
    stripFinalNewline: false,
  });
}

export async function simulator(...args: readonly string[]): Promise<Ended> {
  const { stdout, stderr, exitCode } = await start(args);
  return { stdout, stderr, exitCode };
}

/** All lines of the record, or those of the one build that printed this tag. */
export function record(state: string, tag?: string): readonly Recorded[] {
  const file = path.join(state, 'record.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const all = lines.map((line) => JSON.parse(line) as Recorded);
  if (tag === undefined) {
    return all;
  }
  const started = all.findLast(
    ({ event, tags }) => event === 'build-started' && (tags as string[]).includes(tag),
  );
  return all.filter(({ build }) => build === started?.build);
}

/** The log as the project's own parser reads it. */
export async function timelineOf(log: string): Promise<Timeline> {
  return parseLog([Buffer.from(log)]);
}

export function isEmptyOrMissing(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}
