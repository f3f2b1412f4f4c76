import { exitCodes, UserError } from '../errors.js';
import { terminalText } from '../reports/escape.js';
import type { Measured } from '../results/plan-answer.js';
import type { RunResult } from '../results/result.js';
import type { Scenario } from '../scenario/load.js';
import { maxIterations } from '../scenario/schema.js';
import type { CliCommand } from './command.js';
import { endExitCode, gravest, runExitCode } from './exit-code.js';
import { choices, countOption, delaysOption, jsonOption, lanesOption, listed, outOption } from './options.js';
import { answer, answerJson, answerWidth, tell } from './output.js';
import type { Chosen } from './probes.js';
import { defaultLogBytes } from './run/log-limit.js';
import type { RunAllOptions } from './run/options.js';
import { rateOption, ratesToTell } from './run/stopping.js';

interface Values {
  readonly scenario: string;
  readonly builder: string[] | undefined;
  readonly arm: string[] | undefined;
  readonly lanes: string | undefined;
  readonly delay: string | undefined;
  readonly registry: string | undefined;
  readonly destructive: boolean;
  readonly rate: string | undefined;
  readonly confidence: string | undefined;
  readonly p0: string | undefined;
  readonly p1: string | undefined;
  readonly measure: string;
  readonly out: string;
  readonly json: boolean;
}

const probability = 'a probability between 0 and 1, such as 0.95';

export const planCommand: CliCommand<Values> = {
  usage: 'plan <scenario>',
  summary: 'How long one has to run to know, by the figures and by a few iterations here',
  options: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        describe: 'A name from list, or a YAML file',
        demandOption: true,
      })
      .option('rate', {
        type: 'string',
        requiresArg: true,
        describe: 'Rate of the fault to be seen (default 0.3)',
      })
      .option('confidence', {
        type: 'string',
        requiresArg: true,
        describe: 'Probability to see it (default 0.95)',
      })
      .option('p0', {
        type: 'string',
        requiresArg: true,
        describe: 'Rate that is as good as none (default 0.05)',
      })
      .option('p1', {
        type: 'string',
        requiresArg: true,
        describe: 'Rate that must be found (default 0.3)',
      })
      .option('measure', {
        type: 'string',
        default: '3',
        requiresArg: true,
        describe: 'Iterations of each arm that are carried out to measure them; 0: none',
      })
      .option('builder', choices.builder)
      .option('arm', choices.arm)
      .option('lanes', choices.lanes)
      .option('delay', choices.delay)
      .option('registry', choices.registry)
      .option('destructive', choices.destructive)
      .option('out', outOption)
      .option('json', jsonOption) as never,
  async run(values) {
    const wanted = {
      rate: rateOption('rate', values.rate) ?? 0.3,
      confidence: rateOption('confidence', values.confidence, probability) ?? 0.95,
      rates: ratesToTell(values),
    };
    const iterations =
      values.measure === '0' ? 0 : (countOption('measure', values.measure, maxIterations) ?? 0);
    const preferences = values.builder ?? ['auto'];
    if (preferences.length > 1) throw new UserError('--builder: plan measures on one builder; name one');
    const { measurementsFolder } = await import('../results/measurement.js');
    const options = runOptions(values, iterations, measurementsFolder(values.out));
    const { findScenario } = await import('../scenario/library.js');
    const { estimatesFor, iterationsNeeded } = await import('../iterations-needed.js');
    const scenario = await findScenario(values.scenario);
    const taken = iterations === 0 ? null : await takeMeasure(scenario, preferences, options);
    const needed = iterationsNeeded(wanted);
    const measured = taken?.measured ?? null;
    const estimates = measured === null ? [] : estimatesFor(needed, measured);
    const whole = { schemaVersion: 1 as const, scenario: scenario.name, ...needed, measured, estimates };
    if (values.json) await answerJson(whole);
    else answer((await import('../reports/plan-text.js')).planText(whole, answerWidth()));
    return taken?.exitCode ?? 0;
  },
};

function runOptions(values: Values, iterations: number, results: string): RunAllOptions {
  return {
    scenarios: [values.scenario],
    overrides: {
      arms: listed(values.arm),
      lanes: lanesOption(values.lanes),
      iterations,
      delaysMs: delaysOption(values.delay),
      offsetMs: null,
      sweep: null,
    },
    timeoutMs: null,
    seed: null,
    stopping: { rule: 'fixed' },
    maxTimeMs: null,
    baseline: null,
    window: null,
    maxLogBytes: defaultLogBytes,
    shard: null,
    registry: values.registry ?? null,
    destructive: values.destructive,
    results,
    failOn: 'never',
    json: values.json,
  };
}

interface Taken {
  /** Null: not one iteration came to its end with all arms. */
  readonly measured: Measured | null;
  readonly exitCode: number;
}

/** Carries a few iterations out as `run` does, and keeps their run directory, apart from runs that were asked for. */
async function takeMeasure(
  scenario: Scenario,
  preferences: readonly string[],
  options: RunAllOptions,
): Promise<Taken> {
  const { chooseBuilders } = await import('./probes.js');
  const { listenForStop, stoppedWith } = await import('./interrupt.js');
  const { runOne } = await import('./run/one.js');
  const { clearRemains } = await import('../remains.js');
  const interrupt = listenForStop({ atOnce: true });
  const found: Chosen = await chooseBuilders(preferences);
  const [builder] = found.chosen;
  if (builder === undefined) throw new UserError('--builder: name one');
  for (const sentence of await clearRemains(options.results)) tell(sentence);
  interrupt.begin();
  try {
    const result = await runOne({ scenario, builder }, options, found, interrupt);
    const measured = await measuredOf(result);
    const { stopped, directory } = result;
    if (measured === null)
      tell(terminalText(`nothing could be measured${whyNot(result)}; the run is kept in ${directory}`));
    else if (stopped !== null)
      tell(terminalText(`it was measured by fewer iterations (${stopped}); the run is kept in ${directory}`));
    const codes = [
      endExitCode(result),
      measured === null || stopped !== null ? runExitCode(result, 'never') : exitCodes.done,
    ];
    return { measured, exitCode: interrupt.exitCode() ?? gravest(codes) };
  } catch (error) {
    return { measured: null, exitCode: stoppedWith(error, interrupt) };
  } finally {
    interrupt.release();
  }
}

async function measuredOf(result: RunResult): Promise<Measured | null> {
  const { measure } = await import('../results/measurement.js');
  const measurement = await measure(result.directory);
  if (measurement === null) return null;
  const { kind, version, daemonVersion, simulated } = result.builder;
  const arms = result.arms.filter(({ skipped }) => skipped === null).map(({ name }) => name);
  return {
    ...measurement,
    directory: result.directory,
    builder: { kind, version, daemonVersion, simulated },
    arms,
  };
}

function whyNot({ stopped, arms }: RunResult): string {
  const skipped = arms.find((arm) => arm.skipped !== null);
  const reason = stopped ?? (skipped === undefined ? null : `${skipped.name}: ${skipped.skipped}`);
  return reason === null ? '' : ` (${reason})`;
}
