import type { IterationDetail, LaneDetail, RunDetail, TimedStep } from '../../../src/results/detail.js';
import { plannedArm, samplePlan } from '../../results/sample-run.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail, timedStep } from '../sample-detail.js';
import { arm, run, signal } from '../sample-result.js';

interface BigOptions {
  readonly iterations: number;
  readonly lanes: number;
  readonly linesOfLog: number;
  /** A line of a log. */
  readonly line?: (line: number) => string;
  readonly steps?: number;
  /** The step of that number, from 1. */
  readonly step?: (index: number) => TimedStep;
}

/** A run of one arm and its control, half of the iterations each, in which the arm shows it in every iteration. */
export function bigDetail(options: BigOptions): RunDetail {
  const { iterations } = options;
  const half = Math.floor(iterations / 2);
  const names = Array.from({ length: iterations }, (_, i) => ({
    arm: i % 2 === 0 ? 'main' : 'plain',
    iteration: Math.floor(i / 2) + 1,
  }));
  const planned = { planned: half, valid: half, invalid: 0 };
  return sampleDetail({
    result: run([
      arm('main', {
        iterations: planned,
        signals: [signal('platform-drift', half, half, { expected: true, verdict: 'reproduced' })],
      }),
      arm('plain', {
        role: 'control',
        of: 'main',
        iterations: planned,
        signals: [signal('platform-drift', 0, half)],
      }),
    ]),
    plan: samplePlan({
      arms: [plannedArm(), plannedArm({ name: 'plain', role: 'control', of: 'main', expects: [] })],
    }),
    iterations: names.map((name) => bigIteration(name, options)),
  });
}

function bigIteration(
  name: { readonly arm: string; readonly iteration: number },
  options: BigOptions,
): IterationDetail {
  const evidence = { line: 3, text: lineOf(options)(3) };
  return iterationDetail({
    ...name,
    findings: name.arm === 'main' ? [finding({ lane: 'lane1', evidence: [evidence] })] : [],
    lanes: Array.from({ length: options.lanes }, (_, i) => bigLane(`lane${i + 1}`, options)),
  });
}

function bigLane(lane: string, options: BigOptions): LaneDetail {
  const line = lineOf(options);
  const steps = Array.from({ length: options.steps ?? 11 }, (_, i) => (options.step ?? timedStep)(i + 1));
  return laneDetail(lane, {
    steps,
    log: logText(
      Array.from({ length: options.linesOfLog }, (_, i) => line(i + 1)),
      `iterations/main/0001/${lane}.stderr`,
    ),
  });
}

function lineOf({ line }: BigOptions): (line: number) => string {
  return (
    line ?? ((i) => `#${i} [linux/arm64 builder ${i}/9] RUN head -c ${i} /dev/urandom > /install/f${i}.bin`)
  );
}
