import * as z from 'zod';
import { lanesSchema } from './build.js';
import { folderSchema } from './cache.js';
import { nameSchema } from './names.js';

export const maxFiles = 100_000;
export const maxFileBytes = 16_777_216;

/** Runs the lanes: together through the start gate, or one at a time in an `alone` arm. */
const buildStep = z
  .strictObject({
    step: z.literal('build'),
    lanes: lanesSchema
      .optional()
      .meta({ description: "The lanes of this step; without it, the arm's or the scenario's." }),
  })
  .meta({ description: 'Launch the lanes at one instant.' });

/** A context that this builder has never seen: regular files f000.txt … of random content and random size. */
const makeContextStep = z
  .strictObject({
    step: z.literal('make-context'),
    name: nameSchema.meta({ description: 'The name by which `build.context` refers to it.' }),
    files: z.int().min(1).max(maxFiles).meta({ description: 'How many files.' }),
    each: z.enum(['iteration', 'lane']).default('iteration').meta({
      description: 'iteration: all lanes read the same folder; lane: each lane has its own content.',
    }),
    bytes: z
      .strictObject({ min: z.int().min(1), max: z.int().min(1).max(maxFileBytes) })
      .default({ min: 200, max: 600 })
      .meta({ description: 'Smallest and largest size of a file; sizes vary, as builders compare them.' }),
    like: nameSchema.optional().meta({
      description: 'A context made before, whose names, sizes and times it shares, and not its content.',
    }),
  })
  .meta({ description: 'Write a fresh context folder, outside of the scenario.' });

const pruneStep = z
  .strictObject({ step: z.literal('prune') })
  .meta({ description: 'Empty the builder’s whole cache; on a builder of others only with --destructive.' });

const restartStep = z
  .strictObject({ step: z.literal('restart') })
  .meta({ description: 'End the private daemon, and start it again on the same root.' });

const checkCacheStep = z
  .strictObject({
    step: z.literal('check-cache'),
    folder: folderSchema.meta({ description: 'The folder of a local cache export.' }),
  })
  .meta({ description: 'See whether every digest that the export names has its blob.' });

const readImagesStep = z
  .strictObject({ step: z.literal('read-images') })
  .meta({ description: 'Read config, digests and inline cache of the images pushed so far.' });

const removeFolderStep = z
  .strictObject({ step: z.literal('remove-folder'), folder: folderSchema })
  .meta({ description: 'Remove a folder of this iteration, such as a cache export.' });

/** All kinds of step; a new one is one schema here, one file in `runner/steps/` and one line in its list. */
export const stepSchema = z.discriminatedUnion('step', [
  buildStep,
  makeContextStep,
  pruneStep,
  restartStep,
  checkCacheStep,
  readImagesStep,
  removeFolderStep,
]);
export type StepSource = z.infer<typeof stepSchema>;
