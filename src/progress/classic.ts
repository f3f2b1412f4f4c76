import type { Format, LogEnd, Reader, Reading } from './format.js';
import { findTextStart } from './sniffing.js';
import { emptied, finishAll, StepDraft } from './step-draft.js';
import { decodeLine } from './text.js';
import type { LogLine } from './timeline.js';
import { TroubleList } from './trouble.js';
import { parseInstruction } from './vertex-name.js';

/** `Step 2/5 : RUN make`; before Docker 1.13 `Step 2 : RUN make`. */
const stepLine = /^Step (\d{1,9})(?:\/(\d+))? : (.*)$/;
const arrow = /^ ?---> (.*)$/;
const imageId = /^(?:sha256:)?[0-9a-f]{12,64}$/;

/** The builder's lines that end the output of a container; they are glued on to output without line end. */
const removal = /Remov(?:ed|ing) intermediate container [0-9a-f]{12,64}$/;
const commandStart = "The command '";
const commandEnd = /' returned a non-zero code: \d+$/;
const gluedArrow = / ---> [0-9a-f]{12}$/;

/** What the builder, or the docker command, says last when a build fails. */
const errors: readonly RegExp[] = [
  /^(?:COPY|ADD) failed: /,
  /^(?:ERROR|Error|error): \S/,
  /^Error response from daemon: /,
  /^(?:pull access denied for |manifest for .* not found|unauthorized: |toomanyrequests: )/,
  /^invalid (?:from flag value|reference format)/,
  /^failed to \w+ /,
  /^(?:Head|Get) "?https?:/,
  /^(?:No such image|unknown parent image ID|layer does not exist)/,
];

/** The same while a container runs: all else is what the container prints. */
const errorsOfRunning: readonly RegExp[] = [/^error during connect: /, /^unexpected EOF$/];

/**
 * The classic builder of the Docker daemon (moby's builder/dockerfile): no vertices, one instruction after the other,
 * numbered over all stages; what a RUN prints stands there as it is.
 */
class ClassicReader implements Reader {
  readonly #drafts: StepDraft[] = [];
  readonly #trouble = new TroubleList();
  #total: string | undefined;
  #stage: string | null = null;
  #current: StepDraft | null = null;
  /** A container of the current step runs: all lines but the builder's own are its output. */
  #running = false;
  /** The end of the current step may have been left out, and any number of steps behind it. */
  #mayHaveEnded = false;
  #built = false;
  /** The last line that could be the builder's error; a line of the builder behind it makes it output. */
  #error: LogLine | null = null;

  line(bytes: Buffer, start: number, end: number, number: number): void {
    const text = decodeLine(bytes, start, end);
    const step = stepLine.exec(text);
    const said = arrow.exec(text)?.[1];
    if (step !== null && this.#mayBegin(Number(step[1]), step[2])) this.#begin(step, number);
    else if (said !== undefined && this.#current !== null) this.#readArrow(this.#current, said, number, text);
    else if (this.#running) this.#readOutput(text, number);
    else if (/^Successfully (?:built|tagged) \S+$/.test(text)) this.#built = true;
    else this.#readOther(text, number, errors);
  }

  gap(): void {
    this.#mayHaveEnded = true;
  }

  end({ newline }: LogEnd): Reading {
    const error = this.#built ? null : this.#error;
    if (error !== null && this.#current?.status === 'unfinished') {
      // Without the output that it may be glued to.
      this.#current.fail(findCommandError(error.text)?.[0] ?? error.text, error.line);
    }
    const steps = finishAll(emptied(this.#drafts));
    const reading = { steps, error, trouble: this.#trouble.lines };
    if (this.#built) return { ...reading, truncated: null, outcome: 'succeeded' };
    if (error !== null) return { ...reading, truncated: null, outcome: 'failed' };
    const cut = newline ? 'neither an image nor an error ends it' : 'the last line has no line end';
    return { ...reading, truncated: cut, outcome: 'unknown' };
  }

  /** A RUN can print `Step 3/4 : …` too: a step follows when the one before has ended, and is the next. */
  #mayBegin(index: number, total: string | undefined): boolean {
    if (this.#current === null) return true;
    return (!this.#running || this.#mayHaveEnded) && index > this.#current.index && total === this.#total;
  }

  #begin(match: RegExpExecArray, number: number): void {
    const draft = new StepDraft(Number(match[1]), number);
    const text = (match[3] ?? '').trim();
    draft.name = match[0];
    const { instruction, from } = parseInstruction(text);
    if (instruction === 'FROM') this.#stage = stageOf(text);
    draft.labels = { text, instruction, from, stage: this.#stage, internal: false };
    // Instructions in front of the first FROM (ARG) print no arrow of their own in old versions.
    if (this.#current?.status === 'unfinished' && !this.#mayHaveEnded) this.#current.close('done', number);
    this.#mayHaveEnded = false;
    this.#running = false;
    this.#error = null;
    this.#total = match[2];
    this.#current = draft;
    this.#drafts.push(draft);
  }

  #readArrow(step: StepDraft, said: string, number: number, text: string): void {
    if (said === 'Using cache') step.close('cached', number);
    else if (/^Running in [0-9a-f]+$/.test(said)) this.#running = true;
    else if (imageId.test(said)) this.#endStep(step, number);
    else if (this.#running) this.#readOutput(text, number);
  }

  #endStep(step: StepDraft, number: number): void {
    if (step.status !== 'cached') step.close('done', number);
    this.#running = false;
    this.#error = null;
  }

  #readOutput(text: string, number: number): void {
    const end = removal.exec(text) ?? findCommandError(text);
    const glued = gluedArrow.exec(text);
    const output = text.slice(0, end?.index ?? glued?.index);
    if (output !== '' && this.#current !== null) {
      this.#current.outputLines += 1;
      this.#current.addMark(number, output);
    }
    if (end?.[0].startsWith('The')) this.#error = { line: number, text };
    else if (glued !== null && this.#current !== null) this.#endStep(this.#current, number);
    else if (errorsOfRunning.some((pattern) => pattern.test(text)))
      this.#readOther(text, number, errorsOfRunning);
  }

  #readOther(text: string, number: number, patterns: readonly RegExp[]): void {
    this.#trouble.line(text, number);
    if (patterns.some((pattern) => pattern.test(text))) this.#error = { line: number, text };
  }
}

interface Match {
  readonly 0: string;
  readonly index: number;
}

/** `The command '…' returned a non-zero code: 1`, at the end of a text. */
function findCommandError(text: string): Match | null {
  const end = commandEnd.exec(text);
  const index = text.indexOf(commandStart);
  const isWhole = end !== null && index >= 0 && index + commandStart.length <= end.index;
  return isWhole ? { 0: text.slice(index), index } : null;
}

/** Name of the stage that a FROM begins, as printed; null where it has none. */
export function stageOf(from: string): string | null {
  return /\sAS\s+(\S+)\s*$/i.exec(from)?.[1] ?? null;
}

const sure = /Step \d+(?:\/\d+)? : [A-Za-z]+ |Sending build context to Docker daemon/;

export const classic: Format = {
  name: 'classic',
  keepsEscapes: false,
  sniff: (line) => findTextStart(line, sure, null),
  reader: () => new ClassicReader(),
};
