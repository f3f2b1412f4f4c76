import { z } from 'zod';

/** The JSON documents as the design fixes them: names and types that other programs rely on. */
const count = z.int().nonnegative();
const nullableText = z.string().nullable();
const verdict = z.enum(['reproduced', 'not-reproduced', 'inconclusive']).nullable();
const role = z.enum(['reproduce', 'control', 'alone']);

const signalResult = z
  .looseObject({
    signal: z.string(),
    expected: z.boolean(),
    iterations: z.looseObject({ count, of: count, blind: count }),
    builds: z.looseObject({ count, of: count }),
    interval: z
      .looseObject({ low: z.number(), high: z.number(), level: z.number(), method: z.string() })
      .nullable(),
    atMost: z.number().nullable(),
    verdict,
    controlDirty: z.boolean().nullable(),
    needsConcurrency: z.looseObject({
      answer: z.enum(['yes', 'no', 'undetermined', 'not-tested']),
      p: z.number().nullable(),
      alone: z.looseObject({ count, of: count }),
    }),
  })
  .refine(({ interval, iterations }) => (interval === null) === (iterations.of === 0));

const armResult = z.looseObject({
  name: z.string(),
  role,
  of: nullableText,
  skipped: nullableText,
  lanes: z.looseObject({ count, startSpreadMs: z.number().nullable() }),
  iterations: z.looseObject({ planned: count, valid: count, invalid: count }),
  builds: z.looseObject({ total: count, failed: count }),
  signals: z.array(signalResult),
});

const comparedSide = z.looseObject({
  name: z.string(),
  file: z.string().startsWith('/'),
  isBaseline: z.boolean(),
  builder: z.looseObject({ kind: z.string(), simulated: z.boolean() }),
  startedAt: z.string(),
});
const comparisonVerdict = z.enum(['regression', 'improvement', 'unchanged', 'undetermined']);
const rate = z.looseObject({ count, of: count });

export const comparisonDocument = z.looseObject({
  schemaVersion: z.literal(1),
  verdict: comparisonVerdict,
  base: comparedSide,
  run: comparedSide,
  margin: z.number(),
  reason: nullableText,
  notes: z.array(z.string()),
  rows: z.array(
    z.looseObject({
      scenario: z.string(),
      arm: z.string(),
      signal: z.string(),
      base: rate,
      run: rate,
      difference: z
        .looseObject({ estimate: z.number(), low: z.number(), high: z.number(), method: z.string() })
        .nullable(),
      p: z.number().nullable(),
      pAdjusted: z.number().nullable(),
      verdict: comparisonVerdict,
      reason: nullableText,
      iterationsToSettle: z.int().nullable(),
    }),
  ),
});
export type ComparisonDocument = z.infer<typeof comparisonDocument>;

export const runsDocument = z.looseObject({
  schemaVersion: z.literal(1),
  runs: z.array(
    z.looseObject({
      scenario: z.string(),
      directory: z.string().startsWith('/'),
      builder: z.looseObject({
        kind: z.string(),
        name: nullableText,
        version: nullableText,
        daemonVersion: nullableText,
        simulated: z.boolean(),
      }),
      verdict,
      arms: z.array(armResult),
      comparison: comparisonDocument.nullable(),
    }),
  ),
});
export type RunsDocument = z.infer<typeof runsDocument>;
export type RunDocument = RunsDocument['runs'][number];
export type ArmDocument = RunDocument['arms'][number];

export const scanDocument = z.looseObject({
  schemaVersion: z.literal(1),
  logs: z.array(
    z.looseObject({
      file: z.string(),
      format: z.enum(['plain', 'tty', 'rawjson', 'classic', 'buildah', 'unknown']),
      truncated: z.boolean(),
      steps: z.array(
        z.looseObject({
          index: z.int(),
          stage: nullableText,
          platform: nullableText,
          instruction: nullableText,
          text: z.string(),
          status: z.enum(['done', 'cached', 'error', 'cancelled', 'unfinished']),
          error: nullableText,
          line: z.int().positive(),
        }),
      ),
      findings: z.array(
        z.looseObject({
          signal: z.string(),
          message: z.string(),
          evidence: z.array(z.looseObject({ line: z.int().positive(), text: z.string() })),
        }),
      ),
      blind: z.array(z.looseObject({ signal: z.string(), reason: z.string() })),
    }),
  ),
});

export const listDocument = z.looseObject({
  schemaVersion: z.literal(1),
  scenarios: z.array(
    z.looseObject({
      name: z.string(),
      title: z.string(),
      reports: z.array(z.string()),
      arms: z.array(
        z.looseObject({ name: z.string(), role, of: nullableText, expects: z.array(z.string()) }),
      ),
    }),
  ),
});

export const doctorDocument = z.looseObject({
  schemaVersion: z.literal(1),
  /** What killed runs left, or what was done about it. */
  remains: z.array(z.string()),
  builders: z.array(
    z.looseObject({
      kind: z.string(),
      instance: nullableText,
      found: z.boolean(),
      answers: z.boolean(),
      version: nullableText,
      daemonVersion: nullableText,
      platforms: z.array(z.string()).nullable(),
      missing: z.array(z.looseObject({ what: z.string(), mend: z.string() })),
    }),
  ),
  registry: z.looseObject({
    found: z.boolean(),
    program: nullableText,
    version: nullableText,
    missing: z.array(z.looseObject({ what: z.string(), mend: z.string() })),
  }),
  scratch: z.looseObject({
    folder: z.string(),
    missing: z.array(z.looseObject({ what: z.string(), mend: z.string() })),
  }),
});

/** The arm of that name; throws where a test expects one that is not there. */
export function armOf(run: RunDocument, name: string): ArmDocument {
  const arm = run.arms.find((one) => one.name === name);
  if (arm === undefined) throw new Error(`the run has no arm ${name}`);
  return arm;
}

export function signalOf(arm: ArmDocument, signal: string): ArmDocument['signals'][number] {
  const result = arm.signals.find((one) => one.signal === signal);
  if (result === undefined) throw new Error(`arm ${arm.name} does not list ${signal}`);
  return result;
}
