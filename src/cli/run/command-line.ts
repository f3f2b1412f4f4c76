import path from 'node:path';
import type { ChosenBuilder } from '../../chosen-builder.js';
import { shellWord } from '../../reports/escape.js';
import { durationText } from '../../scenario/duration.js';
import { scenariosFolder } from '../../scenario/library.js';
import type { Scenario } from '../../scenario/load.js';
import { logLimitWords } from './log-limit.js';
import type { RunAllOptions } from './options.js';
import { sweepWords } from './sweep.js';

/** The command line that runs one scenario on one builder again, quoted for a shell. */
export function commandLine(scenario: Scenario, { builder }: ChosenBuilder, options: RunAllOptions): string {
  const { overrides, timeoutMs, registry, destructive } = options;
  const isFixed = options.stopping.rule === 'fixed';
  const isBundled = path.dirname(scenario.file) === path.resolve(scenariosFolder);
  const words: readonly [string, string | undefined][] = [
    ['builder', builder.instance === null ? builder.kind : `${builder.kind}:${builder.instance}`],
    ['arm', overrides.arms?.join(',')],
    ['lanes', overrides.lanes?.toString()],
    [isFixed ? 'iterations' : 'max-iterations', overrides.iterations?.toString()],
    ['delay', overrides.delaysMs?.map((ms) => `${ms}ms`).join(',')],
    ...sweepWords(overrides.sweep),
    ['timeout', timeoutMs === null ? undefined : `${timeoutMs}ms`],
    ...logLimitWords(options.maxLogBytes),
    ...stoppingWords(options),
    ...windowWords(options),
    ['registry', registry ?? undefined],
  ];
  const given = words.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const flags = [
    ...(options.window === null ? [] : ['--find-window']),
    ...(destructive ? ['--destructive'] : []),
  ];
  return ['buildrace', 'run', isBundled ? scenario.name : scenario.file, ...given, ...flags]
    .map(shellWord)
    .join(' ');
}

function windowWords({ window }: RunAllOptions): [string, string | undefined][] {
  if (window === null) return [];
  const { fromMs, toMs } = window.range;
  return [
    ['window', `${durationText(fromMs)}..${durationText(toMs)}`],
    ['max-iterations', `${window.maxIterations}`],
  ];
}

function stoppingWords({ seed, stopping, maxTimeMs, shard }: RunAllOptions): [string, string | undefined][] {
  const { rule } = stopping;
  return [
    ['until', rule === 'fixed' ? undefined : rule],
    ...(rule === 'verdict'
      ? ([
          ['p0', `${stopping.p0}`],
          ['p1', `${stopping.p1}`],
        ] as [string, string][])
      : []),
    ['max-time', maxTimeMs === null ? undefined : durationText(maxTimeMs)],
    ['seed', seed?.toString()],
    ['shard', shard === null ? undefined : `${shard.index}/${shard.of}`],
  ];
}
