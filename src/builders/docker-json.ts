import * as z from 'zod';

/** What `docker version --format '{{json .}}'` tells; the server's part is null when the daemon does not answer. */
export interface DockerVersions {
  readonly client: string | null;
  /** The Docker context in use. */
  readonly context: string | null;
  readonly server: string | null;
  /** Native platform of the daemon, `linux/amd64`. */
  readonly serverPlatform: string | null;
}

/** What `docker info --format '{{json .}}'` tells. */
export interface DockerInfo {
  /** Images live in containerd's store, so that one build can have several platforms. */
  readonly containerdStore: boolean;
  /** Host name and kernel release of the daemon's machine, to tell whether it is this one. */
  readonly hostname: string;
  readonly kernel: string;
}

const versions = z.looseObject({
  Client: z.looseObject({ Version: z.string(), Context: z.string().optional() }).nullish(),
  Server: z
    .looseObject({
      Version: z.string(),
      Os: z.string(),
      Arch: z.string(),
    })
    .nullish()
    .catch(null),
});

const info = z.looseObject({
  DriverStatus: z.array(z.array(z.string())).nullable().catch(null),
  Name: z.string(),
  KernelVersion: z.string(),
});

export function dockerVersions(text: string): DockerVersions {
  const { Client: client, Server: server } = versions.safeParse(parsed(text)).data ?? {};
  return {
    client: client?.Version ?? null,
    context: client?.Context ?? null,
    server: server?.Version ?? null,
    serverPlatform: server ? `${server.Os}/${server.Arch}` : null,
  };
}

/** Null when no daemon answered: the command then prints the same object with empty values. */
export function dockerInfo(text: string): DockerInfo | null {
  const { data } = info.safeParse(parsed(text));
  if (!data || data.KernelVersion === '') return null;
  return {
    containerdStore: (data.DriverStatus ?? []).some(
      ([key, value]) => key === 'driver-type' && value === 'io.containerd.snapshotter.v1',
    ),
    hostname: data.Name,
    kernel: data.KernelVersion,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
