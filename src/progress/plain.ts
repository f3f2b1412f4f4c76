import { Buffer } from 'node:buffer';
import { ClosingLines } from './closing.js';
import type { Format, LogEnd, Reader, Reading } from './format.js';
import { findTextStart, nameBracket } from './sniffing.js';
import { emptied, finishAll, markStart, StepDraft } from './step-draft.js';
import { decodeLine } from './text.js';
import { conclude, isExporter } from './verdict.js';

const hash = 35;
const dot = 46;
const zero = 48;
const nine = 57;
const blank = 32;
const [markFirst = 0] = Buffer.from(markStart);
/** Last bytes of `DONE 0.1s`, `DONE`/`CACHED`/`CANCELED`: what an output line must end with to have one glued on. */
const gluedEnds = new Set([...Buffer.from('sED')]);

/** Longest `owner/name#N ` that is looked for. */
const maxMoved = 150;
/** `#N` is at most this long; anything longer is somebody's text. */
const maxIndexDigits = 6;

/** GitHub writes `#5` as `moby/buildkit#5` when an issue moves to another repository, but for numbers of no issue. */
const repository = String.raw`(?:\b[\w.-]{1,39}\/[\w.-]{1,100})`;
const movedLine = new RegExp(`^${repository}(?=#\\d{1,6} )`);

/** Lines that only BuildKit's printer writes: by their form, or by the names of its internal vertices. */
const sure = new RegExp(
  `${repository}?#\\d{1,6} (?:${[
    nameBracket,
    String.raw`(?:CACHED|CANCELED|DONE(?: \d+\.\d+s)?|\.\.\.)$`,
    String.raw`sha256:[0-9a-f]{64}\b`,
    'building with "[^"]*" instance',
    '(?:resolve image config for|importing cache manifest from|exporting (?:to|cache))\\b',
    '(?:docker-image|oci-layout)://',
    ' +digest: sha256:',
    'transferring (?:context|dockerfile):',
  ].join('|')})`,
);
/** Lines that are BuildKit's if nothing, or no more than a time stamp, stands in front of them. */
const likely = new RegExp(
  String.raw`${repository}?#\d{1,6} (?:\d+\.\d* |ERROR: |WARN: |resolve |extracting sha256:|local:\/\/)`,
);

/** A status of a vertex (`resolve … done`, `sha256:… 1.2MB / 3MB 0.4s`): in the place of a header it is none. */
const status =
  /^(?:sha256:[0-9a-f]{64}|extracting sha256:|transferring (?:context|dockerfile):|WARN: |(?:.* )?(?:\d+\.\d+s )?done$|.* \d+(?:\.\d+)?[kMGT]?B(?: \/ \d+(?:\.\d+)?[kMGT]?B)?(?: \d+\.\d+s)?$)/;

/** Events of v0.3, padded to 13 characters: `#1      started: 2018-11-14 …`. */
const event = /^ +(digest|name|started|completed|duration|cached|error): (.*)$/;

/**
 * BuildKit's plain progress, all versions. The grammar is that of `printVtx` in progressui/printer.go; the differences
 * between its versions are noted where they are read.
 */
class PlainReader implements Reader {
  readonly #closing = new ClosingLines();
  readonly #drafts: StepDraft[] = [];
  #byIndex = new Map<number, StepDraft>();
  #current: StepDraft | null = null;
  /** Ends that an output line seems to have glued on; only the last line of a step can. */
  readonly #glued = new Map<StepDraft, { readonly text: string; readonly line: number }>();
  /** The step whose error text may go on in the next line. */
  #failing: StepDraft | null = null;
  /** The header of this step was the line before. */
  #headed: StepDraft | null = null;
  #described = false;
  /** The build has come to its end: if `#1` is begun now, it is another build's. */
  #over = false;
  /** The last line was a whole end of a step, or the build's closing error. */
  #lastIsWhole = true;

  line(bytes: Buffer, start: number, end: number, number: number): void {
    let at = start + 1;
    let index = 0;
    for (; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) break;
      index = index * 10 + byte - zero;
    }
    const digits = at - start - 1;
    const numbered = digits > 0 && digits <= maxIndexDigits && at < end && bytes[at] === blank;
    if (!numbered || bytes[start] !== hash) {
      this.#unnumbered(bytes, start, end, number);
      return;
    }
    const text = findOutputText(bytes, at + 1, end);
    if (text >= 0) this.#output(index, bytes, text, end, number);
    else this.#vertexLine(index, decodeLine(bytes, at + 1, end), number);
  }

  gap(): void {
    this.#closing.gap();
    this.#failing = null;
    this.#headed = null;
    this.#glued.clear();
    this.#lastIsWhole = true;
  }

  end({ newline }: LogEnd): Reading {
    for (const [step, glued] of this.#glued) endStep(step, glued.text, glued.line);
    for (const step of this.#drafts) {
      // The end of a failed step can be glued on, or be missing; the summary names it all the same.
      if (step.status === 'unfinished' && this.#closing.failedNames.has(step.name)) step.fail(null, null);
    }
    // Drafts go as steps come: nothing else may hold on to them.
    this.#restart();
    this.#glued.clear();
    return conclude({
      steps: finishAll(emptied(this.#drafts)),
      closing: this.#closing,
      cut: newline || this.#lastIsWhole ? null : 'the last line has no line end',
      finished: false,
    });
  }

  /** `#N 0.123 text`; before v0.12 `#0 0.123 text` could stand for the current vertex. */
  #output(index: number, bytes: Buffer, text: number, end: number, number: number): void {
    // An error summary before v0.9 repeats the lines with their numbers.
    if (this.#closing.insideSummary) return;
    if (index !== this.#current?.index && index !== 0) this.#select(index, number);
    const step = this.#current;
    if (step === null) return;
    step.outputLines += 1;
    this.#failing = null;
    this.#headed = null;
    this.#lastIsWhole = false;
    if (this.#glued.size > 0) this.#glued.delete(step);
    // Only what may be a mark is worth decoding.
    if (bytes[text] === markFirst) step.addMark(number, decodeLine(bytes, text, end));
    if (gluedEnds.has(bytes[end - 1] ?? 0)) this.#noteGlued(step, bytes, text, end, number);
  }

  /** Before v0.11 an output line without line end was not completed: `no newline#5 DONE 0.1s`. */
  #noteGlued(step: StepDraft, bytes: Buffer, text: number, end: number, number: number): void {
    const tail = bytes.toString('latin1', Math.max(text, end - 40), end);
    const match = /[^ ]#(\d+) (DONE \d+\.\d+s|DONE|CACHED|CANCELED)$/.exec(tail);
    if (match !== null && Number(match[1]) === step.index)
      this.#glued.set(step, { text: match[2] ?? '', line: number });
  }

  /** Any line of a vertex but its output. */
  #vertexLine(index: number, rest: string, number: number): void {
    this.#closing.vertexLine();
    const headed = this.#headed;
    this.#failing = null;
    this.#headed = null;
    this.#lastIsWhole = false;
    if (index === 0) {
      this.#describe();
      return;
    }
    if (index === 1 && this.#over && rest.startsWith('[')) this.#restart();
    const step = this.#select(index, number);
    this.#glued.delete(step);
    if (endStep(step, rest, number)) {
      this.#failing = step.status === 'error' ? step : null;
      this.#lastIsWhole = step.status !== 'error';
      if (step.status === 'done' && isExporter(step.name)) this.#over = true;
      return;
    }
    if (rest === '...') return;
    if (rest.startsWith('extracting sha256:')) step.fetched = true;
    // The printer of v0.5 to v0.8, docker 20.10's too, puts the digest under the header.
    if (headed === step && step.digest === null && /^sha256:[0-9a-f]{64}$/.test(rest)) step.digest = rest;
    else if (readEvent(step, rest, number)) return;
    else this.#header(step, rest, number);
  }

  /** A header is printed each time the printer comes back to a vertex: the first counts, the others change nothing. */
  #header(step: StepDraft, rest: string, number: number): void {
    if (step.name !== '' || (!rest.startsWith('[') && status.test(rest))) return;
    step.name = rest;
    step.line = number;
    this.#headed = step;
  }

  /** `#0 building with "default" instance using docker driver`, the first line of a build; the next build counts anew. */
  #describe(): void {
    if (this.#described) this.#restart();
    this.#described = true;
  }

  #restart(): void {
    this.#over = false;
    this.#byIndex = new Map();
    this.#current = null;
  }

  #select(index: number, number: number): StepDraft {
    let step = this.#byIndex.get(index);
    if (step === undefined) {
      step = new StepDraft(index, number);
      this.#byIndex.set(index, step);
      this.#drafts.push(step);
    }
    this.#current = step;
    return step;
  }

  #unnumbered(bytes: Buffer, start: number, end: number, number: number): void {
    const last = Math.min(end, start + maxMoved);
    const moved = hasHash(bytes, start, last)
      ? movedLine.exec(bytes.toString('latin1', start, last))?.[0]
      : undefined;
    if (moved === undefined) this.#outside(bytes, start, end, number);
    else this.line(bytes, start + moved.length, end, number);
  }

  #outside(bytes: Buffer, start: number, end: number, number: number): void {
    if (start === end) {
      this.#failing = null;
      this.#headed = null;
      return;
    }
    const text = decodeLine(bytes, start, end);
    const before = this.#closing.error;
    this.#closing.line(text, number);
    const closes = this.#closing.error !== before;
    if (closes) this.#over = true;
    this.#lastIsWhole = closes || (this.#lastIsWhole && this.#mayEndWith(text));
    this.#headed = null;
    if (closes || this.#closing.betweenRules) this.#failing = null;
    // Error texts hold line ends as they are.
    const failing = this.#failing;
    failing?.fail(`${failing.error ?? ''}\n${text}`, failing.endLine);
  }

  /** What others print behind a build need not be whole; a vertex's line and the source of an error must be. */
  #mayEndWith(text: string): boolean {
    return !text.startsWith('#') && (this.#closing.error !== null || !this.#closing.hasSummary);
  }
}

function hasHash(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === hash) return true;
  return false;
}

/** Reads a state: `DONE 0.1s`, `CACHED`, `CANCELED`, `ERROR: text`. The last one counts. */
function endStep(step: StepDraft, rest: string, line: number): boolean {
  const done = /^DONE(?: (\d+(?:\.\d+)?)s)?$/.exec(rest);
  if (done !== null) {
    step.close('done', line);
    step.durationMs = done[1] === undefined ? null : Math.round(Number(done[1]) * 1000);
  } else if (rest === 'CACHED') step.close('cached', line);
  else if (rest === 'CANCELED') step.close('cancelled', line);
  else if (rest.startsWith('ERROR:')) step.fail(rest.slice('ERROR:'.length).trim(), line);
  else return false;
  return true;
}

/** `triggerVertexEvent` of v0.3: names and errors are quoted as Go does. */
function readEvent(step: StepDraft, rest: string, line: number): boolean {
  const match = event.exec(rest);
  if (match === null) return false;
  const value = match[2] ?? '';
  if (match[1] === 'digest') step.digest = value;
  else if (match[1] === 'completed' && step.status === 'unfinished') step.close('done', line);
  else if (match[1] === 'cached' && value === 'true') step.close('cached', line);
  else if (match[1] === 'error') endWithError(step, unquote(value), line);
  return true;
}

function endWithError(step: StepDraft, error: string, line: number): void {
  if (error.endsWith('context canceled')) step.close('cancelled', line);
  else step.fail(error, line);
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** Where the text of an output line begins (`0.123 text`, before v0.8 also `1234. text`), -1 in any other line. */
function findOutputText(bytes: Buffer, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) break;
  }
  if (at === start || at >= end || bytes[at] !== dot) return -1;
  for (at += 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) break;
  }
  if (at >= end) return end;
  return bytes[at] === blank ? at + 1 : -1;
}

export const plain: Format = {
  name: 'plain',
  keepsEscapes: false,
  sniff: (line) => (line.includes('#') ? findTextStart(line, sure, likely) : -1),
  reader: () => new PlainReader(),
};
