import path from 'node:path';
import { shellWord } from '../reports/escape.js';
import { columns, wrap } from '../reports/width.js';
import { scenariosFolder } from '../scenario/library.js';
import type { Scenario } from '../scenario/load.js';
import { scenarioSweep } from '../scenario/sweep.js';
import { signals } from '../signals.js';

/** Names and titles, a line each; titles that are longer than `width` allows go on below themselves. */
export function overview(scenarios: readonly Scenario[], width: number): string {
  const indent = Math.max(...scenarios.map(({ name }) => columns(name))) + 2;
  return scenarios
    .map(({ name, source }) => name.padEnd(indent) + hanging(source.title, width, indent))
    .join('\n');
}

/** All that a scenario says of itself, in lines of at most `width` columns. */
export function page(scenario: Scenario, width: number): string {
  const { name, source } = scenario;
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
    ...sweepSection(scenario),
    `Looks for: ${(source.signals ?? signals).join(', ')}`,
    source.builders === undefined ? '' : `Only for the builders: ${source.builders.join(', ')}`,
    source.registry ? 'Needs a registry: --registry HOST:PORT, or one of its own where doctor finds one' : '',
    `Run it: ${command(scenario)}`,
  ];
  return sections
    .filter((section) => section !== '')
    .join('\n\n')
    .split('\n')
    .map((line) => indented(line, width))
    .join('\n');
}

/** What a scenario varies; nothing where it varies nothing. */
function sweepSection({ source }: Scenario): string[] {
  const sweep = scenarioSweep(source.sweep);
  if (sweep === null) return [];
  const factors = [...sweep].map(([factor, levels]) => `  ${factor}: ${levels.join(', ')}`);
  return [
    `Sweeps, unless --sweep says otherwise, over every combination of:\n${factors.join('\n')}\n(alone arms are left out)`,
  ];
}

/** The command that runs it, on a builder that it is for. */
function command({ name, file, source }: Scenario): string {
  const [builder] = source.builders ?? [];
  const run = `buildrace run ${shellWord(isBundled(file) ? name : file)}`;
  return builder === undefined ? run : `${run} --builder ${shellWord(builder)}`;
}

function indented(line: string, width: number): string {
  const indent = line.length - line.trimStart().length;
  return ' '.repeat(indent) + hanging(line.trimStart(), width, indent);
}

function hanging(text: string, width: number, indent: number): string {
  return wrap(text, width - indent).join(`\n${' '.repeat(indent)}`);
}

const isBundled = (file: string): boolean => path.dirname(file) === scenariosFolder;
