import { shellWord } from '../escape.js';

/** A piece of a shell word: text as it is, or a variable of the script. */
export type Piece = string | { readonly variable: string };
export type Word = readonly Piece[];

/** Characters between double quotes that mean themselves to every POSIX shell. */
const plainInDoubleQuotes = /^[\w@%+=:,./ -]*$/;
/** What cannot be seen, or reorders what is shown; line breaks and tabs are kept as they are. */
const unseen = /((?:(?![\n\t])[\p{C}\u2028\u2029])+)/u;

/**
 * A word as a POSIX shell reads it back, character for character: other people's text never becomes syntax, and what
 * could not be seen in it is written by its bytes. NUL, which no argument can hold, is left out.
 */
export function word(...pieces: Word): string {
  const known = pieces.filter((piece) => piece !== '');
  if (known.every((piece) => typeof piece === 'string')) return quoted(known.join(''));
  const isPlain = known.every((piece) => typeof piece !== 'string' || plainInDoubleQuotes.test(piece));
  if (!isPlain)
    return known
      .map((piece) => (typeof piece === 'string' ? quoted(piece) : `"$${piece.variable}"`))
      .join('');
  return `"${known.map((piece, i) => (typeof piece === 'string' ? piece : variable(piece.variable, known[i + 1]))).join('')}"`;
}

function variable(name: string, next: Piece | undefined): string {
  return typeof next === 'string' && /^\w/.test(next) ? `\${${name}}` : `$${name}`;
}

function quoted(text: string): string {
  const [first = '', ...others] = text.replaceAll('\0', '').split(unseen);
  // Split by a group: what stands at odd places is what the group took.
  const rest = others.map((part, i) => (i % 2 === 0 ? byBytes(part) : part === '' ? '' : shellWord(part)));
  return rest.length === 0 ? shellWord(first) : [first === '' ? '' : shellWord(first), ...rest].join('');
}

function byBytes(text: string): string {
  const octal = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `"$(printf '${octal.join('')}')"`;
}

const variables: Readonly<Record<string, string>> = { run: 'run', iteration: 'i', registry: 'REGISTRY' };

/** What the placeholders of a template become: arm and lane are known, the others are variables of the script. */
export interface Fixed {
  readonly arm: string;
  readonly lane: string;
  /** Without a registry its placeholder stays text. */
  readonly hasRegistry: boolean;
}

/** A text of the plan with placeholders, as pieces of a word. */
export function filled(template: string, { arm, lane, hasRegistry }: Fixed): Word {
  return template.split(/(\{(?:run|arm|lane|iteration|registry)\})/).map((piece): Piece => {
    if (piece === '{arm}') return arm;
    if (piece === '{lane}') return lane;
    if (piece === '{registry}' && !hasRegistry) return piece;
    const variable = /^\{\w+\}$/.test(piece) ? variables[piece.slice(1, -1)] : undefined;
    return variable === undefined ? piece : { variable };
  });
}
