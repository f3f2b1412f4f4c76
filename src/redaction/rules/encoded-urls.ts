import type { Rule } from '../find.js';
import { isDomainName, isPublicHost } from '../public-hosts.js';
import { isTelling } from '../secret-values.js';

/** `%3A%2F%2F`, and what follows up to the next encoded slash or the end of the word. */
const authorities = /%3A%2F%2F((?:[\w.~!*+-]|%(?!2F|3F|23|26|22|20)[0-9A-F]{2}){1,500})/gi;

/** Logins and hosts of addresses that stand in other addresses: `https%3A%2F%2Fuser%3Apassword%40host`. */
export const encodedUrls: Rule = {
  name: 'encoded-urls',
  find(text, report) {
    if (!/%2F/i.test(text)) return;
    for (const { index, 0: whole, 1: authority = '' } of text.matchAll(authorities)) {
      const start = index + whole.length - authority.length;
      const sign = authority.toUpperCase().lastIndexOf('%40');
      if (sign > 0) {
        const login = decoded(authority.slice(0, sign));
        const password = login.slice(login.indexOf(':') + 1);
        report({ start, end: start + sign, kind: 'login', everywhere: [password].filter(isTelling) });
      }
      const from = sign === -1 ? 0 : sign + 3;
      const host = /^[\w.-]+/.exec(authority.slice(from))?.[0] ?? '';
      if (isDomainName(host) && !isPublicHost(host))
        report({ start: start + from, end: start + from + host.length, kind: 'host', everywhere: [host] });
    }
  },
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
