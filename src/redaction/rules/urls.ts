import type { Rule } from '../find.js';
import { placeholderStart } from '../kinds.js';
import { isDomainName, isPublicHost } from '../public-hosts.js';
import { isTelling } from '../secret-values.js';

const maxAuthority = 1024;
const endsAuthority = /[/\s"'`<>?#)\]}|\\,;]/;
/** Schemes whose first part is no host: a path, or the name of a container. */
const notHosts =
  /^(?:file|unix|npipe|fd|docker-container|container|podman-container|kube-pod|oci-layout|data|docker-image|local|oci|dir)$/i;

/** `user:password@` and hosts that are not public, in addresses with a scheme. */
export const urls: Rule = {
  name: 'urls',
  find(text, report) {
    for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
      const scheme = schemeBefore(text, at);
      if (scheme === '') continue;
      const start = at + 3;
      const end = authorityEnd(text, start);
      const authority = text.slice(start, end);
      const sign = authority.lastIndexOf('@');
      if (sign > 0) loginIn(authority.slice(0, sign), start, scheme, report);
      const host = hostOf(authority.slice(sign + 1));
      if (host === '' || notHosts.test(scheme) || isPlaceholder(host) || isPublicHost(host)) continue;
      // docker-image://docker.io/…, and names that stand for something.
      if (!/^[a-z0-9[]/i.test(host) || !/[a-z0-9\]]$/i.test(host)) continue;
      report({
        start: start + sign + 1,
        end: start + sign + 1 + host.length,
        kind: 'host',
        everywhere: isDomainName(host) || /^\d+(?:\.\d+){3}$/.test(host) ? [host] : [],
      });
    }
  },
};

function schemeBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 24 && /[a-z0-9+.-]/i.test(text[start - 1] ?? '')) start--;
  return text.slice(start, at);
}

function authorityEnd(text: string, start: number): number {
  let end = start;
  const last = Math.min(text.length, start + maxAuthority);
  // A password may hold signs that end a host; it is one word up to "@".
  while (end < last && !endsAuthority.test(text[end] ?? '')) end++;
  if (text[end] === '/' || text[end] === undefined || /\s/.test(text[end] ?? '')) return end;
  let beyond = end;
  while (beyond < last && !/[/\s"'`<>\\]/.test(text[beyond] ?? '')) beyond++;
  const sign = text.lastIndexOf('@', beyond - 1);
  if (sign < end || !text.slice(start, end).includes(':')) return end;
  let host = sign + 1;
  while (host < last && !endsAuthority.test(text[host] ?? '')) host++;
  return host;
}

function loginIn(login: string, start: number, scheme: string, report: Parameters<Rule['find']>[1]): void {
  const colon = login.indexOf(':');
  const password = colon === -1 ? '' : login.slice(colon + 1);
  // `git@` names nobody, and what stands for a login is none.
  if (login.startsWith(placeholderStart) || /^(?:git|hg|svn)$/.test(login)) return;
  if (/^(?:\$\{?\w+\}?|<\w+>|\*+)(?::(?:\$\{?\w+\}?|<\w+>|\*+))?$/.test(login)) return;
  const isToken = colon === -1 && /^https?$/i.test(scheme);
  const values = [
    password,
    decoded(password),
    ...(isToken || password.startsWith('x-oauth') ? [login.split(':')[0] ?? ''] : []),
  ];
  report({
    start,
    end: start + login.length,
    kind: 'login',
    everywhere: [...new Set(values)].filter(isTelling),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The host of `host:port`, `[address]:port`. */
function hostOf(authority: string): string {
  if (authority.startsWith('[')) return /^\[[0-9a-f:.%]+\]/i.exec(authority)?.[0] ?? '';
  const host = authority.split(':')[0] ?? '';
  return /^[a-z0-9._-]+$/i.test(host) ? host.replace(/\.+$/, '') : '';
}

function isPlaceholder(host: string): boolean {
  return host.toLowerCase().startsWith(placeholderStart.toLowerCase());
}
