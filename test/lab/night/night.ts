import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { armOf, signalOf } from '../../e2e/contract.js';
import { labVariable } from '../lab.js';
import { type Counts, independentCount } from './independent-count.js';
import { killedRun, leftBelow, type NightOptions, type Victim } from './killed-run.js';

/** Arms that a night is made of, and the signal that is counted in them. */
const nights = {
  'chaos-1506': { arms: ['explicit-variant', 'explicit-plain'], signal: 'platform-drift' },
  'no-cache-empties-mount': { arms: ['no-cache', 'with-cache'], signal: 'cache-mount-lost' },
} as const;

export interface Row {
  readonly arm: string;
  readonly planned: number;
  readonly told: Counts;
  readonly counted: Counts | null;
  readonly agrees: boolean;
}

export interface Night {
  readonly scenario: string;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly resumed: number;
  readonly rows: readonly Row[];
  /** What is left of it after its end. */
  readonly left: readonly string[];
}

/** One scenario through the night; its results folder is kept, and named, where something is wrong. */
export async function nightOf(
  scenario: keyof typeof nights,
  options: Pick<NightOptions, 'seed' | 'pauseMs' | 'mostKills' | 'tell'> & { readonly iterations: number },
): Promise<Night> {
  const { arms, signal } = nights[scenario];
  const results = mkdtempSync(path.join(os.tmpdir(), 'buildrace-night-'));
  const builder = `buildkitd:${labVariable('LAB_BUILDKIT_0_32_2_BIN')}`;
  const { run, kills, resumed } = await killedRun({
    ...options,
    results,
    args: [
      ...[scenario, '--builder', builder, '--arm', arms.join(','), '--seed', '1'],
      ...['--iterations', String(options.iterations)],
    ],
  });
  const counted = independentCount(run.directory, signal);
  const rows = arms.map((name): Row => {
    const arm = armOf(run, name);
    const { count, of, blind } = signalOf(arm, signal).iterations;
    const { planned, valid, invalid } = arm.iterations;
    const told = { count, of, blind, invalid };
    const own = counted.get(name) ?? null;
    const isWhole = valid + invalid === planned && of + blind === valid;
    const agrees = isWhole && JSON.stringify(own) === JSON.stringify(told);
    return { arm: name, planned, told, counted: own, agrees };
  });
  const left = [
    ...leftBelow(results),
    ...readdirSync(results)
      .filter((name) => name.startsWith('.') || path.join(results, name) !== run.directory)
      .map((name) => `${name} in the results folder`),
  ];
  if (rows.every(({ agrees }) => agrees) && left.length === 0) rmSync(results, { recursive: true });
  else options.tell(`kept in ${results}`);
  return { scenario, kills, resumed, rows, left };
}

/** A row for the reader. */
export function agreement({ arm, planned, told, counted, agrees }: Row): string {
  const text = (one: Counts | null): string =>
    one === null ? 'nothing' : `${one.count} of ${one.of}, ${one.blind} blind, ${one.invalid} invalid`;
  const both = agrees ? 'and the raw logs agree' : `but the raw logs say ${text(counted)}`;
  return `${arm}: ${planned} planned, told ${text(told)}, ${both}`;
}
