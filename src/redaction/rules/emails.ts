import type { Rule } from '../find.js';
import { isDomainName } from '../public-hosts.js';

/** Longest part in front of the "@" (RFC 5321). */
const maxLocal = 64;

export const emails: Rule = {
  name: 'emails',
  find(text, report) {
    const domain = /[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?/iy;
    for (let at = text.indexOf('@', 1); at !== -1; at = text.indexOf('@', at + 1)) {
      let start = at;
      while (start > 0 && at - start < maxLocal && /[\w.+%-]/.test(text[start - 1] ?? '')) start--;
      while (start < at && !/\w/.test(text[start] ?? '')) start++;
      domain.lastIndex = at + 1;
      const host = domain.exec(text)?.[0] ?? '';
      // `git@host:path`, `user:password@host` and `name@sha256:…` are something else.
      const behind = text[at + 1 + host.length];
      if (
        start === at ||
        !isDomainName(host) ||
        (behind === ':' && /[\w/]/.test(text[at + 2 + host.length] ?? ''))
      )
        continue;
      if (
        '/:'.includes(text[start - 1] ?? ' ') &&
        !/mailto:$/.test(text.slice(Math.max(0, start - 7), start))
      )
        continue;
      const end = at + 1 + host.length;
      report({ start, end, kind: 'email', everywhere: [text.slice(start, end)] });
    }
  },
};
