import { ClosingLines } from './closing.js';
import type { Format, LogEnd, Reader, Reading } from './format.js';
import { findTextStart, nameBracket } from './sniffing.js';
import { finishAll, StepDraft } from './step-draft.js';
import { decodeRaw, stripEscapes, tidy } from './text.js';
import type { StepStatus } from './timeline.js';
import { conclude } from './verdict.js';

/** First row of a frame: `[+] Building 0.2s (7/7) FINISHED       docker:default`. */
const frameRow = /^\s*\[\+\] Building \d+(?:\.\d+)?s \((\d+)\/(\d+)\)\s*(FINISHED)?/;
/** A step's row: ` => CACHED [build 2/2] RUN make      0.1s`; behind `=> =>` stands one of its statuses. */
const stepRow = /^\s*=> (.*)$/;
/** The live window of a step's output. */
const windowRow = /^=> # (.*)$/;
const rowState = /^(CACHED|ERROR|CANCELED) /;

const sure = /\[\+\] Building \d+(?:\.\d+)?s \(\d+\/\d+\)/;
const likely = new RegExp(
  ` ?=> (?:(?:CACHED|ERROR|CANCELED) )*(?:${nameBracket}|exporting to |resolve image config for )`,
);

/** Names in a frame are cut where the row ends, which moves with the timer: this much of them always stays. */
const sureNameLength = 24;
/** No build has more rows that begin alike; a log that has must not be searched for ever. */
const maxAlike = 1000;

/** A row that was seen in some frame; the step it shows is taken from the last frame it is in. */
interface Row {
  readonly draft: StepDraft;
  frame: number;
  ended: boolean;
}

interface RowText {
  readonly name: string;
  readonly states: readonly string[];
  readonly durationMs: number | null;
}

/**
 * BuildKit's display for terminals (`ttyDisplay` in progressui/display.go): every step has a row, all rows are painted
 * again and again. While a build runs, a frame shows the rows that have room; the last frame shows all.
 */
class TtyReader implements Reader {
  readonly #closing = new ClosingLines();
  readonly #rows: Row[] = [];
  readonly #rowsByStart = new Map<string, Row[]>();
  #frame = 0;
  #frameFinished = false;
  #frameSteps = 0;
  #frameTotal = 0;
  #latest: Row | null = null;
  #colour = false;
  #everColoured = false;

  line(bytes: Buffer, start: number, end: number, number: number): void {
    const raw = decodeRaw(bytes, start, end);
    const coloured = this.#readColours(raw);
    const text = stripEscapes(raw).trimEnd();
    const frame = frameRow.exec(text);
    const row = stepRow.exec(text)?.[1];
    if (frame !== null) this.#beginFrame(Number(frame[2]), frame[3] !== undefined);
    else if (row === undefined) this.#closing.line(tidy(text), number);
    else if (row.startsWith('=> ')) this.#readWindow(row, number);
    else if (!row.startsWith('WARN: ')) this.#readRow(row, number, coloured);
  }

  /** What stands behind it, up to the next frame, is of a frame of which the beginning is missing. */
  gap(): void {
    this.#closing.gap();
    this.#beginFrame(0, false);
    this.#latest = null;
  }

  end({ newline }: LogEnd): Reading {
    const ended = this.#frameFinished || this.#closing.hasSummary || this.#closing.error !== null;
    // Without colours nothing tells a running step from one that is done, but the end of the display.
    for (const row of this.#rows) if (!row.ended && this.#hasEnded(row, ended)) row.draft.close('done', null);
    const shown = this.#rows.filter((row) => !ended || row.frame === this.#frame);
    shown.forEach((row, at) => {
      row.draft.index = at + 1;
    });
    return conclude({
      steps: finishAll(shown.map((row) => row.draft)),
      closing: this.#closing,
      cut: this.#findCut(newline),
      finished: this.#frameFinished,
    });
  }

  /** Running steps keep their rows: one that is gone has ended (the last frame may be cut, it tells nothing). */
  #hasEnded(row: Row, displayEnded: boolean): boolean {
    return row.frame < this.#frame - 1 || (displayEnded && !this.#everColoured);
  }

  #findCut(newline: boolean): string | null {
    if (this.#frameFinished) {
      const missing = this.#frameTotal - this.#frameSteps;
      return missing > 0 ? `the last frame shows ${this.#frameSteps} of ${this.#frameTotal} steps` : null;
    }
    if (this.#closing.error !== null || this.#closing.hasSummary) return null;
    if (this.#frame > 0) return 'the last frame is not the final one';
    return newline ? null : 'the last line has no line end';
  }

  #beginFrame(total: number, finished: boolean): void {
    this.#frame += 1;
    this.#frameTotal = total;
    this.#frameFinished = finished;
    this.#frameSteps = 0;
  }

  #readRow(text: string, number: number, coloured: boolean): void {
    const { name, states, durationMs } = parseRow(text);
    const row = this.#findRow(name, number);
    row.frame = this.#frame;
    this.#latest = row;
    this.#frameSteps += 1;
    const { draft } = row;
    if (name.length > draft.name.length) draft.name = name;
    draft.durationMs = durationMs;
    row.ended = coloured || states.length > 0;
    draft.close('unfinished', null);
    if (row.ended) draft.close(stateOf(states), number);
  }

  /** The row of an earlier frame that shows the same step, else a new one; in an excerpt without frames each is new. */
  #findRow(name: string, number: number): Row {
    const start = name.slice(0, sureNameLength);
    const alike = this.#rowsByStart.get(start) ?? [];
    this.#rowsByStart.set(start, alike);
    const known = this.#frame === 0 ? undefined : this.#findAmong(alike, name);
    if (known !== undefined) return known;
    const row: Row = { draft: new StepDraft(0, number), frame: this.#frame, ended: false };
    this.#rows.push(row);
    alike.push(row);
    return row;
  }

  #findAmong(alike: readonly Row[], name: string): Row | undefined {
    if (alike.length >= maxAlike) return alike.at(-1);
    // A frame can have two rows of one name (Apple's `[resolver] fetching image...`): each is met once in a frame.
    return alike.find((row) => row.frame !== this.#frame && isSameName(row.draft.name, name));
  }

  /** The window scrolls and is painted anew, so a line in it is met many times, and others never. */
  #readWindow(row: string, number: number): void {
    const text = windowRow.exec(row)?.[1];
    const draft = this.#latest?.draft;
    if (text === undefined || draft === undefined) return;
    if (!draft.marks.some((mark) => mark.text === text)) draft.addMark(number, text);
  }

  /** Whether the row's text is coloured: BuildKit colours the rows of steps that ended, and no others. */
  #readColours(raw: string): boolean {
    const textStart = raw.indexOf('=>');
    let coloured = this.#colour;
    for (const match of raw.matchAll(/\x1b\[([\d;]*)m/g)) {
      this.#colour = isColour(match[1] ?? '');
      if (match.index < textStart) coloured = this.#colour;
    }
    if (textStart >= 0 && coloured) this.#everColoured = true;
    return coloured;
  }
}

/** Foreground colours, in any of the ways to write them; `2` is faint, `0` none. */
function isColour(parameters: string): boolean {
  return parameters.split(';').some((code) => /^(?:3[0-8]|9[0-7])$/.test(code));
}

function parseRow(row: string): RowText {
  const timer = /\s(\d{1,8}(?:\.\d{1,3})?)s$/.exec(row);
  const states: string[] = [];
  let name = timer === null ? row : row.slice(0, timer.index).trimEnd();
  for (let state = rowState.exec(name); state !== null; state = rowState.exec(name)) {
    states.push(state[1] ?? '');
    name = name.slice(state[0].length);
  }
  // A cut goes through the bytes of a character.
  let end = name.length;
  while (name.charCodeAt(end - 1) === 0xfffd) end -= 1;
  name = name.slice(0, end);
  return { name, states, durationMs: timer === null ? null : Math.round(Number(timer[1]) * 1000) };
}

function stateOf(states: readonly string[]): StepStatus {
  if (states.includes('ERROR')) return 'error';
  if (states.includes('CANCELED')) return 'cancelled';
  return states.includes('CACHED') ? 'cached' : 'done';
}

/** Of two names with the same start: one may be cut further left. */
function isSameName(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

export const tty: Format = {
  name: 'tty',
  keepsEscapes: true,
  sniff: (line) => (/=>|\[\+\]/.test(line) ? findTextStart(line, sure, likely) : -1),
  reader: () => new TtyReader(),
};
