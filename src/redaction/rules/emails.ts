import type { Rule } from '../find.js';
import { isDomainName, isPublicHost, mayBeDomainName } from '../public-hosts.js';

/** Longest part in front of the "@" (RFC 5321). */
const maxLocal = 64;

const encoded = /(?<![\w.+%-])([\w.+-]{1,64}%40([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?))/gi;

/** Endings of more letters than two are believed wherever an address may stand. */
function isMailDomain(host: string): boolean {
  return isDomainName(host) || (mayBeDomainName(host.toLowerCase()) && /\.(?:[a-z]{3,}|xn--.*)$/i.test(host));
}

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
        !isMailDomain(host) ||
        (isPublicHost(host) && text.slice(start, at) === 'git') ||
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
    // In parameters of addresses.
    if (!text.includes('%40')) return;
    for (const { index, 1: address = '', 2: host = '' } of text.matchAll(encoded))
      if (isMailDomain(host))
        report({ start: index, end: index + address.length, kind: 'email', everywhere: [address] });
  },
};
