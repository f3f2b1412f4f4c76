import { isCommonWord } from './common-words.js';
import { placeholderStart } from './kinds.js';
import { isPublicHost } from './public-hosts.js';

const words = new Set([
  ...[
    'true',
    'false',
    'yes',
    'no',
    'on',
    'off',
    'none',
    'null',
    'nil',
    'undefined',
    'default',
    'required',
    'optional',
  ],
  ...[
    'auto',
    'always',
    'never',
    'empty',
    'unset',
    'basic',
    'bearer',
    'enabled',
    'disabled',
    'string',
    'unknown',
  ],
]);

/** `$NAME`, `${NAME}`, `$(…)`, `{{ … }}`, `{lane}`, `<token>`, `%NAME%`, `***`: they stand for a value, and are none. */
const standsFor =
  /^(?:\$\w+|\$\{[^}]*\}|\$\([^)]*\)|\$\(.*|\{\{[^}]*\}\}|\{[a-z]+\}|<[^>]*>|%\w+%|\*+|x{3,}|\.{3,}|…)$/i;

/** Whether a value says nothing, whatever it is called. */
export function isTrivial(value: string): boolean {
  return (
    value.length < 2 ||
    value.startsWith(placeholderStart) ||
    words.has(value.toLowerCase()) ||
    standsFor.test(value)
  );
}

/** Versions: a number behind a dot, and what editions are called behind a hyphen. */
const version =
  /^v?\d{1,8}(?:\.\d{1,8}){1,4}(?:[-+.]?(?:alpha|beta|rc|dev|pre|post|labs|slim|alpine|bookworm|bullseye|jammy|noble|lts|snapshot|final|ga)?[.-]?\d{0,8}(?:\.\d{1,8})?){0,3}$/i;
const platform = /^(?:linux|darwin|windows|freebsd)\/[a-z0-9/]+$/;
/** A reference with a tag that is a version, or one of the words that tags are. */
const image =
  /^[a-z0-9][a-z0-9._-]*(?::\d{2,5})?(?:\/[a-z0-9][a-z0-9._-]*)*:(?:v?\d{1,4}(?:\.\d{1,6})*(?:-[a-z0-9.]{1,30})*|latest|stable|edge|main|lts|slim|alpine|nonroot)(?:@sha256:[0-9a-f]{64})?$/;

/**
 * Whether a value is told from ordinary words in the middle of a sentence: long enough, and not one word, path, version or
 * the like.
 */
export function isUnusual(value: string): boolean {
  if (isTrivial(value) || isOfBuilds(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((one) => one.test(value)).length;
  if (value.length < 6 || /^v?\d+$/.test(value)) return false;
  if (isWords(value)) return value.length >= 16;
  return classes >= 2 || value.length >= 8;
}

/**
 * Whether the value of a name that says secret is to be taken out wherever else it stands. Whether the run speaks of it by
 * itself is asked of `RunWords`.
 */
export function isTelling(value: string): boolean {
  if (isTrivial(value) || isCommonWord(value) || isOfBuilds(value)) return false;
  if (/^\d+$/.test(value)) return value.length >= 6;
  return value.length >= 5;
}

/** Whether a value may be a part of other words, and is looked for between borders of words only. */
export function isWordLike(value: string): boolean {
  return value.length < 8 || isWords(value) || /^\d+$/.test(value);
}

function isWords(value: string): boolean {
  return /^[a-z]+(?:[-_][a-z]+)*$/i.test(value);
}

/** Images, versions, platforms, digests, paths, and addresses without a login. */
function isOfBuilds(value: string): boolean {
  return (
    version.test(value) ||
    platform.test(value) ||
    image.test(value) ||
    /^sha256:[0-9a-f]{64}$/.test(value) ||
    isPath(value) ||
    isOpenAddress(value)
  );
}

/** Whether a value is a path, and no more: none of its parts looks made up, and one alone is a word. */
export function isPath(value: string): boolean {
  const rest = /^(?:\/|\.{1,2}\/|~\/|[a-z]:\\)([\w./\\@ -]*)$/i.exec(value)?.[1];
  if (rest === undefined) return false;
  const parts = rest.split(/[/\\]/).filter((part) => part !== '');
  if (parts.length === 1 && value.startsWith('/')) return /^[a-z._-]+$/.test(parts[0] ?? '');
  return parts.every((part) => !(isMixed(part) || /[A-Z0-9+]{8}/.test(part)));
}

/** An address that everybody may know: a public host's, with neither a login nor parameters. */
function isOpenAddress(value: string): boolean {
  const host = /^[a-z][a-z0-9+.-]{1,20}:\/\/([a-z0-9.-]+)(?::\d{1,5})?(?:\/[\w./~-]*)?$/i.exec(value)?.[1];
  return host !== undefined && isPublicHost(host) && !looksSecret(value.slice(value.lastIndexOf('/') + 1));
}

/** Whether a value has the shape of a secret, whatever its name: long, of mixed characters, and without a pattern. */
export function looksSecret(value: string): boolean {
  if (value.length < 20 || value.length > 4096 || !/^[A-Za-z0-9_+/=.~!@#%^&*-]+$/.test(value)) return false;
  if (value.startsWith(placeholderStart) || isHexOrUuid(value) || !isMixed(value)) return false;
  // Paths, names and lists of words have short pieces between their signs.
  const longest = Math.max(...value.split(/[/._-]/).map((piece) => (isMixed(piece) ? piece.length : 0)));
  return longest >= 16 && bitsPerCharacter(value) >= 3.5;
}

function isHexOrUuid(value: string): boolean {
  return /^[0-9a-f-]+$/i.test(value) || /^sha\d+:/.test(value);
}

function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
}

/** Shannon's entropy of the value's characters. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const one of value) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
