import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageFacts, IterationEvidence, LaneEvidence } from '../detectors/detector.js';
import { systemReason, UserError } from '../errors.js';
import { parseLog } from '../progress/parse.js';
import { type LogLine, maxTextLength } from '../progress/timeline.js';
import type { IterationFinished, LaneRecord } from '../results/journal.js';
import { inlineCacheOf, layout } from '../results/layout.js';
import { fileInside } from '../scenario/folder.js';
import type { Plan } from '../scenario/plan.js';

/** Where a line of a lane's evidence stands: the file, relative to the run directory, and its line there. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const tailBytes = 4096;

/** A lane's evidence, and the way back to the files it came from. */
export interface ReadLane {
  readonly evidence: LaneEvidence;
  readonly record: LaneRecord;
  /** The end of what it printed, at most `tailBytes`. */
  readonly tail: string;
  readonly place: (line: number) => Place;
}

export interface ReadIteration {
  readonly event: IterationFinished;
  readonly lanes: readonly ReadLane[];
  readonly evidence: IterationEvidence;
}

/**
 * Reads what the lanes of one iteration printed.
 * @throws {UserError} when a log is missing or is a link that leads out of the run directory.
 */
export async function readIteration(
  directory: string,
  plan: Plan,
  event: IterationFinished,
): Promise<ReadIteration> {
  // What was to be ended in the middle says nothing of how builds end.
  const records = event.lanes.filter((record) => !record.cancelled);
  const lanes = await Promise.all(records.map((record) => readLane(directory, plan, event, record)));
  return {
    event,
    lanes,
    evidence: {
      lanes: lanes.map((lane) => lane.evidence),
      builderGone: event.builderGone,
      cacheChecks: event.cacheChecks,
      daemonLog: await readDaemonLog(directory, event),
    },
  };
}

async function readLane(
  directory: string,
  plan: Plan,
  event: IterationFinished,
  record: LaneRecord,
): Promise<ReadLane> {
  const file = (stream: 'stdout' | 'stderr'): string =>
    layout.stream(event.arm, event.iteration, record.lane, stream);
  // Builders that print their steps on stdout print the closing error on stderr: together they are the log.
  const streams =
    plan.builder.progressStream === 'stdout' ? (['stdout', 'stderr'] as const) : (['stderr'] as const);
  const joined = new JoinedStreams(directory, streams.map(file));
  const timeline = await parseLog(joined.chunks());
  return {
    record,
    tail: joined.tail,
    place: (line) => joined.place(line),
    evidence: {
      lane: record.lane,
      timeline,
      outcome: record.exitCode === 0 ? 'succeeded' : 'failed',
      exitCode: record.exitCode,
      timedOut: record.timedOut,
      context: record.context,
      ...plannedFor(plan, event.arm, record.lane),
      image: await readImageFacts(directory, event, record),
    },
  };
}

async function* readChunks(absolute: string, shown: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(absolute) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UserError(`the log ${shown} cannot be read (${systemReason(error)})`);
  }
}

/** What the plan says of a lane: the place of its step among the arm's builds, and what its build has to do. */
function plannedFor(
  plan: Plan,
  armName: string,
  laneName: string,
): Pick<LaneEvidence, 'step' | 'mustBeCached' | 'mustRunOnce'> {
  const steps = plan.arms.find(({ name }) => name === armName)?.steps ?? [];
  const builds = steps.flatMap((step) => (step.step === 'build' ? [step.lanes] : []));
  const step = builds.findIndex((lanes) => lanes.some(({ name }) => name === laneName));
  const build = builds[step]?.find(({ name }) => name === laneName)?.build;
  return {
    step: Math.max(0, step),
    mustBeCached: build?.mustBeCached ?? [],
    mustRunOnce: build?.mustRunOnce ?? [],
  };
}

async function readImageFacts(
  directory: string,
  { arm, iteration }: IterationFinished,
  { lane, image }: LaneRecord,
): Promise<ImageFacts | null> {
  if (image === null) return null;
  const file = path.posix.join(layout.iteration(arm, iteration), inlineCacheOf(lane));
  const text = await readKept(directory, file);
  return { ...image, inlineCache: text === null ? null : parseJson(text) };
}

/** A record that cannot be read is none; the digests count, and it only explains them. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Longest kept file beside the logs that is read, in bytes. */
const maxKeptBytes = 32 * 1024 * 1024;

/** A file that only some iterations have; null where it is not there. */
async function readKept(directory: string, file: string): Promise<string | null> {
  const absolute = path.join(directory, file);
  const found = await lstat(absolute).catch(() => null);
  if (found === null || !found.isFile() || found.size > maxKeptBytes) return null;
  return readFile(await fileInside(directory, file, 'the file'), 'utf8');
}

async function readDaemonLog(
  directory: string,
  { arm, iteration }: IterationFinished,
): Promise<LogLine[] | null> {
  const text = await readKept(directory, layout.daemonLog(arm, iteration));
  if (text === null) return null;
  return text.split('\n').map((line, i) => ({ line: i + 1, text: line.slice(0, maxTextLength) }));
}

/** Files read one after the other as one log, that knows which line came from which. */
class JoinedStreams {
  readonly #directory: string;
  readonly #files: readonly string[];
  readonly #linesOf: number[] = [];
  #tail: Buffer = Buffer.alloc(0);

  constructor(directory: string, files: readonly string[]) {
    this.#directory = directory;
    this.#files = files;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    for (const [i, file] of this.#files.entries()) {
      const absolute = await fileInside(this.#directory, file, 'the log');
      let newlines = 0;
      let last: number | undefined;
      for await (const chunk of readChunks(absolute, file)) {
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) newlines++;
        last = chunk[chunk.length - 1];
        this.#tail = Buffer.concat([this.#tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
        yield chunk;
      }
      const isCut = last !== undefined && last !== 10;
      this.#linesOf.push(newlines + (isCut ? 1 : 0));
      // Without it, the next file's first line would hang on to this one's last.
      if (isCut && i < this.#files.length - 1) yield Buffer.from('\n');
    }
  }

  get tail(): string {
    return this.#tail.toString('utf8');
  }

  place(line: number): Place {
    let rest = line;
    for (const [i, file] of this.#files.entries()) {
      const lines = this.#linesOf[i] ?? 0;
      if (rest <= lines || i === this.#files.length - 1) return { file, line: rest };
      rest -= lines;
    }
    return { file: this.#files[0] ?? '', line };
  }
}
