import { openSync, writeSync } from 'node:fs';
import { systemReason } from '../errors.js';
import { schemaVersion } from '../scenario/plan.js';

/** Takes whole lines. */
export interface LineSink {
  write(line: string): void;
}

/** As pino counts levels. */
const warn = 40;

/**
 * The file that a run's log goes to, each line at once. A log is no reason to end a run: what cannot be written is lost,
 * and the first line that can be says how many were.
 */
export function harnessLog(file: string): LineSink {
  let descriptor: number | null = null;
  let lost = 0;
  let why = '';
  let isCut = false;
  const put = (text: string): void => {
    descriptor ??= openSync(file, 'a');
    for (let bytes = Buffer.from(text), done = 0; done < bytes.length; ) {
      done += writeSync(descriptor, bytes, done);
      isCut = done < bytes.length;
    }
  };
  return {
    write(line) {
      try {
        put(`${isCut ? '\n' : ''}${lost === 0 ? '' : lostLine(lost, why)}${line}`);
        lost = 0;
      } catch (error) {
        lost += 1;
        why = systemReason(error);
      }
    },
  };
}

function lostLine(lost: number, why: string): string {
  const message = `${lost} lines of this log could not be written: ${why}`;
  return `${JSON.stringify({ level: warn, time: new Date().toISOString(), schemaVersion, msg: message })}\n`;
}
