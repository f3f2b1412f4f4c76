import type { PlannedBuild } from '../../../scenario/plan.js';
import type { Word } from '../shell-word.js';

/** A flag and its value, or a word of its own, already quoted for the shell. */
export type Group = readonly string[];

/** One build of the script, its paths and names as words of the shell. */
export interface Call {
  readonly build: PlannedBuild;
  /** Folder and name of the Dockerfile. */
  readonly dockerfile: { readonly folder: Word; readonly name: string };
  readonly context: Word;
  /** A text with placeholders. */
  fill(template: string): Word;
  /** A folder of the iteration, by its name in the plan. */
  folder(template: string): Word;
  /** The file that gets the digests. */
  readonly metadata: Word;
}

/** How one builder program is called without this tool. */
export interface Program {
  /** Programs that have to be on PATH. */
  readonly needs: readonly string[];
  /** The whole command of a build. */
  build(call: Call): readonly Group[];
  /** Variables in front of the command. */
  readonly env: string | null;
  /** Fails where the builder does not answer, and starts it where it sleeps; null: there is none. */
  readonly wake: string | null;
  /** Empties the builder's cache; null: no command does. */
  readonly prune: string | null;
  /** Removes the images whose names follow; null: builds leave none. */
  readonly removeImages: string | null;
  /** How the reader says which builder, a sentence. */
  readonly place: string;
  /** Its logs are BuildKit's plain progress. */
  readonly printsVertices: boolean;
}
