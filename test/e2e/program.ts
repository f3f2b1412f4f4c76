import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { mainFile } from './paths.js';

export { appleStandIn, mainFile, projectRoot, recordedLogs } from './paths.js';

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface CallOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
}

/** Calls the built program as a user does, in plain surroundings. */
export async function buildrace(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
  const ended = await execa(process.execPath, [mainFile, ...args], {
    reject: false,
    cwd: options.cwd ?? scratchFolder(),
    env: options.env ?? {},
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    stripFinalNewline: false,
  });
  return { stdout: ended.stdout, stderr: ended.stderr, exitCode: ended.exitCode ?? -1 };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-e2e-'));
  folders.push(folder);
  return folder;
}
