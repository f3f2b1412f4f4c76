import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pc from 'picocolors';
import { analyze } from '../../src/analysis.js';
import { bundleLimits, bundleOf } from '../../src/bundle/bundle.js';
import { withoutPlaces } from '../../src/bundle/without-places.js';
import { findIteration } from '../../src/details/find-iteration.js';
import { draftIteration } from '../../src/details/iteration.js';
import { readDetails } from '../../src/details/read-details.js';
import { UserError } from '../../src/errors.js';
import { compare } from '../../src/judgement/comparison/compare.js';
import { redactDetail } from '../../src/redaction/redact.js';
import { renderComparison } from '../../src/reports/comparison-table.js';
import { historyTable } from '../../src/reports/history-table.js';
import { detailedReports, reports } from '../../src/reports/index.js';
import { logPage } from '../../src/reports/show-log.js';
import { timelineText } from '../../src/reports/show-timeline.js';
import { renderTable } from '../../src/reports/table.js';
import { type Comparable, comparableOf } from '../../src/results/comparable.js';
import { findRun, writeJson } from '../../src/results/directory.js';
import { readHistory } from '../../src/results/history.js';
import { layout } from '../../src/results/layout.js';
import { measure } from '../../src/results/measurement.js';
import { mergeRuns } from '../../src/results/merge/merge.js';
import { pruneRuns } from '../../src/results/prune.js';
import { readRun } from '../../src/results/read.js';
import { regularFiles } from '../../src/results/regular-files.js';
import { writeBaseRun } from './base-run.js';
import { mutateRun } from './mutate-run.js';
import { Random } from './random.js';

const redaction = {
  redact: [],
  keep: [],
  environment: { TOKEN: 'ghp_0123456789abcdefghijklmnopqrstuvwxyz' },
  user: { name: 'somebody', home: '/home/somebody', host: 'machine' },
};

/** Where run directories are changed and read: one that is whole, two that are parts of one, and room for a copy. */
export class RunReading {
  readonly #folder: string;
  readonly #files: readonly string[];

  readonly #base: Comparable;

  private constructor(folder: string, files: readonly string[], base: Comparable) {
    this.#folder = folder;
    this.#files = files;
    this.#base = base;
  }

  static async make(): Promise<RunReading> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-fuzz-'));
    const whole = await writeBaseRun(path.join(folder, 'whole'));
    await writeBaseRun(path.join(folder, 'part-1'), { index: 1, of: 2 });
    await writeBaseRun(path.join(folder, 'part-2'), { index: 2, of: 2 });
    const result = await analyze(whole);
    await writeJson(path.join(whole, layout.result), result);
    return new RunReading(folder, await regularFiles(whole), comparableOf(result));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * Changes a copy of the run as the seed says, and reads it in every way there is.
   * @throws whatever comes out of the tool and is no `UserError`, with what was done before it
   */
  async try(seed: number): Promise<{ done: readonly string[]; refused: number; ways: number }> {
    const random = new Random(seed);
    const results = path.join(this.#folder, 'results');
    await rm(results, { recursive: true, force: true });
    await mkdir(results);
    await writeFile(path.join(this.#folder, 'outside'), 'outside');
    const run = path.join(results, '2026-01-02T03-04-05-678Z-sample-buildctl-x');
    await cp(path.join(this.#folder, random.chance(3) ? 'part-1' : 'whole'), run, { recursive: true });
    const done = mutateRun(run, this.#files, random);
    let refused = 0;
    const ways = this.#ways(run, results);
    for (const [name, way] of ways) {
      try {
        await way();
      } catch (error) {
        if (!(error instanceof UserError))
          throw new Error(`${name} of a run changed by seed ${seed} (${done.join('; ')}): ${stackOf(error)}`);
        refused += 1;
      }
    }
    return { done, refused, ways: ways.length };
  }

  #ways(run: string, results: string): (readonly [string, () => Promise<unknown>])[] {
    const other = path.join(this.#folder, 'part-2');
    // Each is read once: what comes out of it comes out for all that need it.
    const result = once(() => analyze(run));
    const details = once(() => readDetails(run, bundleLimits));
    return [
      ['analyze', async () => JSON.stringify(await result())],
      ...reports.map(
        (report) => [`report ${report.name}`, async () => report.render(await result())] as const,
      ),
      ['its table', async () => renderTable(await result(), { width: 80, colors: pc })],
      ...[...detailedReports].map(
        ([name, load]) =>
          [
            `report ${name}`,
            async () => {
              const report = await load();
              const detail = await redactDetail(await details(), redaction);
              report.hints?.(detail, { upstream: null });
              return report.render(detail, { upstream: null });
            },
          ] as const,
      ),
      [
        'bundle',
        async () =>
          bundleOf(await redactDetail(withoutPlaces(await details()), redaction), {
            upstream: null,
          }),
      ],
      ['show', () => show(run)],
      ['measure', () => measure(run)],
      [
        'compare',
        async () => {
          const [base, now] = [this.#base, comparableOf(await result())];
          renderComparison(compare(base, now, 0.1), { width: 80, colors: pc });
          return compare(now, base, 0.1);
        },
      ],
      [
        'history',
        async () =>
          historyTable(await readHistory(results, { scenario: null, builder: null, limit: null }), 80),
      ],
      ['merge', () => mergeRuns([run, other], results)],
      ['find', () => findRun('latest', results)],
      ['prune', () => pruneRuns(results, { keep: 0, dryRun: true, now: new Date() })],
    ];
  }
}

/** The clock and every log of an iteration. */
async function show(directory: string): Promise<void> {
  const run = await readRun(directory);
  const { arm, event } = await findIteration(run, { arm: null, iteration: null });
  const draft = await draftIteration(run, arm, event);
  const page = { plan: run.plan, width: 80, colors: pc };
  timelineText({ ...page, iteration: draft.withoutLogs });
  JSON.stringify(draft.withoutLogs);
  for (const lane of [...draft.withoutLogs.lanes, null]) {
    const log = await draft.readLog(lane?.record.lane ?? null, 2_000_000);
    if (log !== null) logPage({ ...page, iteration: draft.withoutLogs }, lane, log);
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
