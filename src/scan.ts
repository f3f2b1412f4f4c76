import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { detectors } from './detectors/index.js';
import { logAlone } from './detectors/log-alone.js';
import { systemReason, UserError } from './errors.js';
import { parseLog } from './progress/parse.js';
import type { Timeline } from './progress/timeline.js';
import type { ScannedLog } from './results/scanned-log.js';

export interface Scan {
  readonly scan: ScannedLog;
  /** No builder's output was recognized in it: it was empty, binary, or something else. */
  readonly unreadable: boolean;
  /** One sentence on what is wrong with the log, or null. */
  readonly warning: string | null;
}

/**
 * Reads one log that somebody has, `-` for standard input, and lets every detector look at it.
 * @throws {UserError} when it cannot be read.
 */
export async function scanFile(file: string): Promise<Scan> {
  const shown = file === '-' ? 'standard input' : file;
  const nature = { isBinary: false };
  const timeline = await parseLog(watched(await openLog(file), shown, nature));
  return {
    scan: scanned(file, timeline),
    unreadable: timeline.format === 'unknown',
    warning: warningOf(shown, timeline, nature.isBinary),
  };
}

async function openLog(file: string): Promise<AsyncIterable<Buffer>> {
  if (file === '-') return process.stdin;
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ENOENT' ? `${file} does not exist` : `${file} cannot be read (${systemReason(error)})`,
    );
  });
  if (found.isDirectory()) {
    throw new UserError(`${file} is a folder; name the log files in it, or use analyze for a run directory`);
  }
  return createReadStream(file, { highWaterMark: 1 << 20 });
}

/** Passes chunks on, notes whether the head is no text, and words a fault of reading. */
async function* watched(
  chunks: AsyncIterable<Buffer>,
  shown: string,
  nature: { isBinary: boolean },
): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    for await (const chunk of chunks) {
      if (isFirst) nature.isBinary = chunk.subarray(0, 8_192).includes(0);
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    throw new UserError(`${shown} cannot be read (${systemReason(error)})`);
  }
}

function warningOf(shown: string, timeline: Timeline, isBinary: boolean): string | null {
  if (timeline.bytes === 0) return `${shown} is empty`;
  if (timeline.format === 'unknown') {
    return isBinary
      ? `${shown} is a binary file, not a builder's log`
      : `${shown} holds no builder's output that buildrace knows`;
  }
  const builds = buildsIn(timeline);
  if (builds > 1) {
    return `${shown} holds ${builds} builds, which are read as one; give each a file of its own to be sure of what is found`;
  }
  return timeline.truncated === null
    ? null
    : `${shown} is cut: ${timeline.truncated}; what is there was read`;
}

/** Each build reads its Dockerfile once, for each target of a bake file. */
function buildsIn({ steps }: Timeline): number {
  const times = new Map<string | null, number>();
  for (const { text, target, internal } of steps) {
    if (internal && text.startsWith('load build definition from '))
      times.set(target, (times.get(target) ?? 0) + 1);
  }
  return Math.max(1, ...times.values());
}

function scanned(file: string, timeline: Timeline): ScannedLog {
  const evidence = logAlone(timeline);
  const detections = detectors
    .filter((detector) => detector.appliesTo(evidence))
    .map((detector) => detector.detect(evidence));
  return {
    file,
    format: timeline.format,
    truncated: timeline.truncated !== null,
    truncatedBecause: timeline.truncated,
    outcome: timeline.outcome,
    steps: timeline.steps.map(({ index, stage, platform, instruction, text, status, error, line }) => ({
      index,
      stage,
      platform,
      instruction,
      text,
      status,
      error,
      line,
    })),
    findings: detections.flatMap(({ findings }) =>
      findings.map(({ signal, message, evidence: lines }) => ({ signal, message, evidence: lines })),
    ),
    blind: detections.flatMap(({ blind }) => blind.map(({ signal, reason }) => ({ signal, reason }))),
  };
}
