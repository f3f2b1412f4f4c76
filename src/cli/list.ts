import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from '../reports/escape.js';
import { wrap } from '../reports/width.js';
import { signals } from '../signals.js';
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
    if (json) answerJson({ schemaVersion: 1, scenarios: scenarios.map(summary) });
    else if (name === undefined) answer(overview(scenarios));
    else answer(scenarios.map(page).join('\n'));
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

function overview(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length)) + 2;
  const room = Math.max(20, (process.stdout.isTTY ? process.stdout.columns : 80) - width);
  return scenarios
    .flatMap(({ name, source }) =>
      wrap(source.title, room).map((line, i) => `${(i === 0 ? name : '').padEnd(width)}${line}`),
    )
    .join('\n');
}

function page({ name, file, source }: Scenario): string {
  const arms = source.arms.map((arm) => {
    const head = `  ${arm.name} (${arm.role}${arm.of === undefined ? '' : ` of ${arm.of}`})`;
    const expects = arm.expects === undefined ? [] : [`    expects ${arm.expects.join(', ')}`];
    return [head, ...(arm.title === undefined ? [] : [`    ${arm.title}`]), ...expects].join('\n');
  });
  const sections = [
    `${name}: ${source.title}`,
    source.description?.trimEnd() ?? '',
    source.reports.map((report) => `  ${report}`).join('\n'),
    `Arms (${source.iterations} iterations each, unless --iterations says otherwise):\n${arms.join('\n')}`,
    wrap(`Looks for: ${(source.signals ?? signals).join(', ')}`, 80).join('\n'),
    `Run it: buildrace run ${shellWord(isBundled(file) ? name : file)}`,
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

const scenariosFolder = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '../../scenarios');
const isBundled = (file: string): boolean => path.dirname(file) === scenariosFolder;
