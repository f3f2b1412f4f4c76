import os from 'node:os';
import type { RedactionOptions } from '../redaction/redact.js';

/** What `report` and `bundle` take: every report that is attached to something is redacted. */
export const redactionChoices = {
  redact: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Take this out too: a text, or an expression between slashes',
  },
  keep: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Leave this in: a text, or an expression between slashes',
  },
} as const;

export interface RedactionValues {
  readonly redact: string[] | undefined;
  readonly keep: string[] | undefined;
}

/** With what this machine and its user are called. */
export function redactionOptions({ redact = [], keep = [] }: RedactionValues): RedactionOptions {
  const { username, homedir } = os.userInfo();
  return {
    redact,
    keep,
    environment: process.env,
    user: { name: username, home: homedir, host: os.hostname() },
  };
}
