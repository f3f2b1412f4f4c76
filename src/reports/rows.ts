import type { ArmResult, RunResult, SignalResult } from '../results/result.js';
import { atMostText, percentText, rangeText } from './numbers.js';
import { firstSight, ordinal, reasonsOf } from './sentence.js';
import { watchedSignals } from './watched.js';

/** How a row should strike the reader's eye. */
export type Tone = 'found' | 'clean' | 'unclear' | 'dirty';

/** One line of the table of rates; texts are raw, and may be other people's. */
export interface Row {
  readonly signal: string;
  /** `5/5` iterations. */
  readonly seen: string;
  /** `57–100 %`, empty where nobody could look. */
  readonly interval: string;
  /** `10/10` builds. */
  readonly builds: string;
  readonly means: string;
  readonly tone: Tone;
}

export interface ArmRows {
  readonly arm: ArmResult;
  readonly rows: readonly Row[];
}

/** Each arm with its expected and its seen signals; controls and alone arms with what their reproduce arm expects. */
export function rowsOf(result: RunResult): readonly ArmRows[] {
  return result.arms.map((arm) => ({ arm, rows: rowsOfArm(result, arm) }));
}

function rowsOfArm(result: RunResult, arm: ArmResult): readonly Row[] {
  if (arm.skipped !== null) return [without(`skipped: ${arm.skipped}`)];
  const watched = watchedSignals(result, arm);
  const rows = arm.signals
    .filter((one) => watched.has(one.signal) || one.iterations.count > 0)
    .map((one) => rowOf(result, arm, one, watched.has(one.signal)));
  return rows.length > 0 ? rows : [without('nothing expected, nothing seen')];
}

function without(means: string): Row {
  return { signal: '', seen: '', interval: '', builds: '', means, tone: 'unclear' };
}

function rowOf(result: RunResult, arm: ArmResult, signal: SignalResult, watched: boolean): Row {
  const { count, of } = signal.iterations;
  const { interval } = signal;
  const { stopping } = result;
  // An arm that stopped at a sight has no rate to tell: k of n would read as one.
  if (stopping.rule === 'first' && arm.role === 'reproduce' && count > 0) {
    const first = `first seen in the ${ordinal(firstSight(signal.course))} iteration`;
    return {
      signal: signal.signal,
      seen: 'yes',
      interval: interval === null ? '' : rangeText(interval.low, interval.high),
      builds: '–',
      means: watched ? `reproduced: ${first}` : `${first}, not expected`,
      tone: watched ? 'found' : 'unclear',
    };
  }
  return {
    signal: signal.signal,
    // Nothing could be looked at: `0/0` would read as clean.
    seen: of === 0 ? '–' : `${count}/${of}`,
    interval: interval === null ? '' : rangeText(interval.low, interval.high),
    builds: signal.builds.of === 0 ? '–' : `${signal.builds.count}/${signal.builds.of}`,
    ...meaning(result, arm, signal, watched),
  };
}

function meaning(
  result: RunResult,
  arm: ArmResult,
  signal: SignalResult,
  watched: boolean,
): Pick<Row, 'means' | 'tone'> {
  const { count, of, blind } = signal.iterations;
  const alsoBlind = blind > 0 && of > 0 ? `; ${blind} blind` : '';
  const limit = signal.atMost === null ? '' : `, ${atMostText(signal.atMost)}`;
  if (!watched) return { means: `seen, not expected${alsoBlind}`, tone: 'unclear' };
  if (of === 0) {
    const hadOne = blind > 0 || arm.iterations.valid > 0;
    if (arm.iterations.planned === 0)
      return { means: 'none of its iterations is in this part', tone: 'unclear' };
    const none = arm.iterations.invalid === 0 ? 'no iteration was finished' : 'no valid iteration';
    return { means: hadOne ? `blind: ${reasonsOf(signal)}` : none, tone: 'unclear' };
  }
  const settled = signal.sequential?.answer === 'open' ? '; not settled' : '';
  if (arm.role === 'reproduce') return reproduceMeaning(result, arm, signal, limit, alsoBlind);
  if (arm.role === 'control') {
    return count > 0
      ? { means: `CONTROL IS NOT CLEAN${alsoBlind}`, tone: 'dirty' }
      : { means: `clean${limit}${settled}${alsoBlind}`, tone: 'clean' };
  }
  return count > 0
    ? { means: `seen alone too${alsoBlind}`, tone: 'found' }
    : { means: `not seen alone${limit}${settled}${alsoBlind}`, tone: 'clean' };
}

function reproduceMeaning(
  { stopping }: RunResult,
  arm: ArmResult,
  signal: SignalResult,
  limit: string,
  alsoBlind: string,
): Pick<Row, 'means' | 'tone'> {
  const { sequential } = signal;
  if (sequential?.answer === 'open') {
    const [low, high] = [percentText(sequential.p0), percentText(sequential.p1)];
    return { means: `inconclusive: at most ${low} or at least ${high} is open${alsoBlind}`, tone: 'unclear' };
  }
  const rate =
    sequential === null
      ? ''
      : sequential.answer === 'at-least'
        ? `, more than ${percentText(sequential.p0)}`
        : `, less than ${percentText(sequential.p1)}`;
  if (signal.iterations.count > 0) return { means: `reproduced${rate}${alsoBlind}`, tone: 'found' };
  if (signal.verdict === 'inconclusive') {
    const { valid, planned } = arm.iterations;
    const extent = stopping.rule === 'fixed' ? `${valid} of ${planned} valid` : `stopped after ${valid}`;
    return { means: `inconclusive: ${extent}${limit}${alsoBlind}`, tone: 'unclear' };
  }
  return { means: `not reproduced${limit}${alsoBlind}`, tone: 'clean' };
}

/** `2 lanes`, `2 lanes, started after 0, 50 ms`: how an arm's builds are started. */
export function lanesText({ role, lanes: { count, delaysMs, builds } }: ArmResult): string {
  if (builds > count && count === 1) return `${builds} builds in a row`;
  if (builds > count && role !== 'alone') return `${count} lanes, ${builds} builds in all`;
  if (count === 1) return '1 lane';
  if (role === 'alone') return `${count} lanes, one at a time`;
  const isDelayed = delaysMs.some((delay) => delay > 0);
  return `${count} lanes${isDelayed ? `, started after ${delaysText(delaysMs)} ms` : ''}`;
}

const maxDelays = 8;

/** Delays are what somebody asked for, and not measured: all their digits. Of very many, the first and the last. */
function delaysText(delaysMs: readonly number[]): string {
  if (delaysMs.length <= maxDelays) return delaysMs.join(', ');
  return `${delaysMs.slice(0, maxDelays - 2).join(', ')}, …, ${delaysMs.at(-1)}`;
}

/** Two digits: a start spread is not known any better. */
export function milliseconds(value: number): string {
  return String(Number(value.toPrecision(2)));
}
