import type { ArmResult, RunResult, SignalResult, Verdict } from '../results/result.js';
import { holm } from '../stats/holm.js';
import { codeSpan, prose, terminalText } from './escape.js';
import { atMostText, counted, percentText, pText } from './numbers.js';
import { isShownAsPoint } from './swept.js';
import { sweptDoubts, sweptParagraphs, sweptSights } from './swept-sentence.js';
import { unaskedSights } from './watched.js';
import { intervalText, listed, name, type Part, reasonsOf, type Sentence, say, warn } from './words.js';

export { intervalText, type Part, reasonsOf, type Sentence } from './words.js';

/** The run's verdict in one or two words, in capital letters. */
export function verdictWord(verdict: Verdict | null): string {
  if (verdict === null) return 'NOTHING EXPECTED';
  return { reproduced: 'REPRODUCED', inconclusive: 'INCONCLUSIVE', 'not-reproduced': 'NOT REPRODUCED' }[
    verdict
  ];
}

/** What is said of one reproduce arm and those of its signals that it says the same of; no signals: it was skipped. */
export interface Paragraph {
  readonly arm: ArmResult;
  readonly signals: readonly SignalResult[];
  readonly sentences: readonly Sentence[];
}

/**
 * A paragraph for each signal that a reproduce arm expects, or for those that it says the same of; what was reproduced
 * before what stays open, and that before what was not reproduced.
 */
export function verdictParagraphs(result: RunResult): readonly Paragraph[] {
  return result.arms
    .filter((arm) => arm.role === 'reproduce' && !isShownAsPoint(result, arm))
    .flatMap((arm): readonly Paragraph[] => {
      const without = withoutIterations(arm);
      if (without !== null) return [{ arm, signals: [], sentences: [without] }];
      return alike(result, arm).map((signals) => ({
        arm,
        signals,
        sentences: ofSignals(result, arm, signals),
      }));
    })
    .sort((a, b) => rankOf(a) - rankOf(b));
}

/** What a run showed is read first. Sorting keeps the scenario's order among equals. */
function rankOf({ signals: [signal] }: Paragraph): number {
  const order: readonly (Verdict | null)[] = ['reproduced', 'inconclusive', 'not-reproduced'];
  return order.indexOf(signal?.verdict ?? 'inconclusive');
}

/** Why an arm has nothing to say, or null. */
function withoutIterations({ name: arm, skipped, iterations }: ArmResult): Sentence | null {
  if (skipped !== null) return say(name(arm), ' was skipped: ', { foreign: skipped }, '.');
  return iterations.planned === 0 ? say('This part of the plan has no iteration of ', name(arm), '.') : null;
}

/** What the run says: those paragraphs, and what else was seen. */
export function verdictSentences(result: RunResult): readonly (readonly Sentence[])[] {
  const ofArms = verdictParagraphs(result).map(({ sentences }) => sentences);
  const paragraphs = [...ofArms, ...sweptParagraphs(result)];
  const unexpected = [...unexpectedSights(result), ...sweptSights(result)];
  if (paragraphs.length === 0) paragraphs.push([say('No arm of this run expects a signal.')]);
  return unexpected.length === 0 ? paragraphs : [...paragraphs, unexpected];
}

/** Signals that nothing was seen of, in the same way, share a paragraph. */
type Alike = readonly [SignalResult, ...SignalResult[]];

function alike(result: RunResult, arm: ArmResult): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const signal of arm.signals.filter(({ expected }) => expected)) {
    const text = plainText(ofSignals(result, arm, [signal])).slice(signal.signal.length);
    const key = isNothingSeen(result, arm, signal) ? text : signal.signal;
    groups.set(key, [...(groups.get(key) ?? []), signal] as unknown as Alike);
  }
  return [...groups.values()];
}

function isNothingSeen(result: RunResult, arm: ArmResult, signal: SignalResult): boolean {
  const seen = signal.iterations.count + signal.needsConcurrency.alone.count;
  return seen === 0 && dirtyControls(result, arm, signal).length === 0;
}

function ofSignals(result: RunResult, arm: ArmResult, signals: Alike): readonly Sentence[] {
  const [signal] = signals;
  return [
    mainSentence(result, arm, signals),
    ...dirtyControls(result, arm, signal),
    ...blindSentence(signal),
    ...concurrencySentence(result, arm, signal),
  ];
}

function names(signals: Alike): readonly Part[] {
  return listed(signals.map(({ signal }) => signal));
}

function mainSentence(result: RunResult, arm: ArmResult, signals: Alike): Sentence {
  const [signal] = signals;
  const { count, of } = signal.iterations;
  const isOne = signals.length === 1;
  if (signal.verdict === 'inconclusive') return inconclusive(result, arm, signals);
  const range = signal.interval === null ? '' : ` (${intervalText(signal.interval)})`;
  const clean = cleanControl(result, arm, signal);
  const settled = signal.sequential === null ? '' : `, ${settledText(signal.sequential)}`;
  if (count > 0 && result.stopping.rule === 'first') {
    return say(
      name(signal.signal),
      ` was first seen in the ${ordinal(firstSight(signal.course))} iteration of `,
      name(arm.name),
      ', where the run stopped: how often it shows was not measured',
      signal.interval === null ? '' : ` (its rate lies in ${intervalText(signal.interval)})`,
      ...clean,
      '.',
    );
  }
  if (count > 0) {
    return say(
      name(signal.signal),
      ` was reproduced in ${count} of ${counted(of, 'iteration')}${range} of `,
      name(arm.name),
      settled,
      ...clean,
      '.',
    );
  }
  const limit = signal.atMost === null ? '' : ` (${atMostText(signal.atMost)})`;
  return say(
    ...names(signals),
    ` ${isOne ? 'was' : 'were'} not reproduced: 0 of ${counted(of, 'iteration')}${limit} of `,
    name(arm.name),
    ` showed ${isOne ? 'it' : 'them'}`,
    settled,
    ...clean,
    '.',
  );
}

function inconclusive({ stopping }: RunResult, arm: ArmResult, signals: Alike): Sentence {
  const [signal] = signals;
  const isOne = signals.length === 1;
  const { planned, valid } = arm.iterations;
  const head = [...names(signals), ` ${isOne ? 'stays' : 'stay'} open for `, name(arm.name), ': '] as const;
  const isFixed = stopping.rule === 'fixed';
  if (valid === 0)
    return say(
      ...head,
      `${isFixed ? `none of ${counted(planned, 'planned iteration')}` : 'no iteration'} was ${lacking(arm)}.`,
    );
  if (signal.iterations.of === 0) {
    return say(...head, `${all(valid, 'valid iteration')} blind (`, { foreign: reasonsOf(signal) }, ').');
  }
  const limit = signal.atMost === null ? '' : ` (${atMostText(signal.atMost)})`;
  if (signal.sequential !== null) {
    const { count, of } = signal.iterations;
    const range = signal.interval === null ? '' : ` (${intervalText(signal.interval)})`;
    return say(
      ...head,
      `${count} of ${counted(of, 'iteration')}${range} showed ${isOne ? 'it' : 'them'}, ${settledText(signal.sequential)}.`,
    );
  }
  return say(
    ...head,
    isFixed
      ? `only ${valid} of ${counted(planned, 'planned iteration')} ${valid === 1 ? 'was' : 'were'} ${lacking(arm)}, `
      : `the run stopped after ${counted(valid, 'valid iteration')}, `,
    `and ${isOne ? 'it was' : 'they were'} seen in ${signal.iterations.count} of ${signal.iterations.of}${limit}.`,
  );
}

/** What iterations that do not count are not: where none is invalid, the others were never carried out to their end. */
function lacking({ iterations }: ArmResult): string {
  return iterations.invalid === 0 ? 'finished' : 'valid';
}

/** The run ended before it came to an arm. */
function isUnreached({ skipped, iterations: { valid, invalid } }: ArmResult): boolean {
  return skipped === null && valid + invalid === 0;
}

/** What the sequential test says, as the end of a clause. */
function settledText({ answer, p0, p1, error }: NonNullable<SignalResult['sequential']>): string {
  const [low, high] = [percentText(p0), percentText(p1)];
  const test = `(sequential test of ${low} against ${high}, errors ${percentText(error)})`;
  if (answer === 'open')
    return `which rules out neither a rate of at least ${high} nor one of at most ${low} yet ${test}`;
  return answer === 'at-least'
    ? `which rules out a rate of ${low} or less ${test}`
    : `which rules out a rate of ${high} or more ${test}`;
}

/** The place of the first sight among the iterations that could be looked at, from 1. */
export function firstSight(course: string): number {
  return course.replaceAll(/[^01]/g, '').indexOf('1') + 1;
}

/** `1st`, `2nd`, `11th`. */
export function ordinal(n: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };
  return `${n}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)]}`;
}

function all(count: number, what: string): string {
  return count === 1 ? `the one ${what} was` : `all ${count} ${what}s were`;
}

/** An arm's controls, with what they saw of a signal; one that never looked for it has nothing to say. */
function controlsOf(result: RunResult, arm: ArmResult, { signal }: SignalResult) {
  return result.arms
    .filter((one) => one.role === 'control' && one.of === arm.name)
    .map((control) => ({ control, seen: control.signals.find((one) => one.signal === signal) }));
}

function cleanControl(result: RunResult, arm: ArmResult, signal: SignalResult): readonly Part[] {
  const controls = controlsOf(result, arm, signal);
  if (controls.length === 0) return ['; this run has no control for it'];
  return controls.flatMap(({ control, seen }) => {
    if (control.skipped !== null) return ['; its control ', name(control.name), ' was skipped'];
    if (isUnreached(control)) return ['; of its control ', name(control.name), ' no iteration was finished'];
    if (seen === undefined || seen.iterations.of === 0) {
      return ['; its control ', name(control.name), ' could not be looked at'];
    }
    const { count, of } = seen.iterations;
    if (count > 0) return [];
    const limit = seen.atMost === null ? '' : ` (${atMostText(seen.atMost)})`;
    return ['; its control ', name(control.name), ` was clean in ${of} of ${of}${limit}`];
  });
}

function dirtyControls(result: RunResult, arm: ArmResult, signal: SignalResult): readonly Sentence[] {
  const against = signal.againstControl;
  return controlsOf(result, arm, signal).flatMap(({ control, seen }) => {
    if (seen === undefined || seen.iterations.count === 0) return [];
    const isTested = against !== null && against.control === control.name && against.p !== null;
    const p = isTested && against.p !== null ? ` (Boschloo, the two arms: ${pText(against.p)})` : '';
    return [
      warn(
        'The control is not clean: ',
        name(control.name),
        ` showed it too, in ${seen.iterations.count} of ${counted(seen.iterations.of, 'iteration')}${p}.`,
      ),
    ];
  });
}

function blindSentence(signal: SignalResult): readonly Sentence[] {
  const { blind, of } = signal.iterations;
  if (blind === 0 || of === 0) return [];
  return [
    say(
      `${counted(blind, 'more iteration')} ${blind === 1 ? 'was' : 'were'} blind (`,
      { foreign: reasonsOf(signal) },
      ').',
    ),
  ];
}

function concurrencySentence(result: RunResult, arm: ArmResult, signal: SignalResult): readonly Sentence[] {
  const { answer, p, alone } = signal.needsConcurrency;
  if (signal.iterations.count === 0 && alone.count === 0) return [];
  // Where the run stopped by what it saw, there is no p: arms differ where their confidence sequences do not meet.
  const apart = answer === 'yes' ? ' (the two confidence sequences do not meet)' : '';
  const test = p === null ? apart : ` (Boschloo ${pText(p)})`;
  const seen =
    alone.of === 0
      ? withoutAlone(result, arm)
      : `builds one at a time showed it in ${alone.count} of ${alone.of}`;
  if (answer === 'not-tested') return [say('Whether it needs concurrency was not tested.')];
  if (answer === 'no') return [say(`It does not need concurrency: ${seen}.`)];
  if (answer === 'undetermined')
    return [say(`Whether it needs concurrency is undetermined: ${seen}${test}.`)];
  return alone.count === 0
    ? [say(`It needs concurrency: ${seen}${test}.`)]
    : [say(`Concurrency makes it more frequent: ${seen}${test}.`)];
}

/** Why builds one at a time say nothing. */
function withoutAlone({ arms, stopping }: RunResult, { name: of }: ArmResult): string {
  const alone = arms.find((one) => one.role === 'alone' && one.of === of);
  if (alone === undefined || !isUnreached(alone)) return 'builds one at a time could not be looked at';
  return stopping.rule === 'first'
    ? 'the run stopped before builds one at a time'
    : 'no iteration of builds one at a time was finished';
}

/**
 * Signals that were seen in arms that nobody asks about them, so that no verdict speaks of them there; arms that show one
 * equally often share a sentence.
 */
export function unexpectedSights(result: RunResult): readonly Sentence[] {
  const isFirst = result.stopping.rule === 'first';
  const alike = new Map<string, { readonly one: SignalResult; readonly arms: string[] }>();
  for (const arm of result.arms.filter((one) => !isShownAsPoint(result, one))) {
    for (const one of unaskedSights(result, arm)) {
      const { count, of } = one.iterations;
      const key = isFirst ? one.signal : `${one.signal} ${count} ${of}`;
      const group = alike.get(key) ?? { one, arms: [] };
      alike.set(key, group);
      group.arms.push(arm.name);
    }
  }
  return [...alike.values()].map(({ one: { signal, iterations }, arms }) =>
    say(
      'Also seen: ',
      name(signal),
      isFirst
        ? ' in '
        : ` in ${iterations.count} of ${counted(iterations.of, 'iteration')} ${arms.length > 1 ? 'each ' : ''}of `,
      ...listed(arms),
      '.',
    ),
  );
}

/** What makes the figures weaker than they look: an early end, iterations left out, warnings. */
export function doubts(result: RunResult): readonly Sentence[] {
  const stopped =
    result.stopped === null
      ? []
      : [warn('The run did not reach its end: ', { foreign: result.stopped }, '.')];
  const invalid = result.arms
    .filter((arm) => arm.iterations.invalid > 0 && !isShownAsPoint(result, arm))
    .map((arm) => {
      const { invalid: count, valid } = arm.iterations;
      const reasons = arm.invalidReasons.map((one) => `${one.reason} (${one.count})`).join('; ');
      return say(
        `${count} of ${counted(count + valid, 'iteration')} of `,
        name(arm.name),
        ` ${count === 1 ? 'is' : 'are'} invalid and left out: `,
        { foreign: reasons },
        '.',
      );
    });
  return [
    ...stopped,
    ...invalid,
    ...sweptDoubts(result),
    ...drifts(result),
    ...result.warnings.map((text) => say('Warning: ', { foreign: text })),
  ];
}

/** Rates that changed while the run went on: what follows from one rate, such as its interval, holds for none of them. */
function drifts(result: RunResult): readonly Sentence[] {
  const tested = result.arms.flatMap((arm) =>
    arm.signals.flatMap((signal) => (signal.drift === null ? [] : [{ arm, signal, p: signal.drift.p }])),
  );
  const adjusted = holm(tested.map(({ p }) => p));
  return tested.flatMap(({ arm, signal, p }, i) => {
    if ((adjusted[i] ?? 1) >= driftLevel) return [];
    const [first, last] = halves(signal.course);
    return [
      say(
        'The rate of ',
        name(signal.signal),
        ' in ',
        name(arm.name),
        ` drifted during the run: ${first} iterations, ${last} (runs test, ${pText(p)}).`,
      ),
    ];
  });
}

const driftLevel = 0.05;

/** `9 of the first 10`, `1 of the last 10`. */
function halves(course: string): readonly [string, string] {
  const looked = course.replaceAll(/[^01]/g, '');
  const middle = Math.ceil(looked.length / 2);
  const seen = (part: string): number => [...part].filter((mark) => mark === '1').length;
  const [first, last] = [looked.slice(0, middle), looked.slice(middle)];
  return [`${seen(first)} of the first ${first.length}`, `${seen(last)} of the last ${last.length}`];
}

/** Sentences as one line without markup, harmless in a terminal. */
export function plainText(sentences: readonly Sentence[]): string {
  return sentences.map(({ parts }) => parts.map(plainPart).join('')).join(' ');
}

function plainPart(part: Part): string {
  if (typeof part === 'string') return part;
  return terminalText('name' in part ? part.name : part.foreign);
}

/** Sentences as Markdown. */
export function markdownText(sentences: readonly Sentence[]): string {
  return sentences
    .map(({ parts, strong }) => {
      const text = parts.map(markdownPart).join('');
      return strong ? `**${text}**` : text;
    })
    .join(' ');
}

function markdownPart(part: Part): string {
  if (typeof part === 'string') return part;
  return 'name' in part ? codeSpan(part.name) : prose(part.foreign);
}
