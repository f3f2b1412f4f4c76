import { OutputTail } from './output-tail.js';
import { StepDraft } from './step-draft.js';

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

/** What is kept of a vertex's messages: of the last one that counts, and when it ran. */
interface Member {
  readonly digest: string;
  inputs: readonly string[];
  cached: boolean;
  error: string | null;
  weak: boolean;
  /** By start, so that what is sent again replaces what was sent before. */
  readonly intervals: FewByKey<string, Interval>;
}

/** A map for what is mostly one: a log has a hundred thousand vertices, and a map each would take more than all else. */
class FewByKey<K, T> {
  #key: K | null = null;
  #only: T | null = null;
  #all: Map<K, T> | null = null;

  get size(): number {
    return this.#all?.size ?? (this.#key === null ? 0 : 1);
  }

  get(key: K): T | undefined {
    if (this.#all !== null) return this.#all.get(key);
    return this.#key === key && this.#only !== null ? this.#only : undefined;
  }

  set(key: K, value: T): void {
    if (this.#all !== null) this.#all.set(key, value);
    else if (this.#key === null || this.#key === key || this.#only === null) {
      this.#key = key;
      this.#only = value;
    } else {
      this.#all = new Map([
        [this.#key, this.#only],
        [key, value],
      ]);
    }
  }

  /** In the order in which their keys came. */
  values(): T[] {
    if (this.#all !== null) return [...this.#all.values()];
    return this.#only === null ? [] : [this.#only];
  }
}

/** No vertex has that many; a log that says so must not fill the memory. */
const maxIntervals = 1024;

/** A vertex, or a progress group and its members, while a rawjson log is read. */
export class VertexDraft {
  readonly draft: StepDraft;
  readonly #isGroup: boolean;
  readonly #members = new FewByKey<string, Member>();
  #tails: FewByKey<number, OutputTail> | null = null;
  #completedLine: number | null = null;

  /** `groupName` is null for a vertex of its own. */
  constructor(line: number, groupName: string | null) {
    this.draft = new StepDraft(0, line);
    this.draft.name = groupName ?? '';
    this.#isGroup = groupName !== null;
  }

  /** A group whose members are all weak is not shown by BuildKit either. */
  get hidden(): boolean {
    return this.#isGroup && this.#members.values().every((member) => member.weak);
  }

  update(message: Message, line: number): void {
    let member = this.#members.get(message.digest);
    const isNew = member === undefined;
    const { digest, inputs, cached, error, weak, started, completed } = message;
    if (member === undefined) {
      member = { digest, inputs, cached, error, weak, intervals: new FewByKey() };
      this.#members.set(digest, member);
    }
    if (this.draft.name === '') this.draft.name = message.name;
    // A vertex that has started can be announced once more: that takes nothing back.
    if (!isNew && (started !== null || member.intervals.size === 0)) {
      if (!isSame(member.inputs, inputs)) member.inputs = inputs;
      member.cached = cached;
      member.error = error;
      member.weak = weak;
    }
    if (started === null || member.intervals.size >= maxIntervals) return;
    // Each message brings its texts anew: those that are known stay.
    const start = member.intervals.get(started)?.start ?? started;
    member.intervals.set(start, { start, stop: completed });
    if (completed !== null) this.#completedLine = line;
  }

  /** `stream` is 1 for standard output, 2 for standard error; each has lines of its own. */
  addOutput(data: Buffer, stream: number, line: number): void {
    this.#tails ??= new FewByKey();
    const tail = this.#tails.get(stream) ?? new OutputTail(this.draft);
    this.#tails.set(stream, tail);
    tail.push(data, line);
  }

  /** Fills in the step, when all messages have come. */
  settle(): void {
    const members = this.#members.values();
    for (const tail of this.#tails?.values() ?? []) tail.end();
    const { draft } = this;
    draft.digest = members[0]?.digest ?? null;
    draft.inputs = inputsFromOutside(members);
    const intervals = members.flatMap((member) => member.intervals.values()).sort(byStart);
    draft.startedAt = intervals[0]?.start ?? null;
    // The newest interval of each member says whether it runs.
    const newest = members.map((member) => member.intervals.values().sort(byStart).at(-1));
    const completed = intervals.length > 0 && newest.every((interval) => interval?.stop !== null);
    if (completed) draft.completedAt = latest(newest.flatMap((interval) => interval?.stop ?? []));
    if (completed) draft.durationMs = totalDuration(intervals);
    this.#settleStatus(members, completed);
  }

  #settleStatus(messages: readonly Member[], completed: boolean): void {
    const line = this.#completedLine;
    const error = messages.find((message) => message.error !== null)?.error ?? null;
    if (error?.endsWith('context canceled')) this.draft.close('cancelled', line);
    else if (error !== null) this.draft.fail(error, line);
    else if (!completed) this.draft.close('unfinished', null);
    else this.draft.close(messages.every((message) => message.cached) ? 'cached' : 'done', line);
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
