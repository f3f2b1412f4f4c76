import { isIPv6 } from 'node:net';
import type { Find, Rule } from '../find.js';
import { placeholderStart } from '../kinds.js';
import { isTellingHost, isTellingUser } from '../people.js';
import { isDomainName, isHostOfPath, isInnerName, isPublicHost, mayBeDomainName } from '../public-hosts.js';
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
    innerNames(text, report);
    ofMachines(text, report);
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
    if (host === '' || !isHost(host, port, () => isImagePlace(text, start + 1))) continue;
    const begin = at - host.length - (port === undefined ? 0 : port.length + 1);
    give(begin, host, report);
  }
}

function isHost(host: string, port: string | undefined, isImage: () => boolean): boolean {
  if (isHostOfPath(host)) return true;
  if (port !== undefined && (port.length >= 4 || (/^(?:80|443)$/.test(port) && host.includes('.'))))
    // Of three digits at least, as `alpine:20/…` and `file:12/…` are something else.
    return (
      /^[a-z][a-z0-9.-]*$/i.test(host) && !/\.(?:go|c|h|js|ts|py|rs|md|txt|ya?ml|json|log|sh)$/i.test(host)
    );
  return mayBeDomainName(host.toLowerCase()) && isImage();
}

/** Words that an image's name stands behind. */
const imageWords =
  /(?:\bFROM[ \t]+(?:--platform=[^\s]{1,60}[ \t]+)?|\b(?:naming to|metadata for|manifests? (?:from|for|to)|layers? (?:from|for|to)|image|pulling|pushing|(?:docker|podman|buildah|nerdctl)[ \t]+(?:image[ \t]+)?(?:pull|push|run))[ \t]+["']?|\b(?:ref|name|image|BASE|BASE_IMAGE|IMAGE)[=:][ \t]*["']?|--(?:tag|from)[= ])$/;

function isImagePlace(text: string, at: number): boolean {
  return imageWords.test(text.slice(Math.max(0, at - 90), at));
}

const introductions =
  /(?:\blookup |\bdial (?:tcp|udp)[46]? |\bno such host: |\bresolve host:? '?|\bcould not resolve(?: host)?:? '?|\btoken for |\bmachine |\bping |\b(?:registry|host|hostname|server|docker_host|buildkit_host|registry-mirror|insecure-registry)["']?(?:=|: ?|[ \t]--)[ \t]*["']?|--(?:registry|host|hostname|registry-mirror|insecure-registry|add-host)[= ]|\blogin (?:[^\n]{0,80} )?(?=[a-z0-9-]+\.))([a-z0-9](?:[a-z0-9._-]{0,250}[a-z0-9])?)(:\d{1,5})?(?![\w.-]*\()/gi;

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

/** A port behind an address says that it is one, and no version. */
const withPort = /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?=:\d{2,5}(?![\w.]))/g;
const bracketed = /\[([0-9a-f]{1,4}:[0-9a-f:.]{1,41})\](?=:\d{2,5}(?!\w))/gi;
/** Resolvers that everybody uses. */
const everybodys = new Set(['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9']);

function isAddress(text: string): boolean {
  return text.split('.').every((one) => Number(one) <= 255);
}

/** `version 10.15.7.1`. */
function isVersion(text: string, at: number): boolean {
  return /\b(?:version|ver|release|build|sdk|macos|os x|windows)["']?[ \t:=]{0,3}v?$/i.test(
    text.slice(Math.max(0, at - 24), at),
  );
}

/** Addresses of inner networks: RFC 1918, shared (RFC 6598), link-local, and unique local ones. */
function addresses(text: string, report: Report): void {
  for (const { index, 0: address } of text.matchAll(privateV4)) {
    if (isAddress(address) && !isVersion(text, index)) give(index, address, report);
  }
  for (const { index, 0: address } of text.matchAll(withPort)) {
    if (isAddress(address) && !everybodys.has(address)) give(index, address, report);
  }
  for (const { index, 1: address = '' } of text.matchAll(bracketed)) {
    if (isIPv6(address)) give(index + 1, address, report);
  }
  for (const { index, 0: found } of text.matchAll(privateV6)) {
    // A sign behind it may be the text's own.
    const address = [found, found.replace(/[:.]+$/, '')].find(isIPv6);
    if (address !== undefined) give(index, address, report);
  }
}

/** `NO_PROXY=.acme.lan`, `"registry.acme.corp": {`: the ending tells, wherever it stands. */
function innerNames(text: string, report: Report): void {
  const endings = /\.(?:internal|local|lan|corp|intranet|localdomain)(?![\w-]|\.\w|\()/gi;
  for (const { index, 0: ending } of text.matchAll(endings)) {
    let start = index;
    while (start > 0 && index - start < 250 && /[A-Za-z0-9.-]/.test(text[start - 1] ?? '')) start--;
    // `%2Fgit.acme.corp`.
    if (text[start - 1] === '%') start += 2;
    const name = text.slice(start, index + ending.length).replace(/^[.-]+/, '');
    if (isInnerName(name)) give(index + ending.length - name.length, name, report);
  }
}

/** A daemon's own machine, a share of Windows, npm's registries, and where somebody logs in. */
const machines: readonly RegExp[] = [
  /\bworker\.hostname["']?(?:[ \t]|\\t)*[:=](?:[ \t]|\\t)*["']?([A-Za-z0-9][\w.-]{1,252})/g,
  /(?<=^|[\s=])(?:\\\\|\\\\\\\\)([A-Za-z0-9][\w.-]{2,62})\\{1,2}(?=[A-Za-z])/g,
  /(?<![\w:/.])\/\/([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,8})(?::\d{1,5})?\/(?=:|[\w-]|[\s"'=]|$)/gi,
  /\b(?:ssh|scp|sftp|rsync|ssh-copy-id)[ \t](?:[^\n|;&@]{0,120}[ \t])?[\w.-]{1,64}@([A-Za-z0-9][\w.-]{1,252})/g,
];
const login =
  /\b(?:ssh|scp|sftp|rsync|ssh-copy-id)[ \t](?:[^\n|;&@]{0,120}[ \t])?([\w.-]{1,64})@[A-Za-z0-9]/g;

function ofMachines(text: string, report: Report): void {
  for (const [i, one] of machines.entries()) {
    for (const { index, 0: whole, 1: found = '' } of text.matchAll(one)) {
      const host = found.replace(/[.-]+$/, '');
      if (!isTellingHost(host) || (i === 2 && !mayBeDomainName(host.toLowerCase()))) continue;
      give(index + whole.indexOf(found, i === 3 ? whole.lastIndexOf('@') : 0), host, report, i === 0);
    }
  }
  for (const { index, 0: whole, 1: name = '' } of text.matchAll(login)) {
    const start = index + whole.lastIndexOf(`${name}@`);
    if (isTellingUser(name) && name !== 'git' && !name.toUpperCase().startsWith(placeholderStart))
      report({ start, end: start + name.length, kind: 'user', everywhere: [] });
  }
}

function give(start: number, host: string, report: Report, isNamed = false): void {
  if (isPublicHost(host) || host.toUpperCase().startsWith(placeholderStart)) return;
  // A name of one label is an ordinary word elsewhere.
  const isTelling = isNamed || host.includes('.') || host.includes(':');
  report({ start, end: start + host.length, kind: 'host', everywhere: isTelling ? [host] : [] });
}

/** A letter, a digit, or a hyphen. */
function isWord(code: number): boolean {
  return isLetterOrDigit(code) || code === 45;
}
