import * as z from 'zod';
import { RegistryError } from './errors.js';

const descriptor = z.looseObject({ digest: z.string() });

/** What is read of an image's manifest, OCI's and Docker's alike. */
export const manifestSchema = z.looseObject({ config: descriptor });

/** What is read of an OCI index or a Docker manifest list. */
export const indexSchema = z.looseObject({
  manifests: z.array(
    z.looseObject({
      ...descriptor.shape,
      platform: z
        .looseObject({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
        .optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
export type IndexEntry = z.infer<typeof indexSchema>['manifests'][number];

/** What is read of an image's config. BuildKit adds the record of the inline cache: JSON, in base64. */
export const configSchema = z.looseObject({ 'moby.buildkit.cache.v0': z.string().optional() });

/** @throws {RegistryError} for what is no JSON, or not of that form; `what` names it. */
export function parseAs<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const parsed = schema.safeParse(json(text, what));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RegistryError(`${what} is not as expected (${issue?.path.join('.')}: ${issue?.message})`);
}

/** @throws {RegistryError} for what is no JSON, or cannot be written again. */
export function json(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Parsing goes as deep as the text does, writing only as deep as the stack.
    JSON.stringify(value);
    return value;
  } catch (error) {
    throw new RegistryError(
      error instanceof RangeError ? `${what} has too many levels` : `${what} is no JSON`,
    );
  }
}
