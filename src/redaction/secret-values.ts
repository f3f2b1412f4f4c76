import { placeholderStart } from './kinds.js';

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

const version = /^v?\d+(?:\.\d+)*(?:[-+][\w.]+)?$/;
const platform = /^(?:linux|darwin|windows|freebsd)\/[a-z0-9/]+$/;
const digest = /^(?:sha256:)?[0-9a-f]{64}$/;

/**
 * Whether the value of a secret is told from ordinary words wherever it stands: long enough, and not one word, path,
 * version or the like.
 */
export function isTelling(value: string): boolean {
  if (isTrivial(value) || version.test(value) || platform.test(value) || digest.test(value)) return false;
  if (/^(?:\.{0,2}\/|~\/|[a-z]:\\)/i.test(value) && !/[A-Z0-9+]{8}/.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((one) => one.test(value)).length;
  if (value.length < 6) return false;
  if (/^[a-z]+(?:[-_][a-z]+)*$/i.test(value)) return value.length >= 16;
  return classes >= 2 || value.length >= 8;
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
