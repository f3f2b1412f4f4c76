import type { LogLine } from '../progress/timeline.js';
import { timeLimit } from './blindness.js';
import type {
  Blindness,
  CacheCheck,
  Detection,
  Detector,
  Finding,
  IterationEvidence,
  LaneEvidence,
} from './detector.js';
import { maxEvidence } from './lanes.js';
import { headerLine, listed, quoted, shortDigest } from './lines.js';

/**
 * A cache export is not whole after all who exported into it have ended: its index, or what that names, names blobs
 * that are not there. Exit codes tell nothing of it. One look at the folder speaks for all lanes that exported into it.
 */
export const cacheExportIncomplete: Detector = {
  signal: 'cache-export-incomplete',
  summary: 'an exported cache names blobs that are not there, or cannot be read',
  appliesTo: (iteration) => iteration.cacheChecks.length > 0,
  nothing: 'no cache export was looked at',
  detect(iteration): Detection {
    const sights = iteration.cacheChecks.map((check) => lookAt(iteration, check));
    const findings = sights.flatMap((sight) => sight.findings);
    const found = new Set(findings.map(({ lane }) => lane));
    return { findings, blind: sights.flatMap((sight) => sight.blind).filter(({ lane }) => !found.has(lane)) };
  },
};

const signal = 'cache-export-incomplete';

function lookAt(iteration: IterationEvidence, check: CacheCheck): Detection {
  const lanes = iteration.lanes.filter(({ lane }) => check.lanes.includes(lane));
  const message = faultOf(check);
  const findings = lanes.map(
    (lane): Finding => ({
      signal,
      lane: lane.lane,
      message: message ?? '',
      evidence: exportLines(lane),
    }),
  );
  // A blob that is named and missing is a fault whoever failed; that there is no export may only follow from that.
  if (check.missing.length === 0 && lanes.every((lane) => lane.timedOut || lane.outcome === 'failed')) {
    return { findings: [], blind: lanes.map(notExported) };
  }
  return { findings: message === null ? [] : findings, blind: [] };
}

function notExported({ lane, timedOut }: LaneEvidence): Blindness {
  return { signal, lane, reason: timedOut ? timeLimit : 'no build came to export its cache' };
}

function faultOf({ folder, missing, problem }: CacheCheck): string | null {
  const name = `the cache export ${quoted(folder)}`;
  if (missing.length > 0) {
    const blobs = missing.map(
      ({ digest, namedBy }) => `${shortDigest(digest)} (named by ${inShort(namedBy)})`,
    );
    return `${name} lacks ${missing.length} ${missing.length === 1 ? 'blob' : 'blobs'}: ${listed(blobs)}`;
  }
  return problem === null ? null : `${name} cannot be read: ${quoted(problem, 200)}`;
}

/** A file of the export: `index.json`, or a blob, whose name is a digest. */
function inShort(file: string): string {
  return quoted(
    file.replace(/[0-9a-f]{64}/, (hex) => `${hex.slice(0, 12)}…`),
    60,
  );
}

/** `exporting cache to client directory`; before v0.11 `exporting cache`. */
function exportLines({ timeline }: LaneEvidence): readonly LogLine[] {
  return timeline.steps
    .filter((step) => step.internal && /^exporting cache\b/.test(step.text))
    .slice(0, maxEvidence)
    .map((step) => headerLine(timeline, step));
}
