/** The kinds that `--builder` takes. */
export const builderKinds = [
  'container',
  'buildx',
  'buildctl',
  'buildkitd',
  'docker',
  'docker-classic',
  'buildah',
  'podman',
  'simulated',
] as const;
export type BuilderKind = (typeof builderKinds)[number];

/** What a builder is called with: file, arguments, and variables added to the user's environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One build of one lane, after the plan was expanded: everything absolute. */
export interface BuildRequest {
  readonly dockerfile: string;
  readonly context: string;
  /** Image names; the harness always gives at least one, so that what a build leaves can be removed. */
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  /**
   * Platforms that stages name themselves (`FROM --platform=`), where they are known: `refuses` looks at them, the
   * command does not carry them.
   */
  readonly stagePlatforms?: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | null;
  readonly noCache: boolean;
  /** `auto` is what the builder does when its output is no terminal. */
  readonly progress: 'auto' | 'plain' | 'tty' | 'rawjson';
  /** Where the cache comes from and goes to; without them, nowhere. */
  readonly cacheFrom?: readonly CacheSource[];
  readonly cacheTo?: readonly CacheTarget[];
  /** The image to push, with its registry (`127.0.0.1:5000/chain:run-1`); without it, nothing is pushed. */
  readonly push?: string;
  /** A file that gets the digests of what was built (`--metadata-file`). */
  readonly metadataFile?: string;
}

/** A cache that a build imports. */
export type CacheSource =
  | { readonly type: 'local'; readonly folder: string; readonly tag: string | null }
  | { readonly type: 'registry'; readonly image: string };

/** A cache that a build exports. `reset` drops what the folder's index named before (BuildKit 0.31). */
export type CacheTarget =
  | { readonly type: 'inline' }
  | { readonly type: 'registry'; readonly image: string; readonly mode: 'min' | 'max' }
  | {
      readonly type: 'local';
      readonly folder: string;
      readonly mode: 'min' | 'max';
      readonly tag: string | null;
      readonly reset: boolean;
    };

/** What a private daemon is started with. */
export interface DaemonRequest {
  readonly snapshotter: 'overlayfs' | 'stargz' | 'native' | null;
  /** Further flags of `buildkitd`. */
  readonly flags: readonly string[];
  /** Limit of its cache in MB; null: its garbage collection is off. */
  readonly keepMegabytes: number | null;
  /** Processors that it and its builds may use; null: all. */
  readonly cpus: number | null;
  /** `HOST:PORT` of plain-http mirrors of docker.io and ghcr.io. */
  readonly mirrors: readonly string[];
}

/** Where a private daemon lives and is told of. */
export interface DaemonPlace {
  /** Apart from all others of the run: letters, digits and dashes. */
  readonly name: string;
  /** A folder of the run that is gone afterwards. */
  readonly scratch: string;
  /** The file that gets its log. */
  readonly log: string;
  /** Nobody waits for its start any more. */
  readonly abort?: AbortSignal;
}

/** A daemon that this run started, and that ends with it. */
export interface PrivateDaemon {
  /** Builds on it. */
  readonly builder: Builder;
  /** The file that it logs to. */
  readonly log: string;
  /** Its process; null while there is none, missing where it is not known. */
  readonly pid?: number | null;
  /** Empties its cache. */
  prune(): Command;
  /** Ends it and starts it again on the same root. @throws {DaemonError} */
  restart(): Promise<void>;
  /** Its goroutines with their stacks, as Go prints them; null where it does not answer. */
  goroutines(): Promise<string | null>;
  /** Ends it, and removes its root and mounts. Never throws. */
  stop(): Promise<void>;
}

/** A private daemon did not start, or did not come back; the message holds the last lines of its log. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError';
}

/** Something that is missing, and the command or the sentence that mends it. */
export interface Missing {
  readonly what: string;
  readonly mend: string;
}

/** What was found of a builder on this machine. Nothing in it is guessed: null is "not known". */
export interface Probe {
  readonly kind: BuilderKind;
  readonly instance: string | null;
  /** The program is there. */
  readonly found: boolean;
  /** It, and its daemon if it has one, answered within 10 s. */
  readonly answers: boolean;
  /** Name of the builder as its own tool calls it (`desktop-linux`, an address, …). */
  readonly name: string | null;
  readonly version: string | null;
  readonly daemonVersion: string | null;
  /** Platforms that RUN steps can be run for, as the builder spells them; null when it does not say. */
  readonly platforms: readonly string[] | null;
  readonly missing: readonly Missing[];
  /**
   * Set where the program is installed and only asleep, so that `auto` has to say how to wake it
   * rather than take another builder (Apple's services that are stopped).
   */
  readonly asleep?: boolean;
  /** Output of the version commands, as an upstream report wants it. */
  readonly versionOutput: readonly { readonly command: string; readonly output: string }[];
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Ends the command as its time limit would. */
  readonly abort?: AbortSignal;
}

/** How a command is run on the side (probe, clean-up): never a lane. It never throws for a failing command. */
export type Run = (command: Command, options?: RunOptions) => Promise<RunResult>;

export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The program could not be started at all. */
  readonly notFound: boolean;
  /** Why the system let nothing be started (no more processes), and what mends it: that says nothing of the program. */
  readonly refused?: string;
}

/** The surroundings a builder is made in; tests give their own. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly platform: NodeJS.Platform;
  readonly run: Run;
}

/** The driver of one builder program. It says what to call; it starts nothing but by `Surroundings.run`. */
export interface Builder {
  readonly kind: BuilderKind;
  readonly instance: string | null;
  readonly simulated: boolean;
  /** Looks for the program and asks it and its daemon; at most 10 s. Never throws. */
  probe(): Promise<Probe>;
  /** Why this builder cannot run that build (`no arm64 emulation`), or null. */
  refuses(request: BuildRequest, probe: Probe): string | null;
  /** The command of one lane. */
  build(request: BuildRequest): Command;
  /** What to call before the first build, in order (Apple's builder is started first); often nothing. */
  wake(): readonly Command[];
  /**
   * Removes the named images; null where builds leave none. A name that is not there is no error where the program
   * has a flag for that (not so: buildah, and `container` before 0.12), and never keeps the others from being removed.
   */
  removeImages(tags: readonly string[]): Command | null;
  /** Empties the builder's whole cache, which is others' too; missing where no command does. */
  prune?(): Command;
  /**
   * Starts a daemon of the run's own; missing where builds run on the one that is there. Builds then go to the daemon's
   * `builder`, never to this one. @throws {DaemonError} when it does not start.
   */
  startDaemon?(request: DaemonRequest, place: DaemonPlace): Promise<PrivateDaemon>;
  /** Why a daemon cannot be started so (`no stargz snapshotter`), or null; missing where `startDaemon` is. */
  refusesDaemon?(request: DaemonRequest): string | null;
  /**
   * Whether what a lane printed so far shows that it reached its daemon; missing where whatever is printed shows it.
   * Clients that wait for their daemon (buildx) print that they do. True of nothing where there is no daemon.
   */
  hasReachedDaemon?(printed: string): boolean;
  /** The stream that carries the progress. */
  readonly progressStream: 'stdout' | 'stderr';
  /** Where builds of this kind leave images, in words, for the report; null where they leave none. */
  readonly leaves: string | null;
}

/** One line of the list in `index.ts`. */
export interface BuilderFactory {
  readonly kind: BuilderKind;
  /** What INSTANCE means for this kind, for help texts; null when it takes none. */
  readonly instanceMeans: string | null;
  create(instance: string | null, surroundings: Surroundings): Builder;
}
