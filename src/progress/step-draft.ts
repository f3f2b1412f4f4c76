import { tidy } from './text.js';
import type { LogLine, Step, StepStatus } from './timeline.js';
import { maxMarks } from './timeline.js';
import { parseVertexName, type VertexName } from './vertex-name.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What `buildrace:` lines start with: a scenario's Dockerfile reports by them. */
export const markStart = 'buildrace:';

/** Most steps have no such things: a list of its own for each would take more memory than the step. */
const nothing: readonly never[] = [];
const noLabels: Partial<VertexName> = {};

/** A step while its log is read. */
export class StepDraft implements Mutable<Omit<Step, keyof VertexName>> {
  index: number;
  name = '';
  status: StepStatus = 'unfinished';
  error: string | null = null;
  line: number;
  endLine: number | null = null;
  digest: string | null = null;
  inputs: readonly string[] = nothing;
  startedAt: string | null = null;
  completedAt: string | null = null;
  durationMs: number | null = null;
  outputLines = 0;
  fetched = false;
  marks: readonly LogLine[] = nothing;
  /** What the name does not tell as BuildKit's do, in formats that name their steps otherwise. */
  labels: Partial<VertexName> = noLabels;

  constructor(index: number, line: number) {
    this.index = index;
    this.line = line;
  }

  close(status: StepStatus, line: number | null): void {
    this.status = status;
    this.endLine = line;
    this.error = null;
  }

  fail(error: string | null, line: number | null): void {
    this.close('error', line);
    this.error = error === null ? null : tidy(error);
  }

  /** `text` is a line of the step's output. */
  addMark(line: number, text: string): void {
    this.marks = withMark(this.marks, line, text);
  }

  /**
   * Field by field: copied as a whole, a step would take three times the memory.
   * @param once gives the same text for equal ones
   */
  finish(once: (text: string) => string): Step {
    const shared = (text: string | null): string | null => (text === null ? null : once(text));
    const name = tidy(this.name);
    const parsed = parseVertexName(name);
    // Two objects copied into one would take ten times the memory.
    const told = <K extends keyof VertexName>(field: K): VertexName[K] => {
      const label: VertexName[K] | undefined = this.labels[field];
      return label === undefined ? parsed[field] : label;
    };
    return {
      index: this.index,
      name,
      target: shared(told('target')),
      stage: shared(told('stage')),
      platform: shared(told('platform')),
      targetPlatform: shared(told('targetPlatform')),
      instruction: shared(told('instruction')),
      text: told('text'),
      from: told('from'),
      internal: told('internal'),
      status: this.status,
      error: this.error,
      line: this.line,
      endLine: this.endLine,
      digest: this.digest,
      inputs: this.inputs,
      startedAt: this.startedAt,
      completedAt: this.completedAt,
      durationMs: this.durationMs,
      outputLines: this.outputLines,
      fetched: this.fetched,
      marks: this.marks,
    };
  }
}

/** The marks with a line of output, if it is one. */
export function withMark(marks: readonly LogLine[], line: number, text: string): readonly LogLine[] {
  const isMark = marks.length < maxMarks && text.startsWith(markStart);
  return isMark ? [...marks, { line, text: tidy(text) }] : marks;
}

/** Stages may be as many as steps. */
const maxTexts = 1_000;

/** In order of their first line; those of one line in order of appearance. */
export function finishAll(drafts: Iterable<StepDraft>): Step[] {
  const steps: Step[] = [];
  const texts = new Map<string, string>();
  // Steps by the thousand have the same stages and platforms, each read from a text of its own.
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined && texts.size < maxTexts) texts.set(text, text);
    return known ?? text;
  };
  for (const draft of drafts) steps.push(draft.finish(once));
  return steps.sort((a, b) => a.line - b.line);
}

/** Gives out a list's elements in order, and keeps none that it gave. */
export function* emptied<T>(list: T[]): Generator<T> {
  list.reverse();
  for (let one = list.pop(); one !== undefined; one = list.pop()) yield one;
}
