import { stringify } from 'yaml';

/**
 * The registry's configuration file, for versions 2 and 3 of distribution alike. The kernel picks the port as the
 * registry binds it (port 0), so that no other program can take it in between. There is no debug server, and no cache
 * of what blobs there are: what is on disk counts. Without `validation`, because version 3 refuses an index that names
 * layers, as BuildKit's caches are before 0.12 and with `image-manifest=false`.
 */
export function settingsOf(storage: string, secret: string): string {
  return stringify({
    version: 0.1,
    log: { level: 'info', formatter: 'text', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      // A push that was cut off is gone with the whole registry.
      maintenance: { uploadpurging: { enabled: false } },
    },
    validation: { disabled: true },
    http: { addr: '127.0.0.1:0', secret },
  });
}

/** The user's environment without what would override the file (`REGISTRY_HTTP_ADDR`); version 3 sends no traces. */
export function environmentOf(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !/^(?:REGISTRY|OTEL)_/.test(name));
  return { ...Object.fromEntries(own), OTEL_TRACES_EXPORTER: 'none' };
}

/** `HOST:PORT` from the log of a registry that listens, or null where it does not yet. */
export function listening(log: string): string | null {
  return /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1] ?? null;
}
