import { isIPv6 } from 'node:net';
import type { Find, Rule } from '../find.js';
import { placeholderStart } from '../kinds.js';
import { isDomainName, isPublicHost } from '../public-hosts.js';
import { isLetterOrDigit } from './characters.js';

type Report = (find: Find) => void;

/** Hosts without a scheme, where only hosts stand: the first part of an image's name, an error of the network, an option. */
export const hosts: Rule = {
  name: 'hosts',
  find(text, report) {
    inImageNames(text, report);
    behindWords(text, report);
    behindAt(text, report);
    addresses(text, report);
  },
};

function inImageNames(text: string, report: Report): void {
  for (let at = text.indexOf('/', 1); at !== -1; at = text.indexOf('/', at + 1)) {
    if (!isWord(text.charCodeAt(at - 1)) || !isLetterOrDigit(text.charCodeAt(at + 1))) continue;
    let start = at - 1;
    let hasSign = false;
    while (start >= 0 && at - start < 260) {
      const one = text.charCodeAt(start);
      if (one === 46 || one === 58) hasSign = true;
      else if (!isWord(one)) break;
      start--;
    }
    if (!hasSign || '/@%~$_+#'.includes(text[start] ?? ' ')) continue;
    // The host is the last that can be one: `name=registry.corp:5000/app`, `from:registry.corp/app`.
    const first = text.slice(start + 1, at);
    const { 1: host = '', 2: port } =
      /(?:^|:)([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{2,5}))?$/i.exec(first) ?? [];
    if (host === '' || !isHost(host, port)) continue;
    const begin = at - host.length - (port === undefined ? 0 : port.length + 1);
    give(begin, host, report);
  }
}

function isHost(host: string, port: string | undefined): boolean {
  if (isDomainName(host)) return true;
  // A single name with a port: of three digits at least, as `alpine:20/…` and `file:12/…` are something else.
  return (
    port !== undefined &&
    port.length >= 4 &&
    /^[a-z][a-z0-9.-]*$/i.test(host) &&
    !/\.(?:go|c|h|js|ts|py|rs|md|txt|ya?ml|json|log|sh)$/i.test(host)
  );
}

const introductions =
  /(?:\blookup |\bdial (?:tcp|udp)[46]? |\bno such host: |\bresolve host:? '?|\bcould not resolve(?: host)?:? '?|\btoken for |\b(?:registry|host|hostname|server|docker_host|buildkit_host|registry-mirror|insecure-registry)["']?(?:=|: ?|[ \t]--)[ \t]*["']?|--(?:registry|host|hostname|registry-mirror|insecure-registry|add-host)[= ]|\blogin (?:[^\n]{0,80} )?(?=[a-z0-9-]+\.))([a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?)(:\d{1,5})?(?![\w.-]*\()/gi;

function behindWords(text: string, report: Report): void {
  for (const { index, 0: whole, 1: host = '', 2: port = '' } of text.matchAll(introductions)) {
    const isNetwork = /^(?:lookup|dial|resolve|could)/i.test(whole);
    const isName =
      isDomainName(host) ||
      (isNetwork && /^[a-z][\w-]*$/i.test(host) && (port !== '' || /^lookup /i.test(whole)));
    if (isName) give(index + whole.length - port.length - host.length, host, report);
  }
}

/** `git@host:team/repository`. */
function behindAt(text: string, report: Report): void {
  const repository = /([a-z0-9][a-z0-9.-]{0,250}):(?=[\w~/])/iy;
  for (let at = text.indexOf('@', 1); at !== -1; at = text.indexOf('@', at + 1)) {
    if (!isWord(text.charCodeAt(at - 1))) continue;
    repository.lastIndex = at + 1;
    const host = repository.exec(text)?.[1] ?? '';
    if (isDomainName(host)) give(at + 1, host, report);
  }
}

const privateV4 =
  /(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/g;
const privateV6 = /(?<![\w:.-])(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):[0-9a-f:.]{1,40}/gi;

/** Addresses of inner networks: RFC 1918, shared (RFC 6598), link-local, and unique local ones. */
function addresses(text: string, report: Report): void {
  for (const { index, 0: address } of text.matchAll(privateV4)) {
    if (address.split('.').every((one) => Number(one) <= 255)) give(index, address, report);
  }
  for (const { index, 0: found } of text.matchAll(privateV6)) {
    // A sign behind it may be the text's own.
    const address = [found, found.replace(/[:.]+$/, '')].find(isIPv6);
    if (address !== undefined) give(index, address, report);
  }
}

function give(start: number, host: string, report: Report): void {
  if (isPublicHost(host) || host.toUpperCase().startsWith(placeholderStart)) return;
  // A name of one label is an ordinary word elsewhere.
  const isTelling = host.includes('.') || host.includes(':');
  report({ start, end: start + host.length, kind: 'host', everywhere: isTelling ? [host] : [] });
}

/** A letter, a digit, or a hyphen. */
function isWord(code: number): boolean {
  return isLetterOrDigit(code) || code === 45;
}
