import type { Detection, Detector, IterationEvidence, LaneEvidence } from '../../src/detectors/detector.js';
import type { LogLine, Step, Timeline } from '../../src/progress/timeline.js';

/** A step of the Dockerfile that is done; everything else is said by the test. */
export function step(line: number, name: string, more: Partial<Step> = {}): Step {
  return {
    index: line,
    name,
    target: null,
    stage: null,
    platform: null,
    targetPlatform: null,
    instruction: 'RUN',
    text: name,
    from: null,
    internal: false,
    status: 'done',
    error: null,
    line,
    endLine: line + 1,
    digest: null,
    inputs: [],
    startedAt: null,
    completedAt: null,
    durationMs: null,
    outputLines: 0,
    fetched: false,
    marks: [],
    ...more,
  };
}

export function internal(line: number, text: string, more: Partial<Step> = {}): Step {
  return step(line, `[internal] ${text}`, { internal: true, instruction: null, text, ...more });
}

export function copyFrom(line: number, from: string, more: Partial<Step> = {}): Step {
  return step(line, `COPY --from=${from} /a /b`, { instruction: 'COPY', from, stage: 'runtime', ...more });
}

export function timeline(steps: readonly Step[], more: Partial<Timeline> = {}): Timeline {
  return {
    format: 'plain',
    truncated: null,
    lines: 100,
    bytes: 4000,
    steps,
    error: null,
    source: null,
    trouble: [],
    outcome: 'succeeded',
    ...more,
  };
}

export function lane(of: Timeline, more: Partial<LaneEvidence> = {}): LaneEvidence {
  return {
    lane: 'a',
    timeline: of,
    outcome: of.outcome,
    exitCode: null,
    timedOut: false,
    context: null,
    step: 0,
    mustBeCached: [],
    mustRunOnce: [],
    image: null,
    ...more,
  };
}

export function iteration(
  lanes: readonly LaneEvidence[],
  builderGone: string | null = null,
): IterationEvidence {
  return { lanes, builderGone, cacheChecks: [], daemonLog: null, daemonLogHidden: null };
}

/** What a detector says of one lane: `found`, `clean`, or `blind: REASON`. */
export function verdictOn(detector: Detector, evidence: LaneEvidence | Timeline): string {
  const of = 'timeline' in evidence ? evidence : lane(evidence);
  return wordFor(detector.detect(iteration([of])));
}

export function wordFor({ findings, blind }: Detection): string {
  if (findings.length > 0) return 'found';
  return blind[0] === undefined ? 'clean' : `blind: ${blind[0].reason}`;
}

/** Findings as `lane: message`, then blindnesses as `lane blind: reason`. */
export function told({ findings, blind }: Detection): readonly string[] {
  return [
    ...findings.map((one) => `${one.lane}: ${one.message}`),
    ...blind.map((one) => `${one.lane} blind: ${one.reason}`),
  ];
}

export const line = (number: number, text: string): LogLine => ({ line: number, text });
