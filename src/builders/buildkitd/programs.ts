import path from 'node:path';

/** The two programs of a daemon, as they are called: absolute, or by their names on PATH. */
export interface DaemonPrograms {
  readonly buildkitd: string;
  readonly buildctl: string;
}

/** `folder` is what the user named, absolute; null: PATH. */
export function programsOf(folder: string | null): DaemonPrograms {
  const program = (name: string) => (folder === null ? name : path.join(folder, name));
  return { buildkitd: program('buildkitd'), buildctl: program('buildctl') };
}

/**
 * The user's environment with the folder in front of PATH, for `buildkit-runc` and `buildkit-qemu-…` that may lie
 * beside the daemon, and with the system's folders at its end, where Debian has runc.
 */
export function daemonEnvironment(
  env: Readonly<NodeJS.ProcessEnv>,
  folder: string | null,
): NodeJS.ProcessEnv {
  const PATH = [...(folder === null ? [] : [folder]), env.PATH ?? '/bin:/usr/bin', '/usr/sbin', '/sbin'];
  return { ...env, PATH: PATH.join(path.delimiter) };
}
