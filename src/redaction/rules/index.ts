import type { Rule } from '../find.js';
import { assignments } from './assignments.js';
import { emails } from './emails.js';
import { encodedUrls } from './encoded-urls.js';
import { homes } from './homes.js';
import { hosts } from './hosts.js';
import { logins } from './logins.js';
import { privateKeys } from './private-keys.js';
import { tokens } from './tokens.js';
import { urls } from './urls.js';

export const rules: readonly Rule[] = [
  privateKeys,
  tokens,
  urls,
  encodedUrls,
  assignments,
  logins,
  emails,
  hosts,
  homes,
];
