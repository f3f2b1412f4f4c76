import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { arrivalsOf, layout } from '../../src/results/layout.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-details-'));
  folders.push(folder);
  return folder;
}

/** What a lane printed, with or without a platform that drifts: its source stage, and a COPY from it. */
export function logOf(kind: 'drift' | 'clean'): string {
  return [
    '#1 [internal] load build definition from Dockerfile',
    '#1 DONE 0.0s',
    '',
    '#2 [linux/arm64 builder 1/1] RUN make',
    '#2 DONE 0.3s',
    '',
    `#3 [${kind === 'drift' ? 'linux/arm64/v8' : 'linux/arm64'} runtime 2/2] COPY --from=builder /a /b`,
    '#3 DONE 0.0s',
    '',
  ].join('\n');
}

/** Puts a lane's log where a run keeps it; `times` are rows of arrival times. */
export function writeLog(
  directory: string,
  arm: string,
  iteration: number,
  lane: string,
  text: string | Uint8Array,
  times = '[1,100]\n[7,500]\n',
): void {
  const file = path.join(directory, layout.stream(arm, iteration, lane, 'stderr'));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  writeFileSync(arrivalsOf(file), `{"schemaVersion":1,"columns":["line","ms"]}\n${times}`);
}
