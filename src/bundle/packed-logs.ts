import type { IterationDetail, RunDetail } from '../results/detail.js';
import { goroutinesOf, processesOf } from '../results/layout.js';
import type { LogText } from '../results/log-text.js';
import { safePart, UniqueNames } from './entry-names.js';
import { evidenceOf, wantedOf } from './narrow.js';

/** A log that goes into the bundle, as far as there is room. */
export interface PackedLog {
  /** Entry of each of its files, in order. */
  readonly names: readonly string[];
  readonly log: LogText;
  /** Lines that stay longest. */
  readonly wanted: readonly number[];
}

/** An iteration whose logs are packed. */
export interface PackedIteration {
  readonly iteration: IterationDetail;
  /** With a `/` at its end. */
  readonly folder: string;
}

/** Iterations that show something, and of each arm the first that shows nothing, and the first that does not count. */
export function packedIterations(detail: RunDetail): PackedIteration[] {
  const kinds = new Set<string>();
  return detail.iterations
    .filter((one) => {
      if (one.findings.length > 0) return true;
      const kind = `${one.arm} ${one.invalid === null}`;
      const isFirst = !kinds.has(kind);
      kinds.add(kind);
      return isFirst || isNamed(one, detail.clean);
    })
    .map((iteration) => ({
      iteration,
      folder: `iterations/${safePart(iteration.arm)}/${String(iteration.iteration).padStart(4, '0')}/`,
    }));
}

function isNamed({ arm, iteration }: IterationDetail, name: RunDetail['clean']): boolean {
  return name !== null && name.arm === arm && name.iteration === iteration;
}

/** As `results/layout.ts` names what is kept of a lane at its time limit. */
const keptEndings = [processesOf(''), goroutinesOf('')];

/** The logs of these iterations and of the daemons, under the names that they have in the run directory. */
export function packedLogs(detail: RunDetail, iterations: readonly PackedIteration[]): PackedLog[] {
  const names = new UniqueNames();
  const ofIterations = iterations.flatMap(({ iteration, folder }): PackedLog[] => [
    ...iteration.lanes.map((lane) => ({
      names: lane.log.files.map(({ file }) =>
        names.take(
          `${folder}${safePart(lane.record.lane)}`,
          file.endsWith('.stdout') ? '.stdout' : '.stderr',
        ),
      ),
      log: lane.log,
      wanted: wantedOf(iteration, lane),
    })),
    ...iteration.lanes.flatMap(({ record, kept = [] }) =>
      kept.map((log) => ({
        names: log.files.map(({ file }) =>
          names.take(
            `${folder}${safePart(record.lane)}`,
            keptEndings.find((end) => file.endsWith(end)) ?? '.txt',
          ),
        ),
        log,
        wanted: [],
      })),
    ),
    ...(iteration.daemonLog === null || iteration.daemonLog.lines === 0
      ? []
      : [
          {
            names: [names.take(`${folder}daemon`, '.log')],
            log: iteration.daemonLog,
            wanted: evidenceOf(iteration, null),
          },
        ]),
  ]);
  const ofDaemons = detail.daemons.map(({ name, log }) => ({
    names: [names.take(`daemons/${safePart(name)}`, '.log')],
    log,
    wanted: [],
  }));
  return [...ofIterations, ...ofDaemons];
}
