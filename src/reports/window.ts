import type { RunResult, WindowResult } from '../results/result.js';
import { atMost, wilson } from '../stats/interval.js';
import { atMostText, counted } from './numbers.js';
import { barLegend, type RateRow, rateBars } from './rate-bars.js';
import { verdictSentences } from './sentence.js';
import { sweptSights } from './swept-sentence.js';
import { pad, wrap } from './width.js';
import { type Sentence, say, warn } from './words.js';

type Searched = WindowResult['searched'];

/**
 * What a run says, in paragraphs: its verdicts and where it was looked for. A run that only searched has no verdict on
 * its points, each of which is a few iterations.
 */
export function conclusions(result: RunResult): readonly (readonly Sentence[])[] {
  const { window } = result;
  if (window === null) return verdictSentences(result);
  if (window.phase === 'confirm') return [...verdictSentences(result), confirmed(result, window)];
  return [skippedArms(result), searchSentences(result, window), sweptSights(result)].filter(
    (paragraph) => paragraph.length > 0,
  );
}

/** Once for each arm of the scenario, not for each of its points. */
function skippedArms({ arms }: RunResult): readonly Sentence[] {
  const reasons = new Map(
    arms.flatMap(({ name, point, skipped }) =>
      skipped === null ? [] : [[point?.arm ?? name, skipped] as const],
    ),
  );
  return [...reasons].map(([name, foreign]) => say({ name }, ' was skipped: ', { foreign }, '.'));
}

function searchSentences(result: RunResult, { searched, bestMs }: WindowResult): readonly Sentence[] {
  if (bestMs === null) return nowhere(result, searched);
  return [
    warn(
      `This run only searched: it would measure ${offsetText(bestMs)} apart, and no rate of its own is to be quoted, as the best of many is too high.`,
    ),
  ];
}

function confirmed(result: RunResult, { searched, bestMs }: WindowResult): readonly Sentence[] {
  const by = `was chosen by ${effort(searched)}, which count in no rate: the rates are of fresh iterations`;
  const choice = say(
    bestMs === null
      ? `The offset between lanes ${by}.`
      : `The lanes were let go ${offsetText(bestMs)} apart. That offset ${by}.`,
  );
  const fresh = result.arms
    .filter(({ role }) => role === 'reproduce')
    .flatMap(({ signals }) => signals.filter(({ expected }) => expected).map(({ iterations }) => iterations));
  if (fresh.some((one) => one.count > 0)) return [choice];
  const { count, of } = sum(searched);
  const before = `The search saw it in ${count} of ${counted(of, 'iteration')}`;
  // Iterations that were not finished, are invalid or blind saw nothing, and do not say that there is nothing.
  return fresh.some((one) => one.of > 0)
    ? [
        choice,
        warn(
          `${before}, the fresh iterations in none: it is rarer than the search made it look, or has moved.`,
        ),
      ]
    : [choice, say(`${before}; no fresh iteration counts, so that this is neither confirmed nor refuted.`)];
}

/** Nothing seen: how often it can show all the same, and what to try. */
function nowhere({ arms }: RunResult, searched: Searched): readonly Sentence[] {
  const why =
    arms.flatMap(({ signals }) => signals.flatMap(({ blindReasons }) => blindReasons))[0]?.reason ?? null;
  const most = searched.reduce<Searched[number] | null>(
    (best, one) => (one.of > (best?.of ?? 0) ? one : best),
    null,
  );
  if (most === null)
    return [
      say(
        `Nobody could look: at none of ${counted(searched.length, 'offset')} is there an iteration that says anything`,
        ...(why === null ? [] : [' (', { foreign: why }, ')']),
        '.',
      ),
    ];
  const { of } = sum(searched);
  return [
    say(
      `It showed at no offset, in ${effort(searched)}.`,
      ` At any one of them it may still show: in ${atMostText(atMost(0, most.of))} of the iterations where most was looked at (${offsetText(most.offsetMs)}, ${most.of}), and in ${atMostText(atMost(0, of))} over all offsets together.`,
    ),
    say(
      `Before taking it for absent, look further: --max-iterations for a narrower or rarer window${laterAdvice(searched)}.`,
    ),
  ];
}

/** Where the lanes no longer overlapped, there is nothing to find later. */
function laterAdvice(searched: Searched): string {
  const [first, last] = [searched[0], searched.at(-1)];
  if (first === undefined || last === undefined || last.of === 0) return '';
  return `, --window ${first.offsetMs}ms..${2 * last.offsetMs}ms for a later one`;
}

/** `69 iterations at 23 offsets (0 to 1000 ms)`. */
function effort(searched: Searched): string {
  const looked = searched.filter(({ of }) => of > 0);
  const [first, last] = [looked[0]?.offsetMs ?? 0, looked.at(-1)?.offsetMs ?? 0];
  return `${counted(sum(looked).of, 'iteration')} at ${counted(looked.length, 'offset')} (${first} to ${offsetText(last)})`;
}

function sum(searched: Searched): { readonly count: number; readonly of: number } {
  return searched.reduce((all, { count, of }) => ({ count: all.count + count, of: all.of + of }), {
    count: 0,
    of: 0,
  });
}

const offsetText = (ms: number): string => `${ms} ms`;

/**
 * Rate against offset, and below it what was measured afresh, as plain lines of at most `width` columns; empty where
 * nothing was searched.
 */
export function windowDrawing(result: RunResult, width = 80): readonly string[] {
  const { window } = result;
  if (window === null) return [];
  const measured = window.phase === 'confirm' ? measuredRows(result) : [];
  const at = window.bestMs === null ? '' : ` ${offsetText(window.bestMs)} apart`;
  return [
    ...wrap('By offset between lanes (searched to choose one; not the rate):', width),
    ...rateBars(searchedRows(window), { width, head: { label: 'OFFSET' } }),
    ...(measured.length === 0
      ? []
      : [...wrap(`Measured on fresh iterations${at}:`, width), ...rateBars(measured, { width })]),
    ...wrap(barLegend, width - 2).map((part) => `  ${part}`),
  ];
}

function searchedRows({ phase, searched, bestMs }: WindowResult): RateRow[] {
  const labels = searched.map(({ offsetMs }) => offsetText(offsetMs));
  const widest = Math.max(0, ...labels.map((label) => label.length));
  const mark = phase === 'confirm' ? '← measured' : '← best';
  return searched.map(({ offsetMs, count, of }, i) => ({
    label: pad(labels[i] ?? '', widest, 'start'),
    count,
    of,
    interval: of === 0 ? null : wilson(count, of),
    beside: offsetMs === bestMs ? mark : '',
  }));
}

function measuredRows({ arms }: RunResult): RateRow[] {
  return arms
    .filter(({ role, skipped }) => role === 'reproduce' && skipped === null)
    .flatMap(({ name, signals }) =>
      signals
        .filter(({ expected }) => expected)
        .map(({ signal, iterations: { count, of }, interval }) => ({
          label: `${name} ${signal}`,
          count,
          of,
          interval,
        })),
    );
}
