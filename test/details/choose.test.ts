import { expect, test } from 'vitest';
import { chooseIterations, cleanBeside, firstFailing, type Outline } from '../../src/details/choose.js';
import { iterationFinished } from '../results/sample-run.js';

const outline = (arm: string, iteration: number, more: Partial<Outline> = {}): Outline => ({
  arm,
  iteration,
  event: iterationFinished({ arm, iteration }),
  role: 'reproduce',
  of: null,
  valid: true,
  showsExpected: false,
  showsAny: false,
  blind: false,
  lanes: 2,
  ...more,
});
const failing = { showsExpected: true, showsAny: true };
const control = { role: 'control', of: 'main' } as const;
const names = (outlines: readonly Outline[]) => outlines.map(({ arm, iteration }) => `${arm} ${iteration}`);
const nameOf = (one: Outline | null) => one && names([one])[0];
const wide = { iterations: 60, lanes: 480 };

test('the first failing one shows what a reproduce arm expects, before anything else that shows something', () => {
  const all = [
    outline('plain', 1, { ...control, showsAny: true }),
    outline('main', 1, { ...failing, valid: false }),
    outline('main', 2, { showsAny: true }),
    outline('main', 3, failing),
  ];
  expect(nameOf(firstFailing(all))).toBe('main 3');
  expect(nameOf(firstFailing(all.slice(0, 3)))).toBe('plain 1');
  expect(firstFailing(all.slice(1, 2))).toBeNull();
});

test('the clean one is of its control, else of its own arm, of its builds alone, of any; a blind one at last', () => {
  const bad = outline('main', 1, failing);
  const all = [
    outline('other', 1),
    outline('alone', 1, { role: 'alone', of: 'main' }),
    outline('main', 2),
    outline('plain', 1, { ...control, blind: true }),
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

test('the pair is there at any size', () => {
  const all = [outline('main', 1), outline('plain', 1, control), outline('main', 2, failing)];
  const { chosen, firstFailing: first, clean } = chooseIterations(all, { iterations: 0, lanes: 0 });
  expect(names(chosen)).toEqual(['plain 1', 'main 2']);
  expect([nameOf(first), nameOf(clean)]).toEqual(['main 2', 'plain 1']);
});

test('within the limits of iterations and of lanes, each arm’s first of a kind comes first', () => {
  const all = [
    ...Array.from({ length: 50 }, (_, i) => outline('main', i + 1, i < 20 ? failing : {})),
    ...Array.from({ length: 50 }, (_, i) => outline('plain', i + 1, control)),
    outline('rare', 1, { valid: false }),
  ];
  const { chosen } = chooseIterations(all, { iterations: 6, lanes: 480 });
  expect(names(chosen)).toEqual(['main 1', 'main 2', 'main 3', 'main 21', 'plain 1', 'rare 1']);
  expect(chooseIterations(all, { iterations: 60, lanes: 8 }).chosen).toHaveLength(4);
  expect(chooseIterations(all, { iterations: 1_000, lanes: 1_000 }).chosen).toHaveLength(101);
});

test('a run without iterations, and one that shows nothing, have no failing one', () => {
  expect(chooseIterations([], wide)).toEqual({ chosen: [], firstFailing: null, clean: null });
  const { chosen, firstFailing: first, clean } = chooseIterations([outline('main', 1)], wide);
  expect([names(chosen), first, nameOf(clean)]).toEqual([['main 1'], null, 'main 1']);
});
