import { Buffer } from 'node:buffer';
import { ClosingLines } from './closing.js';
import type { Format, LogEnd, Reader, Reading } from './format.js';
import { maxLineBytes } from './lines.js';
import { findTextStart } from './sniffing.js';
import { emptied, finishAll, type StepDraft } from './step-draft.js';
import { decodeLine } from './text.js';
import { conclude } from './verdict.js';
import { type Message, VertexDraft } from './vertex-draft.js';

const brace = 123;
const blank = 32;

/** A status as one line begins, or as v0.13 printed it, indented over many lines. */
const sure = /\{"(?:vertexes|statuses|logs|warnings)":\[| {2}"(?:vertexes|statuses|logs|warnings)": \[$/;

type Json = Readonly<Record<string, unknown>>;

interface OpenObject {
  readonly lines: string[];
  bytes: number;
  readonly line: number;
}

/**
 * `--progress rawjson`: one `SolveStatus` (BuildKit's client/graph.go) after the other, one a line, or in v0.13 indented
 * over many lines; lines that are no JSON may follow. A vertex is sent several times; what it is then is decided
 * as BuildKit's own displays do (`trace.update` in progressui/display.go).
 */
class RawJsonReader implements Reader {
  readonly #closing = new ClosingLines();
  readonly #vertices: VertexDraft[] = [];
  /** What is known of a digest: its vertex, or, as long as it was an input only, the text that was met first. */
  readonly #byDigest = new Map<string, VertexDraft | string>();
  readonly #groups = new Map<string, VertexDraft>();
  /** An indented object that has not ended. */
  #open: OpenObject | null = null;
  #last: 'object' | 'damaged' | 'text' = 'object';

  line(bytes: Buffer, start: number, end: number, number: number): void {
    let at = start;
    while (at < end && bytes[at] === blank) at += 1;
    this.#last = 'object';
    if (this.#open !== null) this.#continueObject(this.#open, bytes, start, end, number);
    // What stands behind the line is not the line's.
    else if (at < end && bytes[at] === brace) this.#readObject(bytes, at, end, number);
    else this.#readText(decodeLine(bytes, start, end), number);
  }

  gap(): void {
    this.#closing.gap();
    this.#open = null;
    this.#last = 'text';
  }

  end({ newline }: LogEnd): Reading {
    const steps = finishAll(this.#settled());
    return conclude({ steps, closing: this.#closing, cut: this.#findCut(newline), finished: false });
  }

  /** What was read is let go of on the way: it takes more memory than the steps. */
  *#settled(): Generator<StepDraft> {
    this.#byDigest.clear();
    this.#groups.clear();
    let index = 0;
    for (const vertex of emptied(this.#vertices)) if (!vertex.hidden) yield vertex.settled(++index);
  }

  /** Every message names vertices anew: each name is kept once. */
  #once(text: string): string {
    const known = this.#byDigest.get(text);
    if (known === undefined) this.#byDigest.set(text, text);
    return typeof known === 'string' ? known : (known?.textOf(text) ?? text);
  }

  #vertexNamed(digest: string): VertexDraft | undefined {
    const known = this.#byDigest.get(digest);
    return typeof known === 'string' ? undefined : known;
  }

  #findCut(newline: boolean): string | null {
    if (this.#open !== null || this.#last === 'damaged') return 'the last JSON object is cut';
    const whole = newline || this.#last === 'object' || this.#closing.error !== null;
    return whole ? null : 'the last line has no line end';
  }

  /** Behind the stream stand the source of the error, and the error. */
  #readText(text: string, number: number): void {
    this.#last = 'text';
    this.#closing.line(text, number);
  }

  #readObject(bytes: Buffer, start: number, end: number, number: number): void {
    if (end - start === 1) this.#open = { lines: ['{'], bytes: 1, line: number };
    else if (!this.#apply(bytes.toString('utf8', start, end), number)) this.#last = 'damaged';
  }

  #continueObject(open: OpenObject, bytes: Buffer, start: number, end: number, number: number): void {
    const text = bytes.toString('utf8', start, end);
    open.lines.push(text);
    // An empty line takes memory as well.
    open.bytes += text.length + 16;
    // An object that was cut is followed by a whole one, or by nothing that is JSON.
    const isCut = text.startsWith('{"');
    if (text !== '}' && !isCut && open.bytes < maxLineBytes) return;
    this.#open = null;
    if (isCut) this.#readObject(bytes, start, end, number);
    else this.#apply(open.lines.join('\n'), open.line);
  }

  /** False for a text that is no JSON object. */
  #apply(text: string, number: number): boolean {
    const status = parseObject(text);
    if (status === null) return false;
    for (const item of list(status.vertexes)) this.#readVertex(item, number);
    for (const item of list(status.logs)) this.#readLog(item, number);
    return true;
  }

  #readVertex(item: Json, number: number): void {
    const named = string(item.digest);
    if (named === null) return;
    const digest = this.#once(named);
    const message: Message = {
      digest,
      name: string(item.name) ?? '',
      inputs: strings(item.inputs).map((input) => this.#once(input)),
      started: string(item.started),
      completed: string(item.completed),
      cached: item.cached === true,
      error: string(item.error),
      weak: isObject(item.progressGroup) && item.progressGroup.weak === true,
    };
    this.#vertexOf(digest, item.progressGroup, number).update(message, number);
  }

  /** Members of a progress group (`COPY --link`, a remote Dockerfile) are shown as one vertex. */
  #vertexOf(digest: string, group: unknown, number: number): VertexDraft {
    const id = isObject(group) ? string(group.id) : null;
    const known = id === null ? this.#vertexNamed(digest) : this.#groups.get(id);
    const vertex = known ?? new VertexDraft(number, isObject(group) ? string(group.name) : null);
    if (known === undefined) this.#vertices.push(vertex);
    if (id !== null) this.#groups.set(id, vertex);
    this.#byDigest.set(digest, vertex);
    return vertex;
  }

  #readLog(item: Json, number: number): void {
    const vertex = this.#vertexNamed(string(item.vertex) ?? '');
    const data = string(item.data);
    if (vertex === undefined || data === null) return;
    const stream = typeof item.stream === 'number' ? item.stream : 0;
    vertex.addOutput(Buffer.from(data, 'base64'), stream, number);
  }
}

function parseObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export const rawjson: Format = {
  name: 'rawjson',
  keepsEscapes: false,
  sniff: (line) => findTextStart(line, sure, null),
  reader: () => new RawJsonReader(),
};
