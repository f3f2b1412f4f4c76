import * as z from 'zod';

/** A folder of an iteration's own, shared by lanes of one name; `{lane}` in it makes one for each. */
export const folderSchema = z.string().regex(/^(?=.{1,80}$)[a-z0-9](?:[a-z0-9-]|\{lane\})*$/, {
  error: 'expected a name of small letters, digits and hyphens, or with {lane} in it: cache-{lane}',
});

/** Only images of the run itself are pushed, and only to its registry. */
export const imageSchema = z.string().regex(/^\{registry\}\/(?=.*\{run\})[a-z0-9{][A-Za-z0-9._/:{}-]*$/, {
  error: 'expected an image of the registry with {run} in it, such as {registry}/chain-{arm}:{run}',
});

const cacheTagSchema = z.string().regex(/^[A-Za-z0-9_{][A-Za-z0-9._{}-]{0,80}$/, {
  error: 'expected a tag such as {lane}',
});
const modeSchema = z.enum(['min', 'max']).default('max').meta({ description: 'max: all stages’ steps.' });

export const cacheSourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('local'), folder: folderSchema, tag: cacheTagSchema.optional() }),
  z.strictObject({ type: z.literal('registry'), image: imageSchema }),
]);

export const cacheTargetSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('inline') }),
  z.strictObject({ type: z.literal('registry'), image: imageSchema, mode: modeSchema }),
  z.strictObject({
    type: z.literal('local'),
    folder: folderSchema,
    mode: modeSchema,
    tag: cacheTagSchema.optional(),
    reset: z
      .boolean()
      .default(false)
      .meta({ description: 'Drop what the folder’s index named before (BuildKit 0.31).' }),
  }),
]);
