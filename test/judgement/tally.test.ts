import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../src/judgement/judge.js';
import { counted, type Tally, TallyKeeper } from '../../src/judgement/tally.js';
import { judgement, readIteration, readLane, sight } from './sample-judgement.js';

const signal = 'platform-drift';

function tallyOf(...judgements: readonly Judgement[]): Tally {
  const keeper = new TallyKeeper(signal, '');
  for (const one of judgements) keeper.add(one, one.sights[0]);
  return keeper.tally;
}

const found = (...lanes: readonly string[]): Judgement => judgement([sight(signal, lanes)]);
const clean = found();
const blind = (reasons: Readonly<Record<string, string>>, ...lanes: readonly string[]): Judgement =>
  judgement([sight(signal, lanes, reasons)]);

describe('a tally', () => {
  it('of nothing is 0 of 0', () => {
    expect(tallyOf()).toEqual({
      signal,
      iterations: { count: 0, of: 0, blind: 0 },
      builds: { count: 0, of: 0 },
      course: '',
      blindReasons: [],
      examples: [],
    });
  });

  it('counts an iteration once, and each of its builds', () => {
    expect(tallyOf(found('a', 'b'), found('b'), clean)).toMatchObject({
      iterations: { count: 2, of: 3, blind: 0 },
      builds: { count: 3, of: 6 },
    });
  });

  it('counts a build once, however often the fault shows in it', () => {
    expect(tallyOf(found('a', 'a'))).toMatchObject({
      iterations: { count: 1, of: 1 },
      builds: { count: 1, of: 2 },
    });
  });

  it('counts an iteration as blind, never as clean, where one lane could not be looked at and none shows it', () => {
    expect(tallyOf(blind({ b: 'the log was cut' }), clean)).toMatchObject({
      iterations: { count: 0, of: 1, blind: 1 },
      builds: { count: 0, of: 3 },
      blindReasons: [{ reason: 'the log was cut', count: 1 }],
    });
  });

  it('counts what was found, though another lane could not be looked at', () => {
    expect(tallyOf(blind({ b: 'the log was cut' }, 'a'))).toMatchObject({
      iterations: { count: 1, of: 1, blind: 0 },
      builds: { count: 1, of: 1 },
      blindReasons: [],
    });
  });

  it('names the reasons of blindness, each once an iteration, the most frequent first', () => {
    const { iterations, builds, blindReasons } = tallyOf(
      blind({ a: 'cut' }),
      blind({ a: 'no platform', b: 'no platform' }),
      blind({ a: 'no platform', b: 'cut' }),
      blind({ b: 'no platform' }),
    );
    expect(iterations).toEqual({ count: 0, of: 0, blind: 4 });
    expect(builds).toEqual({ count: 0, of: 2 });
    expect(blindReasons).toEqual([
      { reason: 'no platform', count: 3 },
      { reason: 'cut', count: 2 },
    ]);
  });

  it('notes what each iteration showed, in their order', () => {
    const invalid = judgement([], { invalid: 'no network' });
    const nothingToLookAt = judgement([]);
    const seen = found('a');
    expect(tallyOf(seen, invalid, blind({ a: 'cut' }), nothingToLookAt, found()).course).toBe('1x--0');
  });

  it('keeps the first three sights, with their files', () => {
    const { examples } = tallyOf(found('a', 'b'), found('a'), found('b'));
    expect(examples).toEqual([
      {
        iteration: 1,
        lane: 'a',
        message: 'seen in a',
        file: 'a.stderr',
        evidence: [{ line: 3, text: 'RUN make' }],
      },
      {
        iteration: 1,
        lane: 'b',
        message: 'seen in b',
        file: 'b.stderr',
        evidence: [{ line: 3, text: 'RUN make' }],
      },
      {
        iteration: 1,
        lane: 'a',
        message: 'seen in a',
        file: 'a.stderr',
        evidence: [{ line: 3, text: 'RUN make' }],
      },
    ]);
  });

  it('shows of a sight only the lines of one file, as each has its own numbers', () => {
    const lane = readLane('a');
    const twoFiles = {
      ...lane,
      place: (line: number) => (line < 5 ? { file: 'a.stdout', line } : { file: 'a.stderr', line: line - 4 }),
    };
    const evidence = [
      { line: 4, text: 'a step' },
      { line: 5, text: 'the closing error' },
    ];
    const seen = {
      signal,
      findings: [{ signal, lane: 'a', message: 'm', evidence }],
      blind: new Map(),
    } as const;
    const { examples } = tallyOf(judgement([seen], { read: readIteration([twoFiles]) }));
    expect(examples).toMatchObject([{ file: 'a.stdout', evidence: [{ line: 4, text: 'a step' }] }]);
  });
});

it('reasons are counted, equal ones in the order of their first sight', () => {
  expect(
    counted(
      new Map([
        ['x', 1],
        ['y', 2],
        ['z', 1],
      ]),
    ),
  ).toEqual([
    { reason: 'y', count: 2 },
    { reason: 'x', count: 1 },
    { reason: 'z', count: 1 },
  ]);
});
