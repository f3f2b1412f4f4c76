import type { Redaction, RunDetail } from '../results/detail.js';
import { cutValue, isClipped, lastWord } from './clipped.js';
import type { Find, Rule } from './find.js';
import { type Kind, kinds, placeholderStart, rankOf } from './kinds.js';
import { ownNames } from './known-people.js';
import { knownTokens } from './known-tokens.js';
import { LiteralSet } from './literals.js';
import { type Pattern, placesOf, readPattern } from './patterns.js';
import { Placeholders } from './placeholders.js';
import { Places } from './places.js';
import type { RedactionOptions } from './redact.js';
import { type Cut, joinFinds, replaceCuts } from './replace.js';
import { rules } from './rules/index.js';
import { RunWords } from './run-words.js';
import { isSecretName } from './secret-names.js';
import { isPath, isTelling, isTrivial, isWordLike, looksSecret } from './secret-values.js';
import { spellingsOf } from './spellings.js';
import { mapTexts, type TextMap } from './walk.js';

/** Output of a step in a rawjson log. */
const rawJsonData = /("data":[ \t]{0,8})"([A-Za-z0-9+/]{4,}={0,2})"/g;
/** Most texts whose answer is remembered: commands and names come again and again. */
const mostRemembered = 100_000;
/** Longest value that is looked for elsewhere too, in characters. */
const longestValue = 8_192;
/** Kinds that are names and no secrets: a part of one that is to stay keeps it whole. */
const names: ReadonlySet<Kind> = new Set(['host', 'home', 'user', 'email']);

const noPlaces = new Places([]);

/** A find in a text, or a value that was found elsewhere. */
type Span = Pick<Find, 'start' | 'end' | 'kind'>;

interface Remembered {
  readonly text: string;
  readonly counts: ReadonlyMap<Kind, number>;
}

/**
 * Takes out of texts what is not to be given away. First all texts of a run's details are read, and what is found in one is
 * then taken out of all; the same value has the same placeholder everywhere.
 */
export class Redactor {
  readonly #rules: readonly Rule[];
  readonly #redact: readonly Pattern[];
  readonly #keep: readonly Pattern[];
  readonly #values = new Map<string, Kind>();
  readonly #placeholders = new Placeholders();
  /** What rules found in pieces of logs, so that they need not look twice. */
  readonly #found = new WeakMap<readonly string[], readonly Span[]>();
  readonly #remembered = new Map<string, Remembered>();
  #literals = new LiteralSet<{ kind: Kind; value: string }>([]);
  /** Placeholders have one number for a value and what it is in JSON, URLs and base64. */
  readonly #valueOf = new Map<string, string>();
  #before: readonly Redaction[] = [];

  private constructor({ redact, keep, user }: RedactionOptions) {
    this.#rules = [...rules, ownNames(user)];
    this.#redact = redact.map((text) => readPattern('--redact', text));
    this.#keep = keep.map((text) => readPattern('--keep', text));
  }

  /**
   * Reads all texts of the details.
   * @throws {UserError} when an option is no expression.
   */
  static async from(detail: RunDetail, options: RedactionOptions): Promise<Redactor> {
    const redactor = new Redactor(options);
    redactor.#before = detail.redactions ?? [];
    await redactor.#gather(detail, options.environment);
    return redactor;
  }

  /** The details with all their texts redacted, and with what was taken out of them so far. */
  detail(detail: RunDetail): RunDetail {
    const redacted = mapTexts(detail, this.#mapping());
    return { ...redacted, redactions: this.redactions };
  }

  /** A text of any number of lines. */
  text(text: string): string {
    return this.#replace(text);
  }

  /** A file as bytes: as text where it is UTF-8, else byte by byte. */
  bytes(bytes: Uint8Array): Uint8Array {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = buffer.toString('utf8');
    const encoding = Buffer.from(text, 'utf8').equals(buffer) ? 'utf8' : 'latin1';
    const before = encoding === 'utf8' ? text : buffer.toString('latin1');
    const after = this.#replace(before);
    return after === before ? bytes : Buffer.from(after, encoding);
  }

  /** What was replaced so far, by kind in a fixed order. */
  get redactions(): Redaction[] {
    const counts = new Map<string, number>(this.#before.map(({ kind, count }) => [kind, count]));
    for (const { kind, count } of this.#placeholders.redactions)
      counts.set(kind, (counts.get(kind) ?? 0) + count);
    const order = [...new Set([...Object.values(kinds), ...counts.keys()])];
    return order.flatMap((kind) => (counts.has(kind) ? [{ kind, count: counts.get(kind) ?? 0 }] : []));
  }

  async #gather(detail: RunDetail, environment: RedactionOptions['environment']): Promise<void> {
    const texts = new Set<string>();
    const blocks: { text: string; lines: readonly string[] }[] = [];
    const add = (text: string): void => {
      if (text.length >= 2) texts.add(text);
    };
    mapTexts(detail, {
      text: (text, name) => {
        add(text);
        if (name !== null) this.#enterVariable(name, text);
        return text;
      },
      lines: (lines) => {
        blocks.push({ text: lines.join('\n'), lines });
        return lines;
      },
      command: (words) => {
        for (const [i, word] of words.entries()) {
          add(word);
          const secret = secretOfWord(word, words[i - 1]);
          if (secret !== null && isTelling(secret.value)) this.#enter(secret.value, 'secret');
        }
        return words;
      },
      base64: (text) => {
        add(Buffer.from(text, 'base64').toString('latin1'));
        return text;
      },
    } satisfies TextMap);
    for (const [name, value] of Object.entries(environment)) this.#enterVariable(name, value ?? '');
    for (const { text, lines } of blocks) this.#found.set(lines, this.#gatherFrom(text));
    const all = [...texts, ...blocks.map(({ text }) => text)];
    const decoded = all.flatMap(outputsIn);
    for (const text of [...texts, ...decoded]) this.#gatherFrom(text);
    for (const [value, kind] of await knownTokens([...all, ...decoded])) this.#enter(value, kind);
    this.#forgetWordsOf(new RunWords(detail, [...all, ...decoded]));
    this.#build();
  }

  /** A secret that is a word of the run goes beside its name only. */
  #forgetWordsOf(run: RunWords): void {
    for (const [value, kind] of this.#values)
      if ((kind === 'secret' || kind === 'login') && run.has(value)) this.#values.delete(value);
  }

  #gatherFrom(text: string): Span[] {
    const spans: Span[] = [];
    for (const rule of this.#rules) {
      rule.find(text, ({ start, end, kind, everywhere }) => {
        const span = { start, end, kind };
        spans.push(span);
        if (everywhere.length === 0 || this.#stays(text, span)) return;
        for (const value of everywhere) this.#enter(value, kind);
      });
    }
    return spans;
  }

  /** The value of a variable or argument, where its name or its shape says secret. */
  #enterVariable(name: string, value: string): void {
    if (isSecretName(name) ? isTelling(value) : looksSecret(value)) {
      this.#enter(value, 'secret');
      for (const line of value.split(/\r?\n|\\n/))
        if (line !== value && line.length >= 16 && !line.startsWith('-----')) this.#enter(line, 'secret');
    }
  }

  #enter(value: string, kind: Kind): void {
    if (value.length < 2 || value.length > longestValue || value.startsWith(placeholderStart)) return;
    const before = this.#values.get(value);
    if (before === undefined || rankOf(kind) < rankOf(before)) this.#values.set(value, kind);
  }

  #build(): void {
    for (const { literal } of this.#redact) if (literal !== null) this.#enter(literal, 'pattern');
    const literals = [...this.#values].flatMap(([value, kind]) =>
      (kind === 'host' || kind === 'email' ? [value] : spellingsOf(value)).map((text) => {
        if (!this.#valueOf.has(text)) this.#valueOf.set(text, value);
        return { text, of: { kind, value } };
      }),
    );
    this.#literals = new LiteralSet(literals);
  }

  #mapping(): TextMap {
    return {
      text: (text, name) => (name === null ? this.#replaceRemembered(text) : this.#variable(name, text)),
      lines: (lines) => {
        const before = lines.join('\n');
        const after = this.#replace(before, this.#found.get(lines));
        return after === before ? lines : after.split('\n');
      },
      command: (words) => words.map((word, i) => this.#word(word, words[i - 1])),
      base64: (text) => {
        const after = this.bytes(Buffer.from(text, 'base64'));
        const encoded = Buffer.from(after).toString('base64');
        return encoded === text ? text : encoded;
      },
    };
  }

  /** The value of a secret name goes as a whole, even if it is a word that says nothing elsewhere. */
  #variable(name: string, value: string): string {
    if (!isSecretName(name) || isTrivial(value) || isPath(value)) return this.#replaceRemembered(value);
    return this.#whole(value);
  }

  #word(word: string, before: string | undefined): string {
    const secret = secretOfWord(word, before);
    if (secret === null) return this.#replaceRemembered(word);
    return `${this.#replaceRemembered(secret.name)}${this.#whole(secret.value)}`;
  }

  #whole(value: string): string {
    const kind = this.#values.get(value) ?? 'secret';
    if (this.#stays(value, { start: 0, end: value.length, kind })) return this.#replaceRemembered(value);
    this.#placeholders.count(kind);
    return this.#placeholders.instead(kind, value);
  }

  #replaceRemembered(text: string): string {
    const before = this.#remembered.get(text);
    if (before !== undefined) {
      for (const [kind, count] of before.counts) this.#placeholders.count(kind, count);
      return before.text;
    }
    const earlier = new Map(this.#placeholders.counts);
    const replaced = this.#replace(text);
    const counts = new Map(
      [...this.#placeholders.counts]
        .map(([kind, count]) => [kind, count - (earlier.get(kind) ?? 0)] as const)
        .filter(([, count]) => count > 0),
    );
    if (this.#remembered.size < mostRemembered) this.#remembered.set(text, { text: replaced, counts });
    return replaced;
  }

  #replace(text: string, known?: readonly Span[]): string {
    if (text.length < 2) return text;
    const withOutputs = this.#replaceOutputs(text);
    const cuts = this.#cuts(withOutputs, withOutputs === text ? known : undefined);
    const replaced = replaceCuts(withOutputs, cuts, (kind, value) => {
      this.#placeholders.count(kind);
      return this.#placeholders.instead(kind, this.#valueOf.get(value) ?? value);
    });
    return text.includes('…') ? this.#mendCut(text, replaced) : replaced;
  }

  /** What steps printed stands in rawjson logs as base64: it is read, redacted, and written so again. */
  #replaceOutputs(text: string): string {
    if (!text.includes('"data":')) return text;
    return text.replace(rawJsonData, (whole, name: string, data: string) => {
      const before = decode(data);
      if (before === null) return whole;
      const after = this.#replace(before);
      return after === before ? whole : `${name}"${Buffer.from(after, 'utf8').toString('base64')}"`;
    });
  }

  #cuts(text: string, known: readonly Span[] | undefined): Cut[] {
    const spans: Span[] = known === undefined ? [] : [...known];
    if (known === undefined) for (const rule of this.#rules) rule.find(text, (find) => spans.push(find));
    this.#literals.find(text, (start, { text: found, of }) => {
      const span = this.#spanOf(text, start, found, of);
      if (span !== null) spans.push(span);
    });
    const outputs = spans.length > 0 && text.includes('"data":') ? outputPlaces(text) : noPlaces;
    const kept = this.#keep.length === 0 || spans.length === 0 ? noPlaces : this.#keptPlaces(text);
    const found = spans.filter((span) => !isKept(span, kept) && !outputs.touch(span));
    // What was asked for goes, whatever is to stay.
    for (const pattern of this.#redact)
      for (const place of placesOf(pattern, text)) found.push({ ...place, kind: 'pattern' });
    return joinFinds(found.filter(({ start, end }) => !isPlaceholder(text, start, end)));
  }

  #spanOf(text: string, start: number, found: string, of: { kind: Kind; value: string }): Span | null {
    let end = start + found.length;
    let begin = start;
    if (of.kind === 'host' && !(isBorder(text[start - 1]) && isBorder(text[end]))) return null;
    const isSecret = of.kind === 'secret' || of.kind === 'login';
    if (isSecret && found === of.value && isWordLike(found) && !standsAlone(text, start, end)) return null;
    // Base64 of more than the value: its neighbours hold bits of it.
    if (
      found !== of.value &&
      this.#valueOf.get(found) === of.value &&
      /^[\w+/-]+$/.test(found) &&
      !found.includes(of.value)
    ) {
      while (begin > 0 && /[A-Za-z0-9+/_-]/.test(text[begin - 1] ?? '')) begin--;
      while (end < text.length && /[A-Za-z0-9+/_=-]/.test(text[end] ?? '')) end++;
    }
    return { start: begin, end, kind: of.kind };
  }

  #stays(text: string, span: Span): boolean {
    if (isPlaceholder(text, span.start, span.end)) return true;
    if (this.#keep.length === 0) return false;
    const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
    const at = text.indexOf('\n', span.end);
    const line = text.slice(lineStart, at === -1 ? text.length : at);
    const moved = { ...span, start: span.start - lineStart, end: span.end - lineStart };
    return isKept(moved, this.#keptPlaces(line));
  }

  #keptPlaces(text: string): Places {
    return new Places(this.#keep.flatMap((pattern) => placesOf(pattern, text)));
  }

  /** Lines whose end was cut off lose the half of a word, or of a value, that they end with. */
  #mendCut(before: string, after: string): string {
    const clipped = before.split('\n').map(isClipped);
    let values: string[] | null = null;
    return after
      .split('\n')
      .map((line, i) => {
        if (!line.endsWith('…')) return line;
        values ??= [...this.#values.keys()];
        const cut = cutValue(line, values, 4);
        const word = clipped[i] === true ? lastWord(line) : line.length - 1;
        const at = cut === -1 ? word : Math.min(cut, word);
        if (at >= line.length - 1 || line.startsWith(placeholderStart, at)) return line;
        this.#placeholders.count('cut');
        return `${line.slice(0, at)}…`;
      })
      .join('\n');
  }
}

function isBorder(character: string | undefined): boolean {
  return character === undefined || !/[A-Za-z0-9]/.test(character);
}

/** Whether a word ends on both sides; `\\n`, `%20` and colours in front of it are no part of it. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (!isBorder(text[end])) return false;
  if (isBorder(text[start - 1])) return true;
  return /(?:\\[nrtbf]|%[0-9a-f]{2}|\u001b\[[\d;]*m)$/i.test(text.slice(Math.max(0, start - 12), start));
}

/** Whether a place is within a placeholder of ours: nothing in one is taken out again. */
function isPlaceholder(text: string, start: number, end: number): boolean {
  if (text.startsWith(placeholderStart, start)) return /^REDACTED-[a-z-]+\d*$/.test(text.slice(start, end));
  const before = text.slice(Math.max(0, start - 40), end);
  const at = before.lastIndexOf(placeholderStart);
  return at !== -1 && /^REDACTED-[a-z-]*\d*$/.test(before.slice(at));
}

function isKept(span: Span, kept: Places): boolean {
  return names.has(span.kind) ? kept.touch(span) : kept.hold(span);
}

/** The secret that an argument holds: `build-arg:TOKEN=…`, `--token=…`, or what follows `--token`. */
function secretOfWord(word: string, before: string | undefined): { name: string; value: string } | null {
  const [, start = '', name = '', value = ''] = /^((?:[\w-]+:|--?)?([\w.-]{1,120})=)(.+)$/s.exec(word) ?? [];
  if (value !== '' && isSecretName(name))
    return isTrivial(value) || isPath(value) ? null : { name: start, value };
  const option = /^--([\w-]{1,120})$/.exec(before ?? '')?.[1] ?? '';
  if (option === 'secret' || word.startsWith('-') || !isSecretName(option)) return null;
  return isTrivial(word) || isPath(word) ? null : { name: '', value: word };
}

/** What steps printed, as far as it is text. */
function outputsIn(text: string): string[] {
  if (!text.includes('"data":')) return [];
  const outputs: string[] = [];
  for (const { 2: data = '' } of text.matchAll(rawJsonData)) {
    const output = decode(data);
    if (output !== null) outputs.push(output);
  }
  // Together, as a value may end in the next piece only where a line does.
  return outputs.length === 0 ? [] : [outputs.join('\n')];
}

function outputPlaces(text: string): Places {
  return new Places(
    [...text.matchAll(rawJsonData)].map(({ index, 0: whole, 1: name = '' }) => ({
      start: index + name.length + 1,
      end: index + whole.length - 1,
    })),
  );
}

function decode(data: string): string | null {
  const bytes = Buffer.from(data, 'base64');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}
