import * as z from 'zod';

/** Versions of Apple's command line and of the service behind it; null where the output names none. */
export interface AppleVersions {
  readonly cli: string | null;
  readonly server: string | null;
}

/** The builder's container, as `container builder status` tells of it. */
export interface AppleBuilder {
  readonly state: string;
  /** The image it was started from; its tag is the version of `container-builder-shim`. */
  readonly image: string | null;
}

const part = z.looseObject({ appName: z.string().optional(), version: z.string() });
// 1.x prints a list with one entry a program, 0.12 one object that holds the server's.
const versionList = z.array(part);
const versionObject = part.extend({ server: part.nullish().catch(null) });

const builderList = z.array(
  z.looseObject({
    // 0.12 prints the state as text, 1.x as an object.
    status: z.union([z.string(), z.looseObject({ state: z.string() }).transform((status) => status.state)]),
    configuration: z
      .looseObject({ image: z.looseObject({ reference: z.string() }) })
      .optional()
      .catch(undefined),
  }),
);

/** Reads `container system version --format json`, both forms. */
export function appleVersions(text: string): AppleVersions {
  const json = parsed(text);
  const list = versionList.safeParse(json);
  if (list.success) {
    const server = list.data.find((entry) => entry.appName?.includes('apiserver'));
    const cli = list.data.find((entry) => entry !== server);
    return { cli: cli?.version ?? null, server: server?.version ?? null };
  }
  const object = versionObject.safeParse(json);
  if (!object.success) return { cli: null, server: null };
  return { cli: object.data.version, server: object.data.server?.version ?? null };
}

/** Reads `container builder status --format json`, both forms; null when there is no builder (or none is told of). */
export function appleBuilder(text: string): AppleBuilder | null {
  const first = builderList.safeParse(parsed(text)).data?.[0];
  return first ? { state: first.status, image: first.configuration?.image.reference ?? null } : null;
}

/** The tag of an image's name: `ghcr.io/apple/…/builder:0.13.1` → `0.13.1`. A registry's port is none. */
export function imageTag(reference: string): string | null {
  return /:([^/:@]+)(?:@.*)?$/.exec(reference)?.[1] ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // 0.12 prints `builder is not running` whether JSON was asked for or not.
    return undefined;
  }
}
