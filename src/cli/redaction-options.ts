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
  return { redact, keep, environment: process.env, user: { ...thisUser(), host: os.hostname() } };
}

/** Where the user has no entry in the password file, as in containers, the environment says what there is to say. */
function thisUser(): { name: string; home: string } {
  try {
    const { username, homedir } = os.userInfo();
    return { name: username, home: homedir };
  } catch {
    const { USER, LOGNAME, HOME } = process.env;
    return { name: USER ?? LOGNAME ?? '', home: HOME ?? '' };
  }
}
