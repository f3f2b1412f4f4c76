import { stringify } from 'smol-toml';
import type { DaemonRequest } from '../builder.js';
import { type Home, homePaths } from './home.js';

/** Registries that base images come from. */
const mirrored = ['docker.io', 'ghcr.io'];

/** The text of a `buildkitd.toml`; v0.10.4, v0.23.2 and v0.32.2 read it alike. */
export function configuration(request: DaemonRequest, home: Home): string {
  const { root, socket, traceSocket } = homePaths(home);
  return stringify({
    root,
    grpc: { address: [`unix://${socket}`] },
    // Its default is one socket for all daemons of the machine; v0.10.4 has it in its root and ignores this.
    otel: { socketPath: traceSocket },
    worker: {
      oci: {
        enabled: true,
        ...(request.snapshotter === null ? {} : { snapshotter: request.snapshotter }),
        // Steps then need neither CNI nor a bridge.
        networkMode: 'host',
        ...garbageCollection(request.keepMegabytes),
      },
      containerd: { enabled: false },
    },
    registry: registries(request.mirrors),
  });
}

/** Bytes, as a number: v0.10.4 knows no other form, and newer ones still take it. 0 would be their own default. */
function garbageCollection(keepMegabytes: number | null) {
  return keepMegabytes === null
    ? { gc: false }
    : { gc: true, gckeepstorage: Math.max(1, Math.round(keepMegabytes * 1_000_000)) };
}

function registries(mirrors: readonly string[]) {
  if (mirrors.length === 0) return {};
  return Object.fromEntries([
    ...mirrored.map((name) => [name, { mirrors: [...mirrors] }] as const),
    ...mirrors.map((name) => [name, { http: true, insecure: true }] as const),
  ]);
}
