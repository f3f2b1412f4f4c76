import type { Find, Rule } from '../find.js';
import { isSecretName, maxNameLength } from '../secret-names.js';
import { isTelling, isTrivial, isUnusual } from '../secret-values.js';
import { behindBlanks, endsLine, quoteAt, type Value, valueAt } from './values.js';

/** Beginnings of the words that make a name secret; every name that `isSecretName` takes has one of them. */
const stems = /tok|secr|pass|pwd|cred|auth|key|cooki|bear|sig|jwt|_pat|-pat|"auth/gi;

const headers = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-.*|private-token|job-token|api-?key)$/i;
const scheme = /(?:Bearer|Basic|Token|Digest|Negotiate|ApiKey)[ \t]+/iy;
/** What a line begins with before what somebody printed: `#7 0.123 `, `- `, `> `, `export `. */
const lineStart =
  /(?:^|\n|\\n)(?:#\d+[ \t]+(?:\d+\.\d+[ \t]+)?)?[\s>|+-]*(?:export[ \t]+|set[ \t]+)?\\*["']?$/;
const prose = new Set([
  'flag',
  'flags',
  'is',
  'was',
  'option',
  'must',
  'not',
  'with',
  'to',
  'or',
  'and',
  'in',
  'for',
]);

/**
 * Most names in one word that are looked at without a find. To each of them the rest of the word is its value; no word of
 * anybody's has so many, and behind them all of it goes, so that time grows with the length alone.
 */
const mostNamesOfWord = 20;

/** Values whose name says secret: `NAME=VALUE`, `NAME: VALUE`, `"name": "value"`, `ENV NAME VALUE`, `--name VALUE`, headers. */
export const assignments: Rule = {
  name: 'assignments',
  find(text, report) {
    let from = 0;
    let inVain = 0;
    stems.lastIndex = 0;
    for (let hit = stems.exec(text); hit !== null; hit = stems.exec(text)) {
      if (hit.index < from) continue;
      const name = nameAround(text, hit.index, from);
      inVain = /[\s"'`]/.test(text.slice(from, name.start)) ? 0 : inVain + 1;
      from = Math.max(name.end, hit.index + 1);
      stems.lastIndex = Math.max(stems.lastIndex, from);
      const found = inVain >= mostNamesOfWord ? restOfWord(text, name.end) : findAt(text, name);
      if (found === null) continue;
      report(found);
      inVain = 0;
      from = Math.max(from, found.end);
      stems.lastIndex = from;
    }
  },
};

function findAt(text: string, name: Name): Find | null {
  const value = givenTo(text, name);
  if (value === null || isCount(name.text, text.slice(value.start, value.end))) return null;
  return findOf(text, value);
}

function restOfWord(text: string, at: number): Find | null {
  const value = valueAt(text, at);
  return value === null ? null : { start: value.start, end: value.end, kind: 'secret', everywhere: [] };
}

interface Name {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const nameCharacter = /[A-Za-z0-9_.-]/;

function nameAround(text: string, at: number, from: number): Name {
  let start = text[at] === '"' ? at + 1 : at;
  let end = start;
  while (start > from && at - start <= maxNameLength && nameCharacter.test(text[start - 1] ?? '')) start--;
  while (end < text.length && nameCharacter.test(text[end] ?? '')) end++;
  while (start < end && '-.'.includes(text[start] ?? '')) start++;
  return { start, end, text: text.slice(start, Math.min(end, start + maxNameLength + 1)) };
}

function givenTo(text: string, name: Name): Value | null {
  const before = text[name.start - 1];
  if (isDockerAuth(text, name)) return quotedBehindColon(text, name.end);
  if (!isSecretName(name.text)) return null;
  const quote = quoteAt(text, name.end);
  const isQuoted = quote !== null && text.endsWith(quote, name.start) && name.start >= quote.length;
  const next = isQuoted ? name.end + quote.length : name.end;
  const separator = behindBlanks(text, next);
  const one = text[separator];
  if (one === '=' || (one === ':' && text[separator + 1] === '=')) {
    const at = behindBlanks(text, separator + (one === ':' ? 2 : text[separator + 1] === '>' ? 2 : 1));
    // `NAME =` with nothing behind it, and `NAME= command`, set nothing.
    if (at > separator + 1 && separator === next && !isQuoted) return null;
    if (text[at] === '=') return null;
    return valueAt(text, at, before === '?' || before === '&' ? '&#' : '');
  }
  if (one === ':') return behindColon(text, name, isQuoted, separator + 1);
  if (separator === next || endsLine(one)) return null;
  if (isInstruction(text, name.start)) return restOfLine(text, separator);
  return isFlag(text, name.start) ? flagValue(text, name, separator) : null;
}

/** `"auth": "dXNlcjpwYXNz"` of Docker's config.json: any other "auth" says nothing. */
function isDockerAuth(text: string, { start, text: name }: Name): boolean {
  return name === 'auth' && '"\''.includes(text[start - 1] ?? 'x');
}

function quotedBehindColon(text: string, at: number): Value | null {
  const quote = quoteAt(text, at);
  if (quote === null) return null;
  const colon = behindBlanks(text, at + quote.length);
  if (text[colon] !== ':') return null;
  const value = valueAt(text, behindBlanks(text, colon + 1));
  return value?.quoted === true && value.end - value.start >= 8 ? value : null;
}

function behindColon(text: string, name: Name, isQuoted: boolean, colon: number): Value | null {
  const at = behindBlanks(text, colon);
  if (endsLine(text[at])) return null;
  if (headers.test(name.text)) return headerValue(text, name, at);
  const isFlow = '{,'.includes(text[lastBeforeBlanks(text, name.start - (isQuoted ? 1 : 0))] ?? 'x');
  const value = valueAt(text, at, isFlow || isQuoted ? ',}]' : '');
  if (value === null || isQuoted || value.quoted || isFlow) return value;
  // Words and a colon are prose more often than a value, but not on a line of their own.
  const isAlone = lineStart.test(text.slice(Math.max(0, name.start - 40), name.start));
  const behind = behindBlanks(text, value.end);
  if (isAlone && at > colon && (endsLine(text[behind]) || text[behind] === '#' || text[behind] === '\\'))
    return value;
  const word = text.slice(value.start, value.end);
  return isUnusual(word) && /\d/.test(word) && !/[/()]/.test(word) ? value : null;
}

function lastBeforeBlanks(text: string, at: number): number {
  let i = at - 1;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\\') i--;
  return i;
}

/** A header's value: what follows the scheme, or all of it. */
function headerValue(text: string, name: Name, at: number): Value | null {
  scheme.lastIndex = at;
  const hasScheme = scheme.test(text);
  const start = hasScheme ? scheme.lastIndex : at;
  const first = valueAt(text, start);
  if (first === null || first.quoted || !/cookie/i.test(name.text)) return first;
  let end = first.end;
  while (end < text.length && !/["'`\n\r\\]/.test(text[end] ?? '')) end++;
  return { start, end, quoted: false };
}

function isInstruction(text: string, at: number): boolean {
  return /\b(?:ENV|ARG)[ \t]+$/.test(text.slice(Math.max(0, at - 12), at));
}

function restOfLine(text: string, at: number): Value | null {
  const value = valueAt(text, at);
  if (value === null || value.quoted) return value;
  const end = text.indexOf('\n', at);
  const rest = text.slice(at, end === -1 ? text.length : end).trimEnd();
  return { start: at, end: at + rest.length, quoted: false };
}

function isFlag(text: string, at: number): boolean {
  return text[at - 1] === '-' && text[at - 2] === '-';
}

function flagValue(text: string, name: Name, at: number): Value | null {
  const value = valueAt(text, at);
  if (value === null) return null;
  const word = text.slice(value.start, value.end);
  if (word.startsWith('-') || prose.has(word)) return null;
  return name.text === 'secret' && /^(?:id|type|src|source|env)=/.test(word) ? null : value;
}

/** `<your key>`: the value ends at its blank. */
function standsForWords(text: string, { start }: Value): boolean {
  return text[start] === '<' && /^<[a-z][\w -]{0,60}>/i.test(text.slice(start, start + 64));
}

/** `tokens=4096`: a number of them, and none. */
function isCount(name: string, value: string): boolean {
  return /(?:tokens|keys|secrets|cookies)$/i.test(name) && /^\d{1,7}$/.test(value);
}

function findOf(text: string, value: Value): Find | null {
  const word = text.slice(value.start, value.end);
  if (isTrivial(word) || /^-+\w/.test(word) || standsForWords(text, value)) return null;
  // A command that is run to get it, or a path to where it is.
  if (word.startsWith('$(') || /^\/(?:run|var|etc|tmp|proc|dev|usr|home|root|mnt|opt)\//.test(word))
    return null;
  return {
    start: value.start,
    end: value.end,
    kind: 'secret',
    everywhere: spellings(word, isProse(text, value) ? isUnusual : isTelling),
  };
}

/** A word behind a colon is a sentence's more often than a value that was set. */
function isProse(text: string, { start, quoted }: Value): boolean {
  return !quoted && /:[ \t]+$/.test(text.slice(Math.max(0, start - 4), start));
}

/** The value as it may stand elsewhere: whole, up to a sign that may have ended it, and what base64 holds of a login. */
function spellings(word: string, isTold: (value: string) => boolean): string[] {
  const upTo = /^[^;,&|)]+/.exec(word)?.[0] ?? word;
  // Cookies: `a=1; b=2`.
  const cookies = word.includes('=') ? word.split(/;\s*/).map((one) => one.slice(one.indexOf('=') + 1)) : [];
  return [...new Set([word, upTo, ...cookies, ...passwordIn(word)])].filter(isTold);
}

/** The password of `user:password` in base64. */
export function passwordIn(word: string): string[] {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(word)) return [];
  const login = /^[\x20-\x7e]+?:([\x20-\x7e]+)$/.exec(Buffer.from(word, 'base64').toString('latin1'));
  return login?.[1] === undefined ? [] : [login[1]];
}
