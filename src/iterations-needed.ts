import type { Estimate, Measured, PlanAnswer, ToSee, ToTell } from './results/plan-answer.js';
import { iterationsToSee, iterationsToTell } from './stats/sample-size.js';
import { type SequentialPlan, sequentialCourse } from './stats/sequential.js';

export interface Needed {
  readonly rate: number;
  readonly confidence: number;
  readonly rates: SequentialPlan;
}

const usualRates = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];
const usualConfidences = [0.9, 0.95, 0.99];

/** How many iterations see a fault, and tell two rates apart, whatever they cost. */
export function iterationsNeeded({
  rate,
  confidence,
  rates,
}: Needed): Pick<PlanAnswer, 'see' | 'table' | 'tell'> {
  const toSee = (one: number, level: number): ToSee => ({
    rate: one,
    confidence: level,
    iterations: iterationsToSee(one, level),
  });
  return {
    see: toSee(rate, confidence),
    table: usualRates.flatMap((one) => usualConfidences.map((level) => toSee(one, level))),
    tell: toTell(rates),
  };
}

function toTell(rates: SequentialPlan): ToTell {
  const fixed = iterationsToTell(rates.p0, rates.p1, rates.error);
  const mean = (p: number): number | null => {
    const { open, iterations } = sequentialCourse(p, rates);
    // What is still open at the cap makes the mean too small.
    return open > 1e-3 ? null : iterations;
  };
  return {
    ...rates,
    fixed: Number.isFinite(fixed) ? fixed : null,
    sequential: { atP0: mean(rates.p0), atP1: mean(rates.p1) },
  };
}

/** What those iterations take where a few were measured. */
export function estimatesFor(
  { see, tell }: Pick<PlanAnswer, 'see' | 'tell'>,
  measured: Measured,
): Estimate[] {
  const { iterationMs, warmUpMs, iterationBytes } = measured;
  const wanted: readonly (readonly [Estimate['of'], number | null])[] = [
    ['see', see.iterations],
    ['tell-fixed', tell.fixed],
    ['tell-at-p0', tell.sequential.atP0],
    ['tell-at-p1', tell.sequential.atP1],
  ];
  return wanted.flatMap(([of, iterations]) => {
    if (iterations === null) return [];
    const lasting = (ms: number): number => Math.round(warmUpMs + iterations * ms);
    return [
      {
        of,
        iterations,
        ms: {
          median: lasting(iterationMs.median),
          low: lasting(iterationMs.low),
          high: lasting(iterationMs.high),
        },
        bytes: Math.round(iterations * iterationBytes),
      },
    ];
  });
}
