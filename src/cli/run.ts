import { UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { durationOption, iterationsOption, jsonOption, lanesOption, listed, outOption } from './options.js';
import { type BaselineValues, baselineChoice, baselineOptions } from './run-baseline.js';
import { type StoppingValues, stoppingChoice, stoppingOptions } from './run-stopping.js';
import { type SweepValues, sweepChoice, sweepOptions } from './run-sweep.js';

export interface RunValues extends StoppingValues, BaselineValues, SweepValues {
  readonly scenarios: string[] | undefined;
  readonly builder: string[] | undefined;
  readonly arm: string[] | undefined;
  readonly lanes: string | undefined;
  readonly delay: string | undefined;
  readonly timeout: string | undefined;
  readonly registry: string | undefined;
  readonly destructive: boolean;
  readonly out: string;
  readonly json: boolean;
}

const builderHelp =
  'KIND[:INSTANCE]; a comma list is an order of preference, repeated it runs on each (default auto)';

export const runCommand: CliCommand<RunValues> = {
  usage: 'run [scenarios..]',
  summary:
    'Launch the builds of scenarios at one instant, again and again, and say how often the faults showed',
  options: (yargs) =>
    sweepOptions(baselineOptions(stoppingOptions(yargs)))
      .positional('scenarios', { type: 'string', array: true, describe: 'Names from list, or YAML files' })
      .option('builder', { type: 'string', array: true, requiresArg: true, nargs: 1, describe: builderHelp })
      .option('arm', {
        type: 'string',
        array: true,
        requiresArg: true,
        nargs: 1,
        describe: 'Run only these arms',
      })
      .option('lanes', { type: 'string', requiresArg: true, describe: 'Builds at one instant' })
      .option('iterations', { type: 'string', requiresArg: true, describe: 'Iterations of each arm' })
      .option('delay', {
        type: 'string',
        requiresArg: true,
        describe: 'Delay of each lane after the gate: 0ms,50ms',
      })
      .option('timeout', {
        type: 'string',
        requiresArg: true,
        describe: 'Time limit of one build (default 10m)',
      })
      .option('registry', {
        type: 'string',
        requiresArg: true,
        describe: 'HOST:PORT of a plain-http registry for scenarios that push (default $BUILDRACE_REGISTRY)',
      })
      .option('destructive', {
        type: 'boolean',
        default: false,
        describe: 'Allow steps that take from others, such as emptying the builder’s cache',
      })
      .option('out', outOption)
      .option('fail-on', {
        type: 'string',
        default: 'never',
        choices: ['never', 'reproduced', 'not-reproduced', 'regression'],
        requiresArg: true,
        describe: 'The verdict that ends with exit code 1',
      })
      .option('json', jsonOption) as never,
  async run(values) {
    const { maxIterations, ...stopping } = stoppingChoice(values);
    const options = {
      ...stopping,
      scenarios: values.scenarios?.length ? values.scenarios : null,
      overrides: {
        arms: listed(values.arm),
        lanes: lanesOption(values.lanes),
        iterations: maxIterations ?? iterationsOption(values.iterations),
        delaysMs: delays(values.delay),
        offsetMs: null,
        sweep: sweepChoice(values),
      },
      timeoutMs: timeLimit(values.timeout),
      registry: values.registry ?? null,
      destructive: values.destructive,
      results: values.out,
      failOn: values['fail-on'],
      baseline: baselineChoice(values),
      json: values.json,
    };
    // The builders are asked while the rest is loaded; what they lack is told after the scenarios' mistakes.
    const { chooseBuilders } = await import('./probes.js');
    const choosing = chooseBuilders(values.builder ?? ['auto']);
    choosing.catch(() => undefined);
    const { runAll } = await import('./run-all.js');
    return runAll(options, choosing);
  },
};

function delays(value: string | undefined): number[] | null {
  return (
    listed(value === undefined ? undefined : [value])?.map((one) => durationOption('delay', one) ?? 0) ?? null
  );
}

function timeLimit(value: string | undefined): number | null {
  const ms = durationOption('timeout', value);
  if (ms === 0) throw new UserError('--timeout 0: expected more than nothing');
  return ms;
}
