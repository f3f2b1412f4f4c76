import { expect, test } from 'vitest';
import {
  chooseShown,
  cleanBeside,
  firstFailing,
  type Limits,
  type Outline,
} from '../../src/details/choose.js';
import { iterationFinished } from '../results/sample-run.js';

const outline = (arm: string, iteration: number, more: Partial<Outline> = {}): Outline => ({
  arm,
  iteration,
  event: iterationFinished({ arm, iteration }),
  role: 'reproduce',
  of: null,
  valid: true,
  shown: [],
  expected: [],
  blind: [],
  lanes: 2,
  ...more,
});
const failing: Partial<Outline> = { shown: ['platform-drift'], expected: ['platform-drift'] };
const other: Partial<Outline> = { shown: ['build-failed'] };
const alike = () => 0;
/** The pair and what is shown with it. */
const choose = (all: readonly Outline[], limits: Limits) => {
  const first = firstFailing(all, alike);
  const pair = { firstFailing: first, clean: cleanBeside(all, first) };
  return { chosen: chooseShown(all, limits, pair), ...pair };
};
const control = { role: 'control', of: 'main' } as const;
const names = (outlines: readonly Outline[]) => outlines.map(({ arm, iteration }) => `${arm} ${iteration}`);
const nameOf = (one: Outline | null) => one && names([one])[0];
const wide = { iterations: 60, lanes: 480 };

test('the first failing one shows what a reproduce arm expects, before anything else that shows something', () => {
  const all = [
    outline('plain', 1, { ...control, ...other }),
    outline('main', 1, { ...failing, valid: false }),
    outline('main', 2, { ...other }),
    outline('main', 3, failing),
  ];
  expect(nameOf(firstFailing(all, alike))).toBe('main 3');
  expect(nameOf(firstFailing(all.slice(0, 3), alike))).toBe('plain 1');
  expect(firstFailing(all.slice(1, 2), alike)).toBeNull();
});

test('the clean one is of its control, else of its own arm, of its builds alone, of any; a blind one at last', () => {
  const bad = outline('main', 1, failing);
  const all = [
    outline('other', 1),
    outline('alone', 1, { role: 'alone', of: 'main' }),
    outline('main', 2),
    outline('plain', 1, { ...control, blind: ['platform-drift', 'build-failed'] }),
    outline('plain', 2, control),
  ];
  const without = (...gone: string[]) => all.filter(({ arm }) => !gone.includes(arm));
  expect(nameOf(cleanBeside([bad, ...all], bad))).toBe('plain 2');
  expect(nameOf(cleanBeside([bad, ...without('plain')], bad))).toBe('main 2');
  expect(nameOf(cleanBeside([bad, ...without('plain', 'main')], bad))).toBe('alone 1');
  expect(nameOf(cleanBeside([bad, ...without('plain', 'main', 'alone')], bad))).toBe('other 1');
  expect(nameOf(cleanBeside([bad, all[3] as Outline], bad))).toBe('plain 1');
  expect(cleanBeside([bad, outline('plain', 1, { ...control, valid: false })], bad)).toBeNull();
});

test('what is blind for another fault is as clean as any', () => {
  const bad = outline('main', 1, failing);
  const beside = outline('plain', 1, { ...control, blind: ['daemon-error'] });
  expect(nameOf(cleanBeside([bad, beside, outline('main', 2)], bad))).toBe('plain 1');
  // Where nothing failed, nothing says which fault counts.
  expect(nameOf(cleanBeside([beside, outline('main', 2)], null))).toBe('main 2');
});

test('of several faults the one that weighs least in the list comes first, whichever was seen first', () => {
  const all = [
    outline('shown-always', 1, failing),
    outline('race', 1),
    outline('race', 7, { shown: ['copy-from-failed'], expected: ['copy-from-failed'] }),
    outline('race', 8, { shown: ['copy-from-failed'], expected: ['copy-from-failed'] }),
  ];
  expect(nameOf(firstFailing(all, (arm) => (arm === 'race' ? 1 : 2)))).toBe('race 7');
  expect(nameOf(firstFailing(all, (_, signal) => (signal === 'platform-drift' ? 1 : 2)))).toBe(
    'shown-always 1',
  );
});

test('an iteration that shows another fault than the failing one is clean beside it, where none shows nothing', () => {
  const bad = outline('main', 2, {
    shown: ['copy-from-failed', 'platform-drift'],
    expected: ['copy-from-failed'],
  });
  const drifting = outline('plain', 1, { ...control, shown: ['platform-drift'] });
  expect(nameOf(cleanBeside([drifting, bad], bad))).toBe('plain 1');
  expect(nameOf(cleanBeside([drifting, bad, outline('plain', 2, control)], bad))).toBe('plain 2');
  expect(
    nameOf(cleanBeside([bad, outline('plain', 3, { ...control, ...bad, arm: 'plain' })], bad)),
  ).toBeNull();
});

test('the pair is there at any size', () => {
  const all = [outline('main', 1), outline('plain', 1, control), outline('main', 2, failing)];
  const { chosen, firstFailing: first, clean } = choose(all, { iterations: 0, lanes: 0 });
  expect(names(chosen)).toEqual(['plain 1', 'main 2']);
  expect([nameOf(first), nameOf(clean)]).toEqual(['main 2', 'plain 1']);
});

test('within the limits of iterations and of lanes, each arm’s first of a kind comes first', () => {
  const all = [
    ...Array.from({ length: 50 }, (_, i) => outline('main', i + 1, i < 20 ? failing : {})),
    ...Array.from({ length: 50 }, (_, i) => outline('plain', i + 1, control)),
    outline('rare', 1, { valid: false }),
  ];
  const { chosen } = choose(all, { iterations: 6, lanes: 480 });
  expect(names(chosen)).toEqual(['main 1', 'main 2', 'main 3', 'main 21', 'plain 1', 'rare 1']);
  expect(choose(all, { iterations: 60, lanes: 8 }).chosen).toHaveLength(4);
  expect(choose(all, { iterations: 1_000, lanes: 1_000 }).chosen).toHaveLength(101);
});

test('a run without iterations, and one that shows nothing, have no failing one', () => {
  expect(choose([], wide)).toEqual({ chosen: [], firstFailing: null, clean: null });
  const { chosen, firstFailing: first, clean } = choose([outline('main', 1)], wide);
  expect([names(chosen), first, nameOf(clean)]).toEqual([['main 1'], null, 'main 1']);
});
