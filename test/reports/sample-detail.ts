import type {
  FindingDetail,
  IterationDetail,
  LaneDetail,
  RunDetail,
  TimedStep,
} from '../../src/results/detail.js';
import type { LogText } from '../../src/results/log-text.js';
import { laneRecord, plannedArm, sampleEnvironment, samplePlan } from '../results/sample-run.js';
import { arm, run, signal } from './sample-result.js';

/** A whole log. */
export function logText(lines: readonly string[], file = 'iterations/main/0001/a.stderr'): LogText {
  return {
    files: [{ file, firstLine: 1 }],
    lines: lines.length,
    bytes: Buffer.byteLength(lines.join('\n')) + 1,
    pieces: lines.length === 0 ? [] : [{ firstLine: 1, lines }],
  };
}

export function timedStep(index: number, more: Partial<TimedStep> = {}): TimedStep {
  return {
    index,
    name: `[builder ${index}/3] RUN echo ${index}`,
    stage: 'builder',
    platform: null,
    instruction: 'RUN',
    text: `RUN echo ${index}`,
    from: null,
    internal: false,
    status: 'done',
    error: null,
    line: index * 2 - 1,
    startMs: index * 100,
    endMs: index * 100 + 80,
    clock: 'arrival',
    marked: [],
    source: null,
    ...more,
  };
}

/** A lane that ran two steps; the second is a COPY --from of the first's stage. */
export function laneDetail(lane: string, more: Partial<LaneDetail> = {}): LaneDetail {
  return {
    record: laneRecord(lane),
    step: 0,
    outcome: 'succeeded',
    startMs: 1,
    endMs: 1_000,
    format: 'plain',
    truncated: null,
    error: null,
    steps: [
      timedStep(1),
      timedStep(2, {
        name: '[runtime 2/2] COPY --from=builder /install /usr/local',
        stage: 'runtime',
        instruction: 'COPY',
        text: 'COPY --from=builder /install /usr/local',
        from: 'builder',
        source: 0,
      }),
    ],
    stepsOmitted: 0,
    log: logText(
      [
        '#1 [builder 1/3] RUN echo 1',
        '#1 DONE 0.1s',
        '#2 [runtime 2/2] COPY --from=builder /install /usr/local',
        '#2 DONE 0.1s',
      ],
      `iterations/main/0001/${lane}.stderr`,
    ),
    ...more,
  };
}

export function finding(more: Partial<FindingDetail> = {}): FindingDetail {
  return {
    signal: 'platform-drift',
    expected: true,
    lane: 'a',
    message: 'linux/arm64/v8 and linux/arm64 name one platform in this build',
    evidence: [{ line: 3, text: '#2 [runtime 2/2] COPY --from=builder /install /usr/local' }],
    ...more,
  };
}

export function iterationDetail(more: Partial<IterationDetail> = {}): IterationDetail {
  return {
    arm: 'main',
    iteration: 1,
    at: '2026-01-02T03:04:07.000Z',
    invalid: null,
    findings: [],
    blind: [],
    lanes: [laneDetail('a'), laneDetail('b')],
    spanMs: 1_000,
    daemonLog: null,
    builderGone: null,
    ...more,
  };
}

/** A run of two arms: `main` shows platform-drift in its first iteration, its control `plain` does not. */
export function sampleDetail(more: Partial<RunDetail> = {}): RunDetail {
  return {
    result: run([
      arm('main', { signals: [signal('platform-drift', 5, 5, { expected: true, verdict: 'reproduced' })] }),
      arm('plain', { role: 'control', of: 'main', signals: [signal('platform-drift', 0, 5)] }),
    ]),
    plan: samplePlan({
      arms: [
        plannedArm({ name: 'main' }),
        plannedArm({ name: 'plain', role: 'control', of: 'main', expects: [] }),
      ],
    }),
    environment: sampleEnvironment(),
    iterations: [
      iterationDetail({
        findings: [finding()],
        lanes: [laneDetail('a'), laneDetail('b')],
      }),
      iterationDetail({ arm: 'plain', at: '2026-01-02T03:04:09.000Z' }),
    ],
    omitted: 0,
    firstFailing: { arm: 'main', iteration: 1 },
    clean: { arm: 'plain', iteration: 1 },
    daemons: [],
    redactions: [],
    ...more,
  };
}
