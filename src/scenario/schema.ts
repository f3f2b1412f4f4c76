import * as z from 'zod';
import { signals } from '../signals.js';
import { buildSchema, lanesSchema } from './build.js';
import { daemonSchema } from './daemon.js';
import { durationSchema, parseDuration } from './duration.js';
import { jsonText } from './json-text.js';
import { nameSchema } from './names.js';
import { stepSchema } from './steps.js';
import { sweepSchema } from './sweep.js';

export const maxIterations = 100_000;

export const signalSchema = z.enum(signals, {
  error: (issue) => `${jsonText(issue.input)} is no signal; expected one of ${signals.join(', ')}`,
});

/** Reports show it as a link, so that no other kind of address may stand there. */
const reportSchema = z.url({ protocol: /^https?$/, error: 'expected a web address (https://…)' });

const timeoutSchema = durationSchema
  .refine((value) => parseDuration(String(value)) !== 0, { error: 'expected a time limit above 0' })
  .meta({ description: 'Time limit of one build; without it, 10m.' });

const armSchema = z.strictObject({
  name: nameSchema,
  title: z.string().optional().meta({ description: 'What this arm does, in a line.' }),
  role: z.enum(['reproduce', 'control', 'alone']).meta({
    description:
      'reproduce: should show the signals. control: should not. alone: the builds of `of`, one at a time.',
  }),
  of: nameSchema.optional().meta({ description: 'The reproduce arm that this one belongs to.' }),
  expects: z
    .array(signalSchema)
    .optional()
    .meta({ description: 'Signals that a reproduce arm should show.' }),
  iterations: z.int().min(1).max(maxIterations).optional(),
  lanes: lanesSchema.optional(),
  build: buildSchema.optional(),
  steps: z.array(stepSchema).min(1).optional(),
  daemon: daemonSchema.optional(),
});

/** A scenario file. The JSON schema that editors use is generated from this. */
export const scenarioSchema = z.strictObject({
  title: z.string().min(1).meta({ description: 'One line: what goes wrong.' }),
  description: z
    .string()
    .optional()
    .meta({ description: 'Mechanism, state upstream, workaround, what was measured.' }),
  reports: z.array(reportSchema).default([]).meta({ description: 'Upstream reports that this stands for.' }),
  dockerfiles: z.string().min(1).meta({
    description: 'The Dockerfile folder, relative to this file. Nothing outside of it is ever read.',
  }),
  builders: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Kinds of builder that it makes sense on; without it, any.' }),
  signals: z
    .array(signalSchema)
    .min(1)
    .optional()
    .meta({ description: 'Signals to look for; without it, all that this version knows.' }),
  iterations: z.int().min(1).max(maxIterations).default(5),
  lanes: lanesSchema.default(2),
  timeout: timeoutSchema.optional(),
  registry: z
    .boolean()
    .default(false)
    .meta({ description: 'It needs a registry, which stands for {registry} in the names of images.' }),
  daemon: daemonSchema.optional(),
  build: buildSchema.default({}).meta({ description: 'How builds are called, for every arm.' }),
  steps: z
    .array(stepSchema)
    .min(1)
    .default([{ step: 'build' }]),
  sweep: sweepSchema.optional(),
  arms: z.array(armSchema).min(1, { error: 'expected at least one arm' }),
});
export type ScenarioSource = z.infer<typeof scenarioSchema>;
export type ArmSource = z.infer<typeof armSchema>;
