/** What a log turned out to be; `unknown` is a log in which no builder's output was recognized. */
export type FormatName = 'plain' | 'tty' | 'rawjson' | 'classic' | 'buildah' | 'unknown';

export type StepStatus = 'done' | 'cached' | 'error' | 'cancelled' | 'unfinished';

/** One line of the log as evidence: `line` counts from 1; `text` is at most `maxTextLength` characters. */
export interface LogLine {
  readonly line: number;
  readonly text: string;
}

/** One vertex (BuildKit) or one STEP (classic, buildah) of a build, internal ones too. */
export interface Step {
  /** The printed number (`#7`, `STEP 7/9`), else the order of appearance from 1. */
  readonly index: number;
  /** The vertex's whole name as printed: `[linux/arm64 builder 2/2] RUN make`. */
  readonly name: string;
  /** Name of the bake or compose target in front of the platform, where there is one. */
  readonly target: string | null;
  readonly stage: string | null;
  /** The platform as it was spelt. Of a cross build `A->B` this is A. */
  readonly platform: string | null;
  /** B of a cross build `A->B`, as it was spelt. */
  readonly targetPlatform: string | null;
  /** The Dockerfile keyword, upper case (`COPY`), null for internal vertices. */
  readonly instruction: string | null;
  /** What follows the bracket: `COPY --from=builder /a /b`, `load build context`. */
  readonly text: string;
  /** The stage or image of `--from=`, of COPY and ADD only. */
  readonly from: string | null;
  /** `[internal] …`, `[auth] …`, `[resolver] …`, exporters, importers: no instruction of the Dockerfile. */
  readonly internal: boolean;
  readonly status: StepStatus;
  /** The text of the vertex's error, without its number and `ERROR:`. */
  readonly error: string | null;
  /** Line of the first header, from 1. */
  readonly line: number;
  /** Line that gave the last state (`DONE`, `ERROR`, …), null while unfinished or where the format has none. */
  readonly endLine: number | null;
  /** rawjson: the vertex's digest, and those of its inputs. Null and empty elsewhere, but where old versions print it. */
  readonly digest: string | null;
  readonly inputs: readonly string[];
  /** rawjson: the first interval's start and the last one's end, as printed (ISO 8601); null elsewhere. */
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** The printed or computed duration in milliseconds. */
  readonly durationMs: number | null;
  /** Lines of output that the step printed. */
  readonly outputLines: number;
  /** Plain format only: layers of its result were extracted, so that it was taken from somewhere and not made. */
  readonly fetched: boolean;
  /** Output lines that start with `buildrace:` (what a scenario's Dockerfile reports), the first `maxMarks` of them. */
  readonly marks: readonly LogLine[];
}

export interface Timeline {
  readonly format: FormatName;
  /** The log ends in the middle: null, or why that is believed (one short clause). */
  readonly truncated: string | null;
  /** Lines and bytes that were read. */
  readonly lines: number;
  readonly bytes: number;
  /** All vertices, in order of `line`. */
  readonly steps: readonly Step[];
  /** The build's own closing error (`error: failed to solve: …`, `Error: building at STEP …`), the last one. */
  readonly error: LogLine | null;
  /** First line of the source block that names the failing instruction (`Dockerfile:6`), behind the steps; null: none. */
  readonly source: LogLine | null;
  /** Lines outside of any vertex that tell of the connection to the daemon breaking, or of a panic (the first few). */
  readonly trouble: readonly LogLine[];
  /** What the log alone says of the build: the exit code, where it is known, counts for more. */
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
}

/** Longest text kept of one line, in characters; the rest is replaced by an ellipsis. */
export const maxTextLength = 4096;
/** Most marks kept of one step. */
export const maxMarks = 200;
