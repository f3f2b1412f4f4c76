import type { CliCommand } from './command.js';
import { jsonOption } from './options.js';
import { answer, answerJson } from './output.js';

interface Values {
  readonly name: string | undefined;
  readonly json: boolean;
}

export const listCommand: CliCommand<Values> = {
  usage: 'list [name]',
  summary: 'The scenarios, or one of them as a page',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', describe: 'A scenario’s name or YAML file' })
      .option('json', jsonOption),
  async run({ name, json }) {
    const { findScenario, scenarioNames } = await import('../scenario/library.js');
    const scenarios = await Promise.all(
      (name === undefined ? await scenarioNames() : [name]).map(findScenario),
    );
    if (json) {
      await answerJson({ schemaVersion: 1, scenarios: scenarios.map(summary) });
      return 0;
    }
    const { overview, page } = await import('./scenario-page.js');
    // Programs that read lines get them whole.
    const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
    answer(
      name === undefined
        ? overview(scenarios, width)
        : scenarios.map((scenario) => page(scenario, width)).join('\n'),
    );
    return 0;
  },
};

type Scenario = import('../scenario/load.js').Scenario;

function summary({ name, source }: Scenario): unknown {
  return {
    name,
    title: source.title,
    reports: source.reports,
    arms: source.arms.map((arm) => ({
      name: arm.name,
      role: arm.role,
      of: arm.of ?? null,
      expects: arm.expects ?? [],
    })),
  };
}
