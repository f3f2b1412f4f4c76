import { UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { listenForStop } from './interrupt.js';
import {
  choices,
  delaysOption,
  durationOption,
  failOnOption,
  iterationsOption,
  jsonOption,
  lanesOption,
  listed,
  outOption,
} from './options.js';
import { type BaselineValues, baselineChoice, baselineOptions } from './run/baseline.js';
import { logLimit, logLimitOption } from './run/log-limit.js';
import { type StoppingValues, stoppingChoice, stoppingOptions } from './run/stopping.js';
import { type SweepValues, sweepChoice, sweepOptions } from './run/sweep.js';
import { type WindowValues, windowChoice, windowOptions } from './run/window.js';

export interface RunValues extends StoppingValues, BaselineValues, SweepValues, WindowValues {
  readonly scenarios: string[] | undefined;
  readonly builder: string[] | undefined;
  readonly arm: string[] | undefined;
  readonly lanes: string | undefined;
  readonly delay: string | undefined;
  readonly timeout: string | undefined;
  readonly 'max-log': string | undefined;
  readonly registry: string | undefined;
  readonly destructive: boolean;
  readonly out: string;
  readonly json: boolean;
}

export const runCommand: CliCommand<RunValues> = {
  usage: 'run [scenarios..]',
  summary:
    'Launch the builds of scenarios at one instant, again and again, and say how often the faults showed',
  options: (yargs) =>
    windowOptions(sweepOptions(baselineOptions(stoppingOptions(yargs))))
      .positional('scenarios', { type: 'string', array: true, describe: 'Names from list, or YAML files' })
      .option('builder', choices.builder)
      .option('arm', choices.arm)
      .option('lanes', choices.lanes)
      .option('iterations', { type: 'string', requiresArg: true, describe: 'Iterations of each arm' })
      .option('delay', choices.delay)
      .option('timeout', {
        type: 'string',
        requiresArg: true,
        describe: 'Time limit of one build (default 10m)',
      })
      .option('max-log', logLimitOption)
      .option('registry', choices.registry)
      .option('destructive', choices.destructive)
      .option('out', outOption)
      .option('fail-on', {
        ...failOnOption,
        default: 'never',
        describe: 'The verdict that ends with exit code 1',
      })
      .option('json', jsonOption) as never,
  async run(values) {
    const window = windowChoice(values);
    const { maxIterations, ...stopping } = stoppingChoice(values);
    const options = {
      ...stopping,
      window,
      maxLogBytes: logLimit(values['max-log']),
      scenarios: values.scenarios?.length ? values.scenarios : null,
      overrides: {
        arms: listed(values.arm),
        lanes: lanesOption(values.lanes),
        iterations: maxIterations ?? iterationsOption(values.iterations),
        delaysMs: delaysOption(values.delay),
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
    const interrupt = listenForStop({ atOnce: true });
    // The builders are asked while the rest is loaded; what they lack is told after the scenarios' mistakes.
    const { chooseBuilders } = await import('./probes.js');
    const choosing = chooseBuilders(values.builder ?? ['auto']);
    choosing.catch(() => undefined);
    const { runAll } = await import('./run/all.js');
    return runAll(options, choosing, interrupt);
  },
};

function timeLimit(value: string | undefined): number | null {
  const ms = durationOption('timeout', value);
  if (ms === 0) throw new UserError('--timeout 0: expected more than nothing');
  return ms;
}
