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
    if (this.marks.length < maxMarks && text.startsWith(markStart))
      this.marks = [...this.marks, { line, text: tidy(text) }];
  }

  /**
   * Field by field: copied as a whole, a step would take three times the memory.
   * @param once gives the same text for equal ones
   */
  finish(once: (text: string) => string): Step {
    const shared = (text: string | null): string | null => (text === null ? null : once(text));
    const name = tidy(this.name);
    const { target, platform, targetPlatform, stage, instruction, text, from, internal }: VertexName =
      this.labels === noLabels ? parseVertexName(name) : { ...parseVertexName(name), ...this.labels };
    return {
      index: this.index,
      name,
      target: shared(target),
      stage: shared(stage),
      platform: shared(platform),
      targetPlatform: shared(targetPlatform),
      instruction: shared(instruction),
      text,
      from,
      internal,
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

/** Stages may be as many as steps. */
const maxTexts = 1_000;

/** In order of their first line; those of one line in order of appearance. The list is emptied: drafts go as steps come. */
export function finishAll(drafts: StepDraft[]): Step[] {
  const steps: Step[] = [];
  const texts = new Map<string, string>();
  // Steps by the thousand have the same stages and platforms, each read from a text of its own.
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined && texts.size < maxTexts) texts.set(text, text);
    return known ?? text;
  };
  drafts.reverse();
  for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) steps.push(draft.finish(once));
  return steps.sort((a, b) => a.line - b.line);
}
