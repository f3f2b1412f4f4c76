import { ArmAccount } from './judgement/arm.js';
import { askedSignals } from './judgement/asked.js';
import { groupFailures } from './judgement/failures.js';
import { type Judgement, judgeIteration } from './judgement/judge.js';
import { OffsetCounter } from './judgement/offsets.js';
import { sweepResult } from './judgement/sweep.js';
import { judgeSignal, strongest } from './judgement/verdict.js';
import { searchVerdict, windowResult } from './judgement/window.js';
import { builderMishapsOf } from './results/builder-mishaps.js';
import { finishedIterations } from './results/finished-iterations.js';
import { interruptionsOf } from './results/interruptions.js';
import { layout } from './results/layout.js';
import { mixtureOf } from './results/mixture.js';
import { readRun, type StoredRun } from './results/read.js';
import type { ArmResult, EnvironmentSummary, RunResult } from './results/result.js';
import { spellsOf } from './results/spells.js';
import type { PlannedArm } from './scenario/plan.js';

/**
 * A run directory → timelines → findings → tallies → verdict. It reads the directory and nothing else, so that an
 * old run can be judged by newer detectors. `onJudgement` sees each iteration as it is judged, and none is kept.
 * @throws {UserError} when it is no run directory, is damaged, or is of a newer version.
 */
export async function analyze(
  directory: string,
  onJudgement: (arm: PlannedArm, judgement: Judgement) => void = () => undefined,
): Promise<RunResult> {
  return analyzeStored(await readRun(directory), onJudgement);
}

/** The same of a run whose documents are read already. */
export async function analyzeStored(
  run: StoredRun,
  onJudgement: (arm: PlannedArm, judgement: Judgement) => void,
): Promise<RunResult> {
  const { directory } = run;
  const accounts = run.plan.arms.map(
    (arm) => new ArmAccount(arm, askedSignals(arm, run.plan.arms), run.plan.shard),
  );
  const offsets = new OffsetCounter(run.plan.arms);
  for (const event of finishedIterations(run.plan, run.journal).events) {
    const account = accounts.find(({ arm }) => arm.name === event.arm);
    if (account === undefined) continue;
    const judgement = await judgeIteration(directory, run.plan, account.arm, event);
    account.add(judgement);
    offsets.add(account.arm, judgement);
    onJudgement(account.arm, judgement);
  }
  return assemble(run, accounts, offsets);
}

function assemble(run: StoredRun, accounts: readonly ArmAccount[], offsets: OffsetCounter): RunResult {
  const counts = accounts.map((account) => account.counts);
  const arms = accounts.map((account, i): ArmResult => {
    const own = counts[i] ?? account.counts;
    return {
      ...account.result,
      signals: own.tallies.map((tally) => judgeSignal(own, tally, counts, run.plan.stopping)),
    };
  });
  const { plan, journal } = run;
  const { severalMachines, severalBuilders } = mixtureOf(run);
  const { kind, name, version, daemonVersion, simulated } = plan.builder;
  return {
    schemaVersion: 1,
    scenario: plan.scenario.name,
    contentSha256: plan.scenario.contentSha256,
    directory: run.directory,
    builder: { kind, name, version, daemonVersion, simulated },
    verdict:
      plan.window?.phase === 'search'
        ? searchVerdict(arms)
        : strongest(arms.flatMap((arm) => arm.signals.map((signal) => signal.verdict))),
    arms,
    title: plan.scenario.title,
    reports: plan.scenario.reports,
    startedAt: journal.events[0]?.at ?? plan.createdAt,
    finishedAt: journal.events.at(-1)?.at ?? plan.createdAt,
    stopped: whyStopped(run),
    toolVersion: plan.toolVersion,
    environment: environmentOf(run),
    failures: groupFailures(accounts.map((account) => account.failures)),
    again: plan.again,
    seed: plan.seed,
    stopping: plan.stopping,
    shard: plan.shard,
    // Points that were chosen by what was seen before are no sweep: its test would not hold.
    sweep: plan.window?.phase === 'search' ? null : sweepResult(arms, plan),
    window: windowResult(plan, offsets.points),
    ...(severalMachines ? { severalMachines } : {}),
    ...(severalBuilders ? { severalBuilders } : {}),
    warnings: warningsOf(run),
  };
}

function whyStopped({ journal }: StoredRun): string | null {
  const last = spellsOf(journal).at(-1)?.end ?? null;
  if (last === null) return 'the run ended in the middle';
  return last.event === 'run-stopped' ? last.reason : null;
}

function environmentOf({ environment }: StoredRun): EnvironmentSummary {
  const { os, kernel, arch, host, cpus, cpuModel, memoryBytes, load, node, versionOutput } = environment;
  return { os, kernel, arch, host, cpus, cpuModel, memoryBytes, load, node, versionOutput };
}

function warningsOf(run: StoredRun): string[] {
  const { plan, journal } = run;
  const lines = journal.unreadable;
  const where =
    lines.length > 1 ? `${lines.length} lines (${lines[0]} to ${lines.at(-1)})` : `line ${lines[0]}`;
  const unreadable = lines.length === 0 ? [] : [`${where} of ${layout.journal} could not be read`];
  const coldStarts = [...failedWarmUps(journal)].map(
    ([why, dockerfiles]) =>
      `the warm-up build of ${[...dockerfiles].join(', ')} failed${why === '' ? ' and printed nothing' : `: ${why}`}`,
  );
  const ofParts = journal.events.flatMap((event) => (event.event === 'runs-merged' ? event.warnings : []));
  const uncounted = finishedIterations(plan, journal).warnings;
  return [
    ...ofParts,
    ...interruptionsOf(run),
    ...builderMishapsOf(run),
    ...coldStarts,
    ...uncounted,
    ...unreadable,
  ];
}

/** Why warm-up builds failed, and of which Dockerfiles. */
function failedWarmUps({ events }: StoredRun['journal']): ReadonlyMap<string, ReadonlySet<string>> {
  const failed = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.event !== 'warm-up-finished' || event.exitCode === 0 || event.tail === null) continue;
    const why = event.tail;
    failed.set(why, (failed.get(why) ?? new Set()).add(event.dockerfile));
  }
  return failed;
}
