import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../recorded-logs/', import.meta.url);

export interface RecordedLog {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Logs of real builders, of every format, by name. */
export const recordedLogs: readonly RecordedLog[] = readdirSync(folder)
  .filter((name) => name.endsWith('.log'))
  .sort()
  .map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));
