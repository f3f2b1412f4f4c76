import { type OutputOwner, OutputTail } from './output-tail.js';
import { StepDraft, withMark } from './step-draft.js';
import type { LogLine } from './timeline.js';

/** One vertex of a `SolveStatus`, its fields checked. Times are RFC 3339 with nanoseconds, as printed. */
export interface Message {
  readonly digest: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly started: string | null;
  readonly completed: string | null;
  readonly cached: boolean;
  readonly error: string | null;
  /** A weak member does not show its group by itself. */
  readonly weak: boolean;
}

interface Interval {
  readonly start: string;
  readonly stop: string | null;
}

/**
 * What is kept of a vertex's messages: of the last one that counts, and when it ran. Nearly all ran once: a log has a hundred
 * thousand vertices, and a map for each would take more than all else.
 */
class Member {
  readonly digest: string;
  inputs: readonly string[];
  cached: boolean;
  error: string | null;
  weak: boolean;
  #start: string | null = null;
  #stop: string | null = null;
  /** The other intervals, by start. */
  #others: Map<string, string | null> | null = null;

  constructor({ digest, inputs, cached, error, weak }: Message) {
    this.digest = digest;
    this.inputs = inputs;
    this.cached = cached;
    this.error = error;
    this.weak = weak;
  }

  get runs(): number {
    return (this.#start === null ? 0 : 1) + (this.#others?.size ?? 0);
  }

  /** What is sent again replaces what was sent before; of its texts those that are known stay. */
  ran(start: string, stop: string | null): void {
    this.#start ??= start;
    if (this.#start === start) this.#stop = stop;
    else {
      this.#others ??= new Map();
      this.#others.set(start, stop);
    }
  }

  /** In the order in which they came. */
  intervals(): Interval[] {
    if (this.#start === null) return [];
    const first = { start: this.#start, stop: this.#stop };
    return [first, ...[...(this.#others ?? [])].map(([start, stop]) => ({ start, stop }))];
  }
}

/** No vertex has that many; a log that says so must not fill the memory. */
const maxIntervals = 1024;

const noMarks: readonly LogLine[] = [];

/** A vertex, or a progress group and its members, while a rawjson log is read. What most have one of is no list here. */
export class VertexDraft implements OutputOwner {
  readonly #line: number;
  readonly #isGroup: boolean;
  #name: string;
  #first: Member | null = null;
  /** The other members of a group, by digest. */
  #others: Map<string, Member> | null = null;
  #completedLine: number | null = null;
  outputLines = 0;
  #marks: readonly LogLine[] = noMarks;
  /** Streams of output in the order in which they came. */
  #stream: number | null = null;
  #otherStreams: Set<number> | null = null;
  /** Output whose last line has not ended, by stream. */
  #open: Map<number, OutputTail> | null = null;

  /** `groupName` is null for a vertex of its own. */
  constructor(line: number, groupName: string | null) {
    this.#line = line;
    this.#name = groupName ?? '';
    this.#isGroup = groupName !== null;
  }

  /** A group whose members are all weak is not shown by BuildKit either. */
  get hidden(): boolean {
    return this.#isGroup && this.#members().every((member) => member.weak);
  }

  /** The text of a digest, as it is kept here. */
  textOf(digest: string): string {
    return this.#member(digest)?.digest ?? digest;
  }

  update(message: Message, line: number): void {
    const known = this.#member(message.digest);
    const member = known ?? this.#join(message);
    const { inputs, cached, error, weak, started, completed } = message;
    if (this.#name === '') this.#name = message.name;
    // A vertex that has started can be announced once more: that takes nothing back.
    if (known !== undefined && (started !== null || member.runs === 0)) {
      if (!isSame(member.inputs, inputs)) member.inputs = inputs;
      member.cached = cached;
      member.error = error;
      member.weak = weak;
    }
    if (started === null || member.runs >= maxIntervals) return;
    member.ran(started, completed);
    if (completed !== null) this.#completedLine = line;
  }

  /** `stream` is 1 for standard output, 2 for standard error; each has lines of its own. */
  addOutput(data: Buffer, stream: number, line: number): void {
    this.#noteStream(stream);
    const tail = this.#open?.get(stream) ?? new OutputTail(this);
    tail.push(data, line);
    if (!tail.isOpen) this.#open?.delete(stream);
    else {
      this.#open ??= new Map();
      this.#open.set(stream, tail);
    }
  }

  addMark(line: number, text: string): void {
    this.#marks = withMark(this.#marks, line, text);
  }

  /** The step, when all messages have come. */
  settled(index: number): StepDraft {
    for (const stream of [this.#stream ?? 0, ...(this.#otherStreams ?? [])]) this.#open?.get(stream)?.end();
    const members = this.#members();
    const draft = new StepDraft(index, this.#line);
    draft.name = this.#name;
    draft.outputLines = this.outputLines;
    draft.marks = this.#marks;
    draft.digest = members[0]?.digest ?? null;
    draft.inputs = inputsFromOutside(members);
    const intervals = members.flatMap((member) => member.intervals()).sort(byStart);
    draft.startedAt = intervals[0]?.start ?? null;
    // The newest interval of each member says whether it runs.
    const newest = members.map((member) => member.intervals().sort(byStart).at(-1));
    const completed = intervals.length > 0 && newest.every((interval) => interval?.stop !== null);
    if (completed) draft.completedAt = latest(newest.flatMap((interval) => interval?.stop ?? []));
    if (completed) draft.durationMs = totalDuration(intervals);
    this.#settleStatus(draft, members, completed);
    return draft;
  }

  #settleStatus(draft: StepDraft, messages: readonly Member[], completed: boolean): void {
    const line = this.#completedLine;
    const error = messages.find((message) => message.error !== null)?.error ?? null;
    if (error?.endsWith('context canceled')) draft.close('cancelled', line);
    else if (error !== null) draft.fail(error, line);
    else if (!completed) draft.close('unfinished', null);
    else draft.close(messages.every((message) => message.cached) ? 'cached' : 'done', line);
  }

  #member(digest: string): Member | undefined {
    return this.#first?.digest === digest ? this.#first : this.#others?.get(digest);
  }

  #join(message: Message): Member {
    const member = new Member(message);
    if (this.#first === null) this.#first = member;
    else {
      this.#others ??= new Map();
      this.#others.set(member.digest, member);
    }
    return member;
  }

  #members(): Member[] {
    return this.#first === null ? [] : [this.#first, ...(this.#others?.values() ?? [])];
  }

  #noteStream(stream: number): void {
    this.#stream ??= stream;
    if (this.#stream === stream) return;
    this.#otherStreams ??= new Set();
    this.#otherStreams.add(stream);
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

function isWithoutTwins(texts: readonly string[]): boolean {
  return texts.length < 2 || new Set(texts).size === texts.length;
}

function inputsFromOutside(members: readonly Member[]): readonly string[] {
  const [only] = members;
  if (only === undefined) return [];
  const { digest, inputs: all } = only;
  if (members.length === 1 && !all.includes(digest) && isWithoutTwins(all)) return all;
  const own = new Set(members.map((member) => member.digest));
  const inputs = new Set(members.flatMap((member) => member.inputs));
  return [...inputs].filter((input) => !own.has(input));
}

function byStart(a: Interval, b: Interval): number {
  return milliseconds(a.start) - milliseconds(b.start);
}

function latest(times: readonly string[]): string | null {
  return [...times].sort((a, b) => milliseconds(a) - milliseconds(b)).at(-1) ?? null;
}

/** Time in which at least one interval was open, as BuildKit's displays count it (`mergeIntervals`). */
function totalDuration(intervals: readonly Interval[]): number | null {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start, stop } of intervals) {
    const from = Math.max(milliseconds(start), until);
    until = Math.max(until, stop === null ? from : milliseconds(stop));
    total += Math.max(0, until - from);
  }
  // A time that is none makes no duration.
  return Number.isFinite(total) ? Math.round(total * 1000) / 1000 : null;
}

/** Milliseconds since the epoch, with the fraction that `Date` has no room for. */
function milliseconds(time: string): number {
  const match = /^(.*?\d\d:\d\d:\d\d)(\.\d+)?(.*)$/.exec(time);
  return Date.parse(`${match?.[1] ?? ''}${match?.[3] ?? ''}`) + Number(match?.[2] ?? 0) * 1000;
}
