/**
 * Runs every scenario on every BuildKit of the lab, each on a private daemon, and writes what was seen into the README.
 *
 *     npm run lab:survey [-- ITERATIONS [SCENARIO…]]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunDocument } from '../e2e/contract.js';
import { projectRoot } from '../e2e/paths.js';
import { buildkitVersions, labVariable, resultsFolder, runInLab } from './lab.js';

const scenarios = [
  'chaos-1506',
  'lazy-cache-export',
  'inline-cache-digest',
  'cache-mount-architecture',
  'copy-from-image-splits-stage',
  'context-race',
  'no-cache-empties-mount',
  'shared-cache-destination',
  'cache-tag-reset',
  'context-by-size-and-mtime',
  'lost-output',
];
const marks = { start: '<!-- survey -->', end: '<!-- /survey -->' };

type Arm = RunDocument['arms'][number];
type Signal = Arm['signals'][number];

async function main(iterations: number, wanted: readonly string[]): Promise<void> {
  const results = resultsFolder();
  const rows: string[] = [];
  try {
    for (const scenario of wanted.length > 0 ? wanted : scenarios) {
      for (const version of buildkitVersions) {
        const folder = labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}_BIN`);
        const args = [scenario, '--builder', `buildkitd:${folder}`, '--iterations', String(iterations)];
        const { run } = await runInLab(args, results.folder);
        rows.push(...rowsOf(scenario, version, run));
        console.log(rows.at(-1));
      }
    }
  } finally {
    results.remove();
  }
  write(tableOf(rows, iterations));
}

/** One row for each reproduce arm and signal that it expects; of signals that nothing was seen of, one for all. */
function rowsOf(scenario: string, version: string, run: RunDocument): string[] {
  return run.arms
    .filter((arm) => arm.role === 'reproduce')
    .flatMap((arm) => {
      if (arm.skipped !== null) return [row(scenario, version, arm.name, '', 'skipped', '', '', arm.skipped)];
      const expected = arm.signals.filter((signal) => signal.expected);
      const seen = expected.filter((signal) => signal.iterations.count > 0);
      const unseen = expected.filter((signal) => signal.iterations.count === 0);
      const groups = [...seen.map((signal) => [signal]), ...(unseen.length > 0 ? [unseen] : [])];
      return groups.map((signals) => signalRow(scenario, version, run, arm, signals));
    });
}

function signalRow(
  scenario: string,
  version: string,
  run: RunDocument,
  arm: Arm,
  signals: readonly Signal[],
): string {
  const [signal] = signals;
  if (signal === undefined) throw new Error('no signal');
  const { count, of, blind } = signal.iterations;
  const names = signals.map((one) => one.signal).join(', ');
  const control = run.arms.find((one) => one.role === 'control' && one.of === arm.name);
  const there = control?.signals.find((one) => one.signal === signal.signal)?.iterations;
  const beside = there === undefined ? '–' : `${control?.name} ${there.count} of ${there.of}`;
  const seen = of === 0 ? `blind ${blind}` : `${count} of ${of}`;
  const range =
    signal.interval === null ? '–' : `${percent(signal.interval.low)}–${percent(signal.interval.high)} %`;
  const verdict = signal.verdict?.replace('-', ' ') ?? '';
  return row(scenario, version, arm.name, names, verdict, seen, range, beside);
}

const percent = (share: number): number => Math.round(share * 100);

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function tableOf(rows: readonly string[], iterations: number): string {
  const { length } = os.cpus();
  const day = new Date().toISOString().slice(0, 10);
  return [
    `${iterations} iterations an arm, each on a private daemon (\`--builder buildkitd\`), ${os.arch()}, ${length} cores, ${day};`,
    'intervals are Wilson, 95 %. Written by `npm run lab:survey`.',
    '',
    '| scenario | BuildKit | arm | signal | verdict | iterations | interval | control |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function write(table: string): void {
  const file = path.join(projectRoot, 'README.md');
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(marks.start);
  const end = text.indexOf(marks.end);
  if (start < 0 || end < start) throw new Error(`${file} has no ${marks.start} … ${marks.end}`);
  writeFileSync(file, `${text.slice(0, start)}${marks.start}\n${table}\n${text.slice(end)}`);
}

const [iterations = '5', ...wanted] = process.argv.slice(2);
await main(Number(iterations), wanted);
