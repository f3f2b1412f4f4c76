import type { Logger } from 'pino';
import type { Builder } from '../builders/builder.js';
import type { IterationFinished } from '../results/journal.js';
import type { Plan, PlannedArm } from '../scenario/plan.js';
import type { KeptHash } from './dockerfiles-watch.js';
import type { ImageRecord } from './image-record.js';
import type { Patience } from './patience.js';

/** What a run is carried out with; the same for all of its iterations. */
export interface Setting {
  readonly plan: Plan;
  readonly builder: Builder;
  /** The run directory. */
  readonly directory: string;
  /** The scenario's Dockerfile folder. */
  readonly dockerfiles: string;
  /** What stands in it. */
  readonly kept: readonly KeptHash[];
  /** The user's environment, untouched. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: Logger;
  readonly observer: Observer;
  /** Aborted with a reason text when the user wants an end. */
  readonly abort: AbortSignal;
  /** Reads an image of the registry by its digest (`HOST:PORT/name:tag`, `sha256:…`); missing where there is no registry. */
  readonly readImage?: (image: string, digest: string) => Promise<ReadImage>;
  /** What was done of the plan before, where a run goes on. */
  readonly earlier?: Earlier;
  /** Without it, the usual one. */
  readonly patience?: Patience;
}

/** What of a run was carried out before it ended early. */
export interface Earlier {
  /** Keys of the iterations that count (`iterationKey`). */
  readonly finished: ReadonlySet<string>;
  /** Names of the arms that had shown enough. */
  readonly answered: ReadonlySet<string>;
  /** How long it was at work, in ms. */
  readonly workedMs: number;
  /** What is not as it was when the run began. */
  readonly warnings: readonly string[];
}

/** What a registry says of an image; its inline cache record is null where it has none. */
export interface ReadImage {
  readonly digest: string;
  readonly configDigest: string;
  readonly inlineCache: unknown;
}

/** Who wants to see what happens while it happens. */
export interface Observer {
  warmUpStarted(arm: PlannedArm): void;
  warmUpFinished(arm: PlannedArm, failedWith: string | null): void;
  iterationStarted(arm: PlannedArm, iteration: number): void;
  laneOutput(lane: string, piece: Buffer): void;
  laneEnded(lane: string, exitCode: number | null): void;
  iterationFinished(arm: PlannedArm, event: IterationFinished): void;
  /** Told at the end of images that the builder did not remove; the next run, resume or `doctor --fix` tries again. */
  imagesLeft?(images: ImageRecord): void;
}

/** Asked after each iteration: the names of the arms that have shown enough and get no more iterations. */
export type StoppingRule = (event: IterationFinished) => Promise<ReadonlySet<string>>;
