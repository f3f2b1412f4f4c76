import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../src/errors.js';
import type { LabPaths } from './paths.js';
import { isAlive, type ProcessRecord, processRecord } from './processes.js';
import { actionlintVersion, buildkitVersions, buildxVersion } from './versions.js';

const stateSchema = z.object({
  schemaVersion: z.literal(1),
  checkout: z.string(),
  /** `starting` until everything was verified; an interrupted set-up stays there. */
  phase: z.enum(['starting', 'up']),
  /** What the lab was made of: after a change of versions the next `up` makes it anew. */
  recipe: z.string(),
  processes: z.array(processRecord),
  bridge: z.string().nullable(),
  /** Folders in front of PATH, first one first. */
  path: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
});
export type LabState = z.infer<typeof stateSchema>;

/** Changes whenever a lab that is up is no longer the one that `up` would make. */
export function recipe(): string {
  return JSON.stringify({ buildkitVersions, buildxVersion, actionlintVersion, layout: 2 });
}

/** Null when this checkout has no lab. @throws {UserError} when the file is no state of ours. */
export function readState(paths: LabPaths): LabState | null {
  let content: string;
  try {
    content = readFileSync(paths.state, 'utf8');
  } catch {
    return null;
  }
  const parsed = stateSchema.safeParse(parseJson(content));
  if (!parsed.success) {
    throw new UserError(
      `${paths.state} is not a lab's state; end its processes by hand and remove ${paths.data}`,
    );
  }
  return parsed.data;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

function writeState(paths: LabPaths, state: LabState): void {
  mkdirSync(dirname(paths.state), { recursive: true });
  writeFileSync(`${paths.state}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${paths.state}.new`, paths.state);
}

/** A lab that is being made: every start is on disk before the next one, so that `down` finds it after a crash. */
export class LabInMaking {
  readonly paths: LabPaths;
  #state: LabState;

  constructor(paths: LabPaths) {
    this.paths = paths;
    this.#state = {
      schemaVersion: 1,
      checkout: paths.checkout,
      phase: 'starting',
      recipe: recipe(),
      processes: [],
      bridge: null,
      path: [],
      environment: {},
    };
    writeState(paths, this.#state);
  }

  get state(): LabState {
    return this.#state;
  }

  addProcess(record: ProcessRecord): void {
    this.#change({ processes: [...this.#state.processes, record] });
  }

  addBridge(bridge: string): void {
    this.#change({ bridge });
  }

  addToPath(...folders: string[]): void {
    this.#change({ path: [...this.#state.path, ...folders] });
  }

  export(variables: Readonly<Record<string, string>>): void {
    this.#change({ environment: { ...this.#state.environment, ...variables } });
  }

  finish(): void {
    this.#change({ phase: 'up' });
  }

  #change(part: Partial<LabState>): void {
    this.#state = { ...this.#state, ...part };
    writeState(this.paths, this.#state);
  }
}

/** Names of the daemons that are recorded and do not run any more. */
export function deadDaemons(state: LabState): string[] {
  return state.processes.filter((record) => !isAlive(record)).map((record) => record.name);
}

/** The whole lab runs, and is the one that `up` would make. */
export function isUp(state: LabState): boolean {
  return state.phase === 'up' && state.recipe === recipe() && deadDaemons(state).length === 0;
}
