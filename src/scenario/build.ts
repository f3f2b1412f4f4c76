import * as z from 'zod';
import { cacheSourceSchema, cacheTargetSchema, imageSchema } from './cache.js';
import { durationSchema, parseDuration } from './duration.js';
import { nameSchema } from './names.js';

/** Most lanes of one step: each is a process with three pipes, and a race needs few. */
export const maxLanes = 256;

const platformSchema = z
  .string()
  .regex(/^[A-Za-z0-9_]+(\/[A-Za-z0-9_.]+){1,2}$/, { error: 'expected a platform such as linux/arm64' });

/** Without `{run}` a build would replace, and the clean-up remove, an image that is somebody else's. */
const tagSchema = z.string().regex(/^(?=.*\{run\})[A-Za-z0-9_{][A-Za-z0-9._/:{}-]*$/, {
  error: 'expected an image name with {run} in it, such as drift-{arm}-{lane}:{run}',
});

export const argumentNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected a name of letters, digits and underscores' });
export const argumentSchema = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected text, a number, or true or false',
});

const instructionSchema = z
  .string()
  .regex(/^[A-Z]+ \S/, { error: 'expected the beginning of an instruction, such as RUN make deps' });

/** How one build is called; every key may stand in the scenario, an arm and a lane, the innermost counts. */
export const buildSchema = z
  .strictObject({
    dockerfile: z
      .string()
      .min(1)
      .meta({ description: 'The Dockerfile, as a path inside the Dockerfile folder.' }),
    context: nameSchema.meta({
      description: 'Name of a context made by a step; without it, the Dockerfile folder.',
    }),
    platforms: z.array(platformSchema).meta({ description: 'Platforms asked for; none: none is asked for.' }),
    buildArgs: z
      .record(argumentNameSchema, argumentSchema)
      .meta({ description: 'Build arguments. `{lane}`, `{iteration}` and `{run}` are filled in.' }),
    target: z.string().min(1).meta({ description: 'The stage to build; without it, the last one.' }),
    tags: z.array(tagSchema).min(1).meta({
      description: 'Image names, with `{run}` in each so that only images of this run are ever removed.',
    }),
    noCache: z.boolean().meta({ description: 'Build without the cache.' }),
    progress: z
      .enum(['auto', 'plain', 'tty', 'rawjson'])
      .meta({ description: 'The format of the output. Apple’s builder has no rawjson.' }),
    cacheFrom: z.array(cacheSourceSchema).meta({ description: 'Caches to import.' }),
    cacheTo: z.array(cacheTargetSchema).meta({ description: 'Caches to export.' }),
    push: imageSchema.meta({ description: 'The image to push to the registry.' }),
    meantToFail: z
      .boolean()
      .meta({ description: 'The build fails by design: its warm-up is no cause for a warning.' }),
    mustBeCached: z.array(instructionSchema).meta({
      description: 'Beginnings of instructions that have to come from the cache, for the signal cache-miss.',
    }),
    mustRunOnce: z.array(instructionSchema).meta({
      description:
        'Beginnings of instructions that a build has to carry out once, for the signal duplicate-step.',
    }),
  })
  .partial();
export type BuildSource = z.infer<typeof buildSchema>;

export const laneSchema = z.strictObject({
  name: nameSchema.optional().meta({ description: 'a, b, … without it.' }),
  delay: durationSchema.optional().meta({ description: 'Wait that long after the start gate opened.' }),
  cancelAfter: durationSchema
    .refine((value) => parseDuration(String(value)) !== 0, { error: 'expected a time above 0' })
    .optional()
    .meta({ description: 'End the build that long after it began, on purpose: it then counts nowhere.' }),
  build: buildSchema.optional(),
});

export type LaneSource = z.infer<typeof laneSchema>;

const error = `expected a number of lanes from 1 to ${maxLanes}, or a list of as many lanes`;
export const lanesSchema = z.union(
  [
    z.int({ error }).min(1, { error }).max(maxLanes, { error }),
    z.array(laneSchema).min(1, { error }).max(maxLanes, { error }),
  ],
  { error },
);
export type LanesSource = z.infer<typeof lanesSchema>;
