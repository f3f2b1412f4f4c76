import { SourceBlock } from './source-block.js';
import type { LogLine } from './timeline.js';
import { TroubleList } from './trouble.js';

/** What BuildKit's clients end with when the solve failed: buildctl, buildx, bake, compose, Apple's `container`. */
const solveErrors: readonly RegExp[] = [
  /^(?:error|ERROR|Error): .*\bfailed to (?:solve|build)\b/,
  /^(?:target \S+: )?failed to (?:solve|build)(?: with frontend \S+)?: /,
];

/** Any other error that a client may end with; less sure, as what called the client prints errors of its own. */
const clientErrors: readonly RegExp[] = [
  /^(?:error|ERROR|Error): \S/,
  // docker 20.10 prints the solver's error as it is: `failed to compute cache key: …`.
  /^failed to (?:compute|calculate|create|export|fetch|get|load|parse|prepare|read|resolve|copy|do) /,
  /^executor failed running \[/,
  /^process ".*" did not complete successfully/,
  /^rpc error: code = /,
  /^dockerfile parse error/,
];

/** GitHub's runner says this of every step that failed. */
const runnerErrors = /^Error: Process completed with exit code \d+\.?$/;

/** Words of which every line has one that tells of an error or of trouble: most lines have none, and are read no further. */
const worthReading =
  /rror|failed|closing|process "|dial unix|no such job|no active session|connect|timeout|panic|SIGSEGV|EOF|broken pipe/i;

/** A line of a vertex's output as the error summary repeats it: `0.039 text`, and `#7 0.039 text` before v0.9. */
const outputInSummary = /^(?:#\d+ )?\d+\.\d* /;

const summaryRule = '------';

/**
 * Reads what stands outside of all vertices: the error summaries (a rule, ` > name:`, the vertex's last lines, a
 * rule), the failing instruction's source, the closing error, and trouble with the daemon. The format is that of
 * `printErrorLogs` in BuildKit's progressui/display.go.
 */
export class ClosingLines {
  readonly #trouble = new TroubleList();
  readonly #source = new SourceBlock();
  #solveError: LogLine | null = null;
  #clientError: LogLine | null = null;
  /** `opened`: the rule was seen, ` > name:` must follow; `inside`: up to the next rule it is a vertex's output. */
  #summary: 'none' | 'opened' | 'inside' = 'none';
  #hasGap = false;
  /** Names of the vertices that have a summary. */
  readonly failedNames = new Set<string>();

  line(text: string, line: number): void {
    if (this.#readSummary(text)) {
      this.#source.interrupt();
      return;
    }
    if (this.#source.line(text, line)) return;
    if (!worthReading.test(text)) return;
    this.#trouble.line(text, line);
    if (solveErrors.some((pattern) => pattern.test(text))) this.#solveError = { line, text };
    else if (isClientError(text)) this.#clientError = { line, text };
  }

  /** A vertex's line was met: no summary goes on behind it. */
  vertexLine(): void {
    this.#summary = 'none';
    this.#source.interrupt();
  }

  /** Something was left out: so it is behind that. */
  gap(): void {
    this.vertexLine();
    this.#hasGap = true;
  }

  get hasGap(): boolean {
    return this.#hasGap;
  }

  /** A summary was begun and has not ended. */
  get insideSummary(): boolean {
    return this.#summary === 'inside';
  }

  /** The last line was a rule, or belongs to a summary. */
  get betweenRules(): boolean {
    return this.#summary !== 'none';
  }

  get hasSummary(): boolean {
    return this.failedNames.size > 0;
  }

  /** The closing error, the solver's before any other. */
  get error(): LogLine | null {
    return this.#solveError ?? this.#clientError;
  }

  /** First line of the source block, null without one. */
  get source(): LogLine | null {
    return this.#source.found;
  }

  get solveFailed(): boolean {
    return this.#solveError !== null;
  }

  get trouble(): readonly LogLine[] {
    return this.#trouble.lines;
  }

  /** True for a line that belongs to an error summary. */
  #readSummary(text: string): boolean {
    if (text === summaryRule) {
      this.#summary = this.#summary === 'inside' ? 'none' : 'opened';
      return true;
    }
    if (this.#summary === 'none') return false;
    const name = /^ > (.*?):?$/.exec(text)?.[1];
    if (this.#summary === 'opened') {
      this.#summary = name === undefined ? 'none' : 'inside';
      if (name !== undefined) this.failedNames.add(name);
      return name !== undefined;
    }
    if (outputInSummary.test(text) || !solveErrors.some((pattern) => pattern.test(text))) return true;
    this.#summary = 'none';
    return false;
  }
}

function isClientError(text: string): boolean {
  return clientErrors.some((pattern) => pattern.test(text)) && !runnerErrors.test(text);
}
