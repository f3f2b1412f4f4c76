import path from 'node:path';
import { type Builder, DaemonError, type DaemonRequest, type PrivateDaemon } from '../builders/builder.js';
import { makeFolder } from '../results/directory.js';
import { layout } from '../results/layout.js';
import type { PlannedArm } from '../scenario/plan.js';
import type { Setting } from './setting.js';

const plainDaemon: NonNullable<PlannedArm['daemon']> = {
  snapshotter: null,
  flags: [],
  keepMegabytes: null,
  cpus: null,
};

/** What an arm's private daemon is started with, on a builder that starts them; the registry is its mirror. */
export function daemonRequest(arm: PlannedArm, registry: string | null): DaemonRequest {
  return { ...(arm.daemon ?? plainDaemon), mirrors: registry === null ? [] : [registry] };
}

const nameAt = (index: number): string => `daemon-${index + 1}`;

/** The private daemons of a run: arms that ask for the same share one. */
export class Daemons {
  readonly #setting: Setting;
  readonly #scratch: string;
  readonly #started = new Map<string, PrivateDaemon>();
  /** Those that may be gone; null stands for the builder that is not ours. */
  readonly #doubted = new Set<PrivateDaemon | null>();

  constructor(setting: Setting, scratch: string) {
    this.#setting = setting;
    this.#scratch = scratch;
  }

  /** Starts what the arms ask for; why the run cannot go on where one does not start, else null. */
  async start(arms: readonly PlannedArm[]): Promise<string | null> {
    const { builder, plan, directory, abort } = this.#setting;
    if (builder.startDaemon === undefined) return null;
    for (const arm of arms) {
      abort.throwIfAborted();
      const request = daemonRequest(arm, plan.registry);
      const key = JSON.stringify(request);
      if (this.#started.has(key)) continue;
      const name = nameAt(this.#started.size);
      const log = path.join(directory, layout.daemon(name));
      await makeFolder(path.dirname(log));
      try {
        const daemon = await builder.startDaemon(request, { name, scratch: this.#scratch, log, abort });
        this.#started.set(key, daemon);
      } catch (error) {
        abort.throwIfAborted();
        if (!(error instanceof DaemonError)) throw error;
        return `the builder did not start for ${arm.name}: ${error.message}`;
      }
      this.#setting.log.info({ arm: arm.name, name, request }, 'daemon started');
    }
    return null;
  }

  /** The daemon of an arm; null where it builds on one that is not ours. */
  of(arm: PlannedArm): PrivateDaemon | null {
    return this.#started.get(this.#keyOf(arm)) ?? null;
  }

  /** The name of an arm's daemon, which stands in the journal and names its log. */
  nameOf(arm: PlannedArm): string {
    return nameAt([...this.#started.keys()].indexOf(this.#keyOf(arm)));
  }

  builderOf(arm: PlannedArm): Builder {
    return this.of(arm)?.builder ?? this.#setting.builder;
  }

  /** Notes whether the builder of an arm may be gone, and has to be asked before its next iteration. */
  doubt(arm: PlannedArm, isDoubtful: boolean): void {
    if (isDoubtful) this.#doubted.add(this.of(arm));
    else this.#doubted.delete(this.of(arm));
  }

  isDoubted(arm: PlannedArm): boolean {
    return this.#doubted.has(this.of(arm));
  }

  #keyOf(arm: PlannedArm): string {
    return JSON.stringify(daemonRequest(arm, this.#setting.plan.registry));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#started.values()].map((daemon) => daemon.stop()));
  }
}
