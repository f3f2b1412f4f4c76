import { tidy } from './text.js';
import type { LogLine, Step, StepStatus } from './timeline.js';
import { maxMarks } from './timeline.js';
import { parseVertexName, type VertexName } from './vertex-name.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What `buildrace:` lines start with: a scenario's Dockerfile reports by them. */
export const markStart = 'buildrace:';

/** A step while its log is read. */
export class StepDraft implements Mutable<Omit<Step, keyof VertexName>> {
  index: number;
  name = '';
  status: StepStatus = 'unfinished';
  error: string | null = null;
  line: number;
  endLine: number | null = null;
  digest: string | null = null;
  inputs: readonly string[] = [];
  startedAt: string | null = null;
  completedAt: string | null = null;
  durationMs: number | null = null;
  outputLines = 0;
  fetched = false;
  readonly marks: LogLine[] = [];
  /** What the name does not tell as BuildKit's do, in formats that name their steps otherwise. */
  labels: Partial<VertexName> = {};

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
      this.marks.push({ line, text: tidy(text) });
  }

  finish(): Step {
    const { labels, ...step } = this;
    const name = tidy(this.name);
    return { ...step, name, ...parseVertexName(name), ...labels };
  }
}

/** In order of their first line; those of one line in order of appearance. */
export function finishAll(drafts: readonly StepDraft[]): Step[] {
  return drafts.map((draft) => draft.finish()).sort((a, b) => a.line - b.line);
}
