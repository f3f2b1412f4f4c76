import { codeSpan, cut, prose } from '../escape.js';
import { markdownText, plainText } from '../sentence.js';
import type { Part as Phrase, Sentence } from '../words.js';
import { shortText } from './parts.js';

const maxForeign = 300;
const maxSentence = 1_500;

/** Code within HTML, where Markdown does not hold: `<code>` with all that HTML could read written as entities. */
export function htmlCode(raw: string): string {
  const plain = shortText(raw, maxForeign);
  return `<code>${plain.replace(/[^\p{L}\p{N} ._-]/gu, (c) => `&#${c.codePointAt(0)};`)}</code>`;
}

/** Sentences as Markdown of a few thousand characters at most; how many did not fit is said. */
export function paragraph(sentences: readonly Sentence[], most = 3_000): string {
  const texts = sentences.map(sentenceText);
  const kept: string[] = [];
  let length = 0;
  for (const one of texts) {
    length += one.length + 1;
    if (length > most) break;
    kept.push(one);
  }
  const left = texts.length - kept.length;
  return [...kept, ...(left === 0 ? [] : [`(And ${left} more.)`])].join(' ');
}

function sentenceText({ parts, strong }: Sentence): string {
  const short = { parts: parts.map(shortened), strong };
  const markdown = markdownText([short]);
  return markdown.length <= maxSentence ? markdown : codeSpan(cut(plainText([short]), maxSentence));
}

function shortened(part: Phrase): Phrase {
  if (typeof part === 'string') return part;
  return 'name' in part
    ? { name: shortText(part.name, maxForeign) }
    : { foreign: shortText(part.foreign, maxForeign) };
}

/** A line of other people's prose, as long as it may be. */
export function shortProse(raw: string, most = maxForeign): string {
  return prose(shortText(raw, most));
}

/** Prose of a scenario's author, who writes code between backticks: sentence by sentence, so that one odd word spoils one. */
export function authorText(raw: string, most = 1_200): string {
  return shortText(raw, most)
    .split(/(?<=[.:;])\s+/)
    .map((sentence) =>
      sentence
        .split(/(`[^`]+`|")/)
        .map(authorPiece)
        .reduce(joined, ''),
    )
    .join(' ');
}

function authorPiece(piece: string): string {
  if (piece === '"') return piece;
  if (/^`[^`]+`$/.test(piece)) return codeSpan(piece.slice(1, -1));
  // Words are taken apart and put together again; the white space around them stays.
  return `${/^\s*/.exec(piece)?.[0]}${prose(piece)}${/\S(\s*)$/.exec(piece)?.[1] ?? ''}`;
}

/** Two code spans that touch would be one, with another end. */
function joined(before: string, after: string): string {
  return before.endsWith('`') && after.startsWith('`') ? `${before} ${after}` : before + after;
}

/** `a`, `a and b`, `a, b and c`, in code. */
export function nameList(names: readonly string[]): string {
  const coded = names.map((one) => codeSpan(one));
  return coded.length < 2 ? coded.join('') : `${coded.slice(0, -1).join(', ')} and ${coded.at(-1)}`;
}
