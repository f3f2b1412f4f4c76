import { stageOf } from './classic.js';
import type { Format, LogEnd, Reader, Reading } from './format.js';
import { findTextStart } from './sniffing.js';
import { emptied, finishAll, StepDraft } from './step-draft.js';
import { decodeLine } from './text.js';
import type { LogLine } from './timeline.js';
import { TroubleList } from './trouble.js';
import { parseInstruction } from './vertex-name.js';

/** `[linux/arm64] [1/2] `: platform, number of the stage and of all stages, each where there are several. */
// No bracket or first slash inside: from no place is more than the way to the next bracket looked at, and that once.
const lanePattern = String.raw`(?:\[(?!\d+\/\d+\])([^[\]\s/]+\/[^[\]\s]+)\] )?(?:\[(\d+)\/(\d+)\] )?`;
const stepPattern = new RegExp(`${lanePattern}STEP (\\d{1,9})(?:/\\d+)?: (.*)$`);
const commitPattern = new RegExp(`${lanePattern}COMMIT(?: \\S+)?$`);
const arrowPattern =
  /--> (?:(Using cache|Cache pulled from remote) (\S+)|Pushing cache \S+|([0-9a-f]{7,64}))$/;
const errorPattern =
  /(?:(?:Error|ERROR|error): |\berror |^\s*\*\s+)(?:error )?(?:\[([^\]\s]+)\]: )?(?:error )?building at STEP "/;
const imageId = /^[0-9a-f]{64}$/;

/** What ends a build that did not come to a step, or past the last. */
const otherErrors: readonly RegExp[] = [
  /^(?:Error|error|ERROR): \S/,
  // logrus, behind the error of buildah's older versions.
  /^time="[^"]*" level=(?:error|fatal) msg=/,
];

/** No build has more stages, each counted for each platform; all of them are looked at for every line. */
const maxLanes = 1000;

/** No build ends in more errors that each name a step. */
const maxStepErrors = 50;

/** A stage of one platform: its steps follow each other, whatever other stages print in between. */
interface Lane {
  stage: string | null;
  current: StepDraft | null;
  /** The current step was taken as done because another stage began. */
  assumed: boolean;
  /** Its end may have been left out, and any number of steps behind it. */
  mayHaveEnded: boolean;
}

interface StepLine {
  readonly at: number;
  /** The line, from there on. */
  readonly name: string;
  readonly platform: string | null;
  readonly stage: string | null;
  readonly stages: string | null;
  readonly index: number;
  readonly text: string;
}

/** An error that names its step; `error` is the line without the output that it is glued to. */
interface StepError extends LogLine {
  readonly error: string;
  readonly platform: string | null;
}

/**
 * buildah and podman (`buildStage` in buildah's imagebuildah/executor.go, `logCommit` and its neighbours in
 * stage_executor.go). Steps are numbered within their stage. What a RUN prints stands there as it is, and when it has no
 * line end, the builder's next line is glued on. `-->` lines carry neither stage nor platform: where several steps are
 * under way at once (`--jobs`), they are nobody's.
 */
class BuildahReader implements Reader {
  readonly #drafts: StepDraft[] = [];
  readonly #trouble = new TroubleList();
  #lanes = new Map<string, Lane>();
  #latest: Lane | null = null;
  /** Stages are built at the same time: one went on after another had begun. */
  #interleaved = false;
  #hasGap = false;
  #stages: string | null = null;
  readonly #platforms = new Set<string | null>();
  /** The layer that was just found in the cache, or is about to be named after a commit. */
  #named: string | 'any' | null = null;
  #images = 0;
  #imageLine = 0;
  /** What COMMIT lines were answered with, as the beginning of an image's number. */
  readonly #committed = new Set<string>();
  readonly #stepErrors: StepError[] = [];
  /** The RUN that is under way, as long as no step began or ended; undefined: to be looked for. */
  #openRunIs: StepDraft | null | undefined;
  #otherError: LogLine | null = null;

  line(bytes: Buffer, start: number, end: number, number: number): void {
    const text = decodeLine(bytes, start, end);
    if (this.#readStep(text, number) || this.#readArrow(text, number)) return;
    if (this.#readCommit(text, number) || this.#readError(text, number)) return;
    if (imageId.test(text) && this.#mayBeImage(text)) {
      this.#images += 1;
      this.#imageLine = number;
    } else this.#readOther(text, number);
  }

  gap(): void {
    this.#hasGap = true;
    this.#openRunIs = undefined;
    for (const lane of this.#lanes.values()) lane.mayHaveEnded = true;
  }

  end({ newline }: LogEnd): Reading {
    const error = this.#lastError;
    // Each platform ends with the number of its image.
    const succeeded = error === null && this.#images >= this.#platforms.size;
    if (error !== null) this.#failSteps(error);
    for (const step of this.#drafts) if (succeeded && step.status === 'unfinished') step.close('done', null);
    const line = error === null ? null : { line: error.line, text: error.text };
    const reading = { steps: finishAll(emptied(this.#drafts)), error: line, trouble: this.#trouble.lines };
    if (succeeded) return { ...reading, truncated: null, outcome: 'succeeded' };
    if (error !== null) return { ...reading, truncated: null, outcome: 'failed' };
    const cut = newline ? 'neither an image nor an error ends it' : 'the last line has no line end';
    return { ...reading, truncated: cut, outcome: 'unknown' };
  }

  #readStep(text: string, number: number): boolean {
    const step = parseStepLine(text);
    if (step === null || !this.#mayBeAt(step.at)) return false;
    const over = this.#lastError !== null || this.#images > 0;
    const lane = this.#lanes.get(laneKey(step));
    const next = lane?.current === undefined ? this.#mayBeginLane(step) : isNext(lane, step.index);
    // A RUN can print lines of this form too; only the next step of a stage is one.
    if (!next && !(step.index === 1 && over)) return false;
    if (!next) this.#restart();
    this.#addOutput(text.slice(0, step.at), number);
    // Before 2021 the commit was a numbered step.
    if (/^COMMIT(?: \S+)?$/.test(step.text)) this.#commit(lane ?? null, number);
    else this.#begin(step, number);
    return true;
  }

  /** Another build follows in the same log. */
  #restart(): void {
    this.#lanes = new Map();
    this.#openRunIs = undefined;
    this.#latest = null;
    this.#interleaved = false;
    this.#platforms.clear();
    this.#committed.clear();
    this.#images = 0;
  }

  #mayBeginLane({ index, stages }: StepLine): boolean {
    const [first] = this.#drafts;
    if (first === undefined) return true;
    // Of a log whose beginning is missing, any step can be the first of its stage.
    const isFirst = index === 1 || first.index > 1 || this.#hasGap;
    return isFirst && this.#lanes.size < maxLanes && (this.#lanes.size === 0 || stages === this.#stages);
  }

  #begin(step: StepLine, number: number): void {
    const lane = this.#enterLane(step, number);
    const draft = new StepDraft(step.index, number);
    draft.name = step.name;
    const { instruction, from } = parseInstruction(step.text);
    if (instruction === 'FROM') lane.stage = stageOf(step.text);
    draft.labels = {
      text: step.text,
      instruction,
      from,
      platform: step.platform,
      stage: lane.stage ?? step.stage,
      internal: false,
    };
    this.#openRunIs = undefined;
    if (lane.current?.status === 'unfinished' && !lane.mayHaveEnded) lane.current.close('done', number);
    lane.mayHaveEnded = false;
    lane.current = draft;
    this.#drafts.push(draft);
    this.#otherError = null;
    this.#named = null;
  }

  /** One stage after the other, until a stage goes on behind which another has begun. */
  #enterLane(step: StepLine, number: number): Lane {
    const known = this.#lanes.get(laneKey(step));
    const lane = known ?? { stage: null, current: null, assumed: false, mayHaveEnded: false };
    if (known !== undefined && known !== this.#latest) this.#interleave();
    if (known === undefined && !this.#interleaved) this.#assumeDone(number);
    this.#lanes.set(laneKey(step), lane);
    this.#platforms.add(step.platform);
    this.#stages = step.stages;
    this.#latest = lane;
    return lane;
  }

  #assumeDone(number: number): void {
    const lane = this.#latest;
    if (lane?.current?.status !== 'unfinished') return;
    this.#openRunIs = undefined;
    lane.current.close('done', number);
    lane.assumed = true;
  }

  #interleave(): void {
    if (this.#interleaved) return;
    this.#interleaved = true;
    this.#openRunIs = undefined;
    for (const lane of this.#lanes.values()) if (lane.assumed) lane.current?.close('unfinished', null);
  }

  #readArrow(text: string, number: number): boolean {
    const match = arrowPattern.exec(text);
    if (match === null || !this.#mayBeAt(match.index)) return false;
    this.#addOutput(text.slice(0, match.index), number);
    const [, cached, cacheId, id] = match;
    if (this.#named === 'any' && id !== undefined && this.#committed.size < maxLanes) this.#committed.add(id);
    const repeats = id !== undefined && (this.#named === 'any' || this.#named?.startsWith(id));
    this.#named = null;
    const step = repeats ? null : this.#onlyOpenStep();
    if (step === null) return true;
    this.#openRunIs = undefined;
    if (cached !== undefined) {
      step.close('cached', number);
      this.#named = cacheId ?? null;
    } else if (id !== undefined) step.close('done', number);
    return true;
  }

  #readCommit(text: string, number: number): boolean {
    const match = commitPattern.exec(text);
    if (match === null || !this.#mayBeAt(match.index)) return false;
    const lane = this.#lanes.get(laneKey({ platform: match[1] ?? null, stage: match[2] ?? null }));
    if (lane === undefined) return false;
    this.#addOutput(text.slice(0, match.index), number);
    this.#commit(lane, number);
    return true;
  }

  #commit(lane: Lane | null, number: number): void {
    this.#named = 'any';
    this.#openRunIs = undefined;
    if (lane?.current?.status === 'unfinished') lane.current.close('done', number);
  }

  #readError(text: string, number: number): boolean {
    const match = errorPattern.exec(text);
    if (match === null || !this.#mayBeAt(match.index)) return false;
    this.#addOutput(text.slice(0, match.index), number);
    const error = text.slice(match.index);
    // Each is held against all steps; of more than any build has the last counts.
    if (this.#stepErrors.length === maxStepErrors) this.#stepErrors.pop();
    this.#stepErrors.push({ line: number, text, error, platform: match[1] ?? null });
    return true;
  }

  #readOther(text: string, number: number): void {
    if (this.#openRun() !== null && this.#stepErrors.length === 0) {
      this.#addOutput(text, number);
      return;
    }
    this.#trouble.line(text, number);
    if (otherErrors.some((pattern) => pattern.test(text))) this.#otherError = { line: number, text };
  }

  #addOutput(text: string, number: number): void {
    if (text === '') return;
    const step = this.#openRun();
    if (step === null) return;
    step.outputLines += 1;
    step.addMark(number, text);
  }

  /** The builder's lines begin at the line's start, or behind output of a RUN that had no line end. */
  #mayBeAt(at: number): boolean {
    return at === 0 || this.#openRun() !== null;
  }

  /**
   * A RUN that is under way can print such a line too, but the number of an image that was committed before is the
   * builder's: another platform's RUN may have begun in between.
   */
  #mayBeImage(text: string): boolean {
    if (this.#interleaved || this.#openRun() === null) return true;
    for (const id of this.#committed) if (text.startsWith(id)) return true;
    return false;
  }

  /** The error that names a step, else any other; none that an image came behind. */
  get #lastError(): LogLine | null {
    const errors = [this.#stepErrors.at(-1), this.#otherError];
    return errors.find((error) => (error?.line ?? 0) > this.#imageLine) ?? null;
  }

  /** The RUN that is under way: the one that was printed last, where there are several. */
  #openRun(): StepDraft | null {
    if (this.#openRunIs === undefined)
      this.#openRunIs = this.#currentSteps().filter(isOpenRun).sort(byLine).at(-1) ?? null;
    return this.#openRunIs;
  }

  #currentSteps(): StepDraft[] {
    return [...this.#lanes.values()].flatMap(({ current }) => current ?? []);
  }

  /** The one step that an arrow can be of. A COPY from a stage that is under way has not begun. */
  #onlyOpenStep(): StepDraft | null {
    const current = this.#currentSteps();
    const stageOfStep = ({ labels }: StepDraft): string => stageKey(labels.stage, labels.platform);
    const underWay = new Set(current.filter(({ status }) => status === 'unfinished').map(stageOfStep));
    const waits = ({ labels: { from, platform } }: StepDraft): boolean =>
      Boolean(from) && underWay.has(stageKey(from, platform));
    const [step, ...others] = current.filter((one) => isOpen(one) && !waits(one));
    return step === undefined || others.length > 0 ? null : step;
  }

  #failSteps(error: LogLine): void {
    for (const stepError of this.#stepErrors) this.#failStep(stepError);
    if (this.#stepErrors.length > 0) return;
    this.#drafts.findLast((step) => step.status === 'unfinished')?.fail(error.text, error.line);
  }

  /** Of the steps with the quoted text, one that had not ended; else the last one at all that had not. */
  #failStep({ error, line, platform }: StepError): void {
    const quote = (step: StepDraft) => `building at STEP "${step.labels.text}": `;
    const there = this.#drafts.filter((step) => platform === null || step.labels.platform === platform);
    const quoted = there.filter((step) => error.includes(quote(step)) && step.status !== 'error');
    const open = (steps: readonly StepDraft[]) => steps.findLast((step) => step.status === 'unfinished');
    const step = open(quoted) ?? quoted.at(-1) ?? open(there);
    step?.fail(error, line);
  }
}

function parseStepLine(text: string): StepLine | null {
  const match = stepPattern.exec(text);
  if (match === null) return null;
  const [, platform = null, stage = null, stages = null, index, rest = ''] = match;
  const [name] = match;
  return { at: match.index, name, platform, stage, stages, index: Number(index), text: rest.trim() };
}

function laneKey({ platform, stage }: Pick<StepLine, 'platform' | 'stage'>): string {
  return `${platform ?? ''} ${stage ?? ''}`;
}

function stageKey(stage: string | null | undefined, platform: string | null | undefined): string {
  return JSON.stringify([stage, platform]);
}

function indexOf(lane: Lane): number {
  return lane.current?.index ?? 0;
}

function isNext(lane: Lane, index: number): boolean {
  const last = indexOf(lane);
  return lane.mayHaveEnded ? index > last : index === last + 1;
}

/** A step that an arrow may be of: a FROM has none. */
function isOpen(step: StepDraft): boolean {
  return step.status === 'unfinished' && step.labels.instruction !== 'FROM';
}

function isOpenRun(step: StepDraft): boolean {
  return step.status === 'unfinished' && step.labels.instruction === 'RUN';
}

function byLine(a: StepDraft, b: StepDraft): number {
  return a.line - b.line;
}

const sure = /(?:\[[^[\]\s]+\] ){0,2}STEP \d+(?:\/\d+)?: [A-Za-z]+/;

export const buildah: Format = {
  name: 'buildah',
  keepsEscapes: false,
  sniff: (line) => findTextStart(line, sure, null),
  reader: () => new BuildahReader(),
};
