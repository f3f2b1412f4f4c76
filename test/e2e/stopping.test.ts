import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { armOf, type RunDocument, runsDocument, signalOf } from './contract.js';
import { buildrace, scratchFolder } from './program.js';

interface Experiment {
  readonly run: RunDocument;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A run on the simulated builder, whose faults show always, or never. */
async function runWith(...args: readonly string[]): Promise<Experiment> {
  const out = scratchFolder();
  const ended = await buildrace(['run', 'chaos-1506', '--json', '--out', out, ...args]);
  const document = runsDocument.parse(JSON.parse(ended.stdout));
  const [run] = document.runs;
  if (run === undefined) throw new Error(ended.stderr);
  return { run, stderr: ended.stderr, exitCode: ended.exitCode };
}

// One build an iteration is enough for a label that needs no concurrency.
const drifting = ['--builder', 'simulated:apple', '--arm', 'explicit-variant,explicit-plain', '--lanes', '1'];

/** Names of the arms in the order in which their iterations began. */
function orderOf(run: RunDocument): string[] {
  return readFileSync(path.join(run.directory, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'iteration-started')
    .map(({ arm, iteration }) => `${arm} ${iteration}`);
}

describe('the order of a run', () => {
  test('follows from its seed, which is printed and recorded, and is kept in the command that runs it again', async () => {
    const [one, same] = await Promise.all(
      [1, 2].map(() => runWith(...drifting, '--seed', '9', '--iterations', '3')),
    );
    if (one === undefined || same === undefined) throw new Error('two runs were asked for');
    expect(orderOf(one.run)).toEqual(orderOf(same.run));
    expect(orderOf(one.run)).toHaveLength(6);
    expect(one.stderr).toContain('in the order of seed 9');
    expect(one.run).toMatchObject({ seed: 9 });
    expect(String(one.run.again)).toContain('--seed 9');
    expect(armOf(one.run, 'explicit-variant').signals[0]).toMatchObject({ course: '111' });
  });
});

describe('until the verdict', () => {
  test('goes on until each arm is settled, and says as what', async () => {
    const { run, exitCode } = await runWith(...drifting, '--until', 'verdict');
    expect(exitCode).toBe(0);
    expect(run.verdict).toBe('reproduced');
    const seen = signalOf(armOf(run, 'explicit-variant'), 'platform-drift');
    const clean = signalOf(armOf(run, 'explicit-plain'), 'platform-drift');
    expect(seen).toMatchObject({ sequential: { answer: 'at-least' }, verdict: 'reproduced' });
    expect(clean).toMatchObject({ sequential: { answer: 'at-most' }, iterations: { count: 0 } });
    for (const one of [seen, clean]) expect(one.interval?.method).toBe('confidence-sequence');
    // Both went on until the slower of them was settled, and not for long after.
    expect(clean.iterations.of).toBeGreaterThanOrEqual(10);
    expect(clean.iterations.of).toBeLessThan(15);
    expect(Math.abs(seen.iterations.of - clean.iterations.of)).toBeLessThanOrEqual(1);
  });

  test('ends inconclusive at its limit, with what is known', async () => {
    const { run, exitCode } = await runWith(...drifting, '--until', 'verdict', '--max-iterations', '1');
    expect(exitCode).toBe(4);
    expect(run.verdict).toBe('inconclusive');
    expect(signalOf(armOf(run, 'explicit-variant'), 'platform-drift')).toMatchObject({
      iterations: { count: 1, of: 1 },
      sequential: { answer: 'open' },
    });
  });

  test('a limit of time that is shorter than a build ends it with nothing lost', async () => {
    const { run, exitCode } = await runWith(...drifting, '--until', 'verdict', '--max-time', '1ms');
    expect(exitCode).toBe(4);
    expect(run).toMatchObject({ verdict: 'inconclusive', stopped: 'the time limit of 1ms was reached' });
    const again = await buildrace(['analyze', run.directory, '--json']);
    expect(again.exitCode).toBe(4);
  });
});

describe('until the first sight', () => {
  test('ends with it, and prints no rate', async () => {
    const out = scratchFolder();
    const ended = await buildrace(['run', 'chaos-1506', '--out', out, ...drifting, '--until', 'first']);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout.replaceAll(/\s+/g, ' ')).toContain('reproduced: first seen in the 1st iteration');
    expect(ended.stdout).toContain('how often it shows was not measured');
    const row = ended.stdout.split('\n').find((line) => line.startsWith('  platform-drift'));
    expect(row).toMatch(/^ {2}platform-drift +yes +\d/);
    expect(ended.stdout).not.toMatch(/(reproduced|seen) in 1 of 1/);
  });
});

describe('what goes wrong', () => {
  test.for([
    [['--until', 'verdict', '--p0', '0.4'], /p0 has to be below p1/],
    [['--until', 'soon'], /--until "soon"; choose one of/],
    [['--shard', '9/8'], /--shard 9\/8: expected a part/],
    [['--max-iterations', '3'], /goes with --until/],
    [['--seed', 'x'], /--seed x: expected/],
  ] as const)('%j is one sentence and exit code 2', async ([args, message]) => {
    const ended = await buildrace(['run', 'chaos-1506', '--builder', 'simulated', ...args]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});
