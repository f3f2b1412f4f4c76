import type { LogLine, Timeline } from '../progress/timeline.js';
import type { Signal } from '../signals.js';

/** What one lane of an iteration left behind, as far as a detector may look. Everything comes from files. */
export interface LaneEvidence {
  /** `a`, `b`, … */
  readonly lane: string;
  readonly timeline: Timeline;
  /** How the build ended: from the journal in a run, from the log alone in a scan. */
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  /** The exit code, null when it was killed by a signal or is not known. */
  readonly exitCode: number | null;
  /** The time limit of the lane ran out; the harness then ended what had not ended by itself meanwhile. */
  readonly timedOut: boolean;
  /** Of such a lane, the last lines that it had printed by then. */
  readonly lastLines?: readonly LogLine[];
  /** What the context that this lane was given held; null when the scenario made none, and in a scan. */
  readonly context: ContextFacts | null;
  /** Which build step of the arm it belongs to, from 0: lanes of one step were launched together. */
  readonly step: number;
  /** Beginnings of instructions (`RUN make deps`) that had to come from the cache; empty in a scan. */
  readonly mustBeCached: readonly string[];
  /** Beginnings of instructions that have to be carried out once, however many platforms the build is for; empty in a scan. */
  readonly mustRunOnce: readonly string[];
  /** The image that this lane pushed, as the registry has it; null where none was read, and in a scan. */
  readonly image: ImageFacts | null;
}

/** An image as it was read from a registry. */
export interface ImageFacts {
  readonly name: string;
  /** Digests (`sha256:…`) of the manifest and of the config. */
  readonly digest: string;
  readonly configDigest: string;
  /** The inline cache record of the config (`moby.buildkit.cache.v0`, decoded), null where there is none. */
  readonly inlineCache: unknown;
}

/** A cache export of `type=local`, after somebody looked whether it is whole. */
export interface CacheCheck {
  /** The export's name in the scenario. */
  readonly folder: string;
  /** Lanes that exported into it. */
  readonly lanes: readonly string[];
  /** Manifests that its index names. */
  readonly manifests: number;
  /** Digests that are named and have no blob of that content, with the file that names them. */
  readonly missing: readonly { readonly digest: string; readonly namedBy: string }[];
  /** Why nothing could be checked (`there is no index.json`), or null. */
  readonly problem: string | null;
}

/** Regular files of a build context: their number, and the SHA-256 over the sorted lines of `sha256sum`. */
export interface ContextFacts {
  readonly files: number;
  readonly sha256: string;
}

export interface IterationEvidence {
  readonly lanes: readonly LaneEvidence[];
  /** The daemon no longer answered, or had another identity, after the lanes ended (null: it was not looked at). */
  readonly builderGone: string | null;
  /** Empty where the scenario checks no export. */
  readonly cacheChecks: readonly CacheCheck[];
  /** What a private daemon logged meanwhile, by line of the iteration's `daemon.log`; null: the daemon was not ours. */
  readonly daemonLog: Iterable<LogLine> | null;
  /** Why the daemon may have logged what `daemonLog` does not show (one clause), or null. */
  readonly daemonLogHidden: string | null;
}

/** One sight of a fault in one lane, with the lines that show it. */
export interface Finding {
  readonly signal: Signal;
  /** Null for what no single lane shows: then `evidence` is from the daemon's log. */
  readonly lane: string | null;
  /** One sentence, without file names: `linux/arm64/v8` and `linux/arm64` name one platform in this build`. */
  readonly message: string;
  readonly evidence: readonly LogLine[];
}

/** A lane in which the detector could not look (null: the iteration as a whole), and why (one clause). */
export interface Blindness {
  readonly signal: Signal;
  readonly lane: string | null;
  readonly reason: string;
}

export interface Detection {
  readonly findings: readonly Finding[];
  readonly blind: readonly Blindness[];
}

/** A pure function from evidence to findings; one file a signal, all of them in `index.ts`. */
export interface Detector {
  readonly signal: Signal;
  /** One line for `list` and reports: what the fault is. */
  readonly summary: string;
  /** False where the signal has no meaning (no context was made, say): it is not listed then where nobody asked for it. */
  appliesTo(iteration: IterationEvidence): boolean;
  /** What was missing there, as a clause: where somebody asked, such an iteration is blind. */
  readonly nothing?: string;
  detect(iteration: IterationEvidence): Detection;
}
