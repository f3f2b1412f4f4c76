import path from 'node:path';
import { shellWord } from '../reports/escape.js';
import type { ChosenBuilder } from '../reproduce.js';
import { scenariosFolder } from '../scenario/library.js';
import type { Scenario } from '../scenario/load.js';
import type { RunAllOptions } from './run-options.js';

/** The command line that runs one scenario on one builder again, quoted for a shell. */
export function commandLine(
  scenario: Scenario,
  { builder }: ChosenBuilder,
  { overrides, timeoutMs, registry, destructive }: RunAllOptions,
): string {
  const isBundled = path.dirname(scenario.file) === path.resolve(scenariosFolder);
  const options: readonly [string, string | undefined][] = [
    ['builder', builder.instance === null ? builder.kind : `${builder.kind}:${builder.instance}`],
    ['arm', overrides.arms?.join(',')],
    ['lanes', overrides.lanes?.toString()],
    ['iterations', overrides.iterations?.toString()],
    ['delay', overrides.delaysMs?.map((ms) => `${ms}ms`).join(',')],
    ['timeout', timeoutMs === null ? undefined : `${timeoutMs}ms`],
    ['registry', registry ?? undefined],
  ];
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const flags = destructive ? ['--destructive'] : [];
  return ['buildrace', 'run', isBundled ? scenario.name : scenario.file, ...given, ...flags]
    .map(shellWord)
    .join(' ');
}
