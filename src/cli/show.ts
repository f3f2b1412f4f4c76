import { UserError } from '../errors.js';
import type { LaneDetail } from '../results/detail.js';
import type { CliCommand } from './command.js';
import { iterationOption, jsonOption, oneArm, outOption, runPositional } from './options.js';
import { answer, answerJson, answerWidth, isLive, tell } from './output.js';

interface Values {
  readonly run: string;
  readonly iteration: string | undefined;
  readonly arm: string | readonly string[] | undefined;
  readonly lane: string | undefined;
  readonly timeline: boolean;
  readonly out: string;
  readonly json: boolean;
}

/** Characters of a log that are shown; a longer one is cut in the middle. */
const mostCharacters = 2_000_000;

/** What `--lane` takes for the log of a private daemon, where no lane is called that. */
const daemon = 'daemon';

export const showCommand: CliCommand<Values> = {
  usage: 'show <run>',
  summary: 'One iteration of a run: its lanes on one clock, or a lane’s log',
  options: (yargs) =>
    yargs
      .positional('run', runPositional)
      .option('iteration', {
        type: 'string',
        requiresArg: true,
        describe: 'Its number within the arm (default: the first failing one, else the first)',
      })
      .option('arm', { type: 'string', requiresArg: true, describe: 'The arm that it is an iteration of' })
      .option('lane', {
        type: 'string',
        requiresArg: true,
        describe: `The log of this lane, with the evidence marked; ${daemon}: of the run’s own daemon`,
      })
      .option('timeline', {
        type: 'boolean',
        default: false,
        describe: 'With --lane: that lane on the clock, not its log',
      })
      .option('out', outOption)
      .option('json', jsonOption),
  async run({ run: named, iteration, arm, lane, timeline, out, json }) {
    const wanted = { arm: oneArm(arm), iteration: iterationOption(iteration) };
    const { findRun } = await import('../results/directory.js');
    const { readRun } = await import('../results/read.js');
    const { findIteration } = await import('../details/find-iteration.js');
    const { draftIteration } = await import('../details/iteration.js');
    const run = await readRun(await findRun(named, out));
    const found = await findIteration(run, wanted);
    if (found.others.length > 0)
      tell(
        `iteration ${found.event.iteration} of ${found.arm.name}; choose another with --arm: ${found.others.join(', ')}`,
      );
    const draft = await draftIteration(run, found.arm, found.event);
    const { withoutLogs } = draft;
    const shownLane =
      lane === undefined ? null : laneOf(withoutLogs.lanes, lane, withoutLogs.daemonLog !== null);
    const { kind, name, version, daemonVersion, simulated } = run.plan.builder;
    const about = {
      schemaVersion: 1,
      scenario: run.plan.scenario.name,
      directory: run.directory,
      builder: { kind, name, version, daemonVersion, simulated },
      role: found.arm.role,
    };
    const { default: pc } = await import('picocolors');
    const page = { plan: run.plan, width: answerWidth(), colors: pc.createColors(isLive(process.stdout)) };
    if (lane === undefined || timeline) {
      if (lane !== undefined && shownLane === null)
        throw new UserError(`--timeline: the daemon’s log has no steps`);
      const detail = shownLane === null ? withoutLogs : { ...withoutLogs, lanes: [shownLane] };
      if (json) await answerJson({ ...about, iteration: detail });
      else answer((await import('../reports/show-timeline.js')).timelineText({ ...page, iteration: detail }));
      return 0;
    }
    const log = await draft.readLog(shownLane?.record.lane ?? null, mostCharacters);
    if (log === null) throw new UserError(`the log of ${lane} cannot be read`);
    if (json)
      await answerJson({
        ...about,
        arm: withoutLogs.arm,
        iteration: withoutLogs.iteration,
        lane: shownLane?.record.lane ?? null,
        findings: withoutLogs.findings.filter((one) => one.lane === (shownLane?.record.lane ?? null)),
        error: shownLane?.error ?? null,
        log,
      });
    else
      answer(
        (await import('../reports/show-log.js')).logPage({ ...page, iteration: withoutLogs }, shownLane, log),
      );
    return 0;
  },
};

/** The lane of that name; null: the daemon. @throws {UserError} where there is neither. */
function laneOf(lanes: readonly LaneDetail[], name: string, hasDaemon: boolean): LaneDetail | null {
  const lane = lanes.find(({ record }) => record.lane === name);
  if (lane !== undefined) return lane;
  if (name === daemon && hasDaemon) return null;
  const names = [...lanes.map(({ record }) => record.lane), ...(hasDaemon ? [daemon] : [])];
  const why =
    name === daemon ? 'this iteration ran on no daemon of its own' : 'this iteration has no such lane';
  throw new UserError(
    `--lane ${name}: ${why}; ${names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`}`,
  );
}
