import type { ArmResult, RunResult } from '../results/result.js';
import { counted, percentText } from './numbers.js';

/** How the numbers of a run are made, in sentences. */
export function methodText(result: RunResult): string {
  const few = result.arms.some(({ iterations }) => iterations.valid > 0 && iterations.valid < 20);
  const level = result.arms.flatMap(({ signals }) => signals).find(({ interval }) => interval !== null)
    ?.interval?.level;
  const percent = `${Number(((level ?? 0.95) * 100).toPrecision(3))} %`;
  return [
    'The unit is the iteration: the builds of one share a daemon and are not independent, so builds are counted but get no interval.',
    'An iteration shows a signal if any of its builds does. Those in which nobody could look (blind) and those that the environment spoilt (invalid) are in no rate.',
    intervalsText(result, percent),
    ...(few
      ? ['Arms have fewer than 20 iterations: their rates should not be ranked against each other.']
      : []),
    'Rates belong to this machine and its load.',
  ].join(' ');
}

/** Which interval holds hangs on how the run was stopped. */
function intervalsText({ stopping }: RunResult, percent: string): string {
  if (stopping.rule === 'fixed') {
    return `Intervals are Wilson’s, two-sided ${percent}; “at most” is the one-sided 95 % limit of Clopper and Pearson; two arms are compared by Boschloo’s exact test, two-sided.`;
  }
  const sequence = `confidence sequences (beta-binomial mixture, two-sided ${percent}), which hold at whatever moment one stops; two arms differ where theirs do not meet.`;
  if (stopping.rule === 'first') {
    return `The run stopped at the first sight, so that k of n is no rate. Intervals are ${sequence} “At most” is the one-sided 95 % limit of Clopper and Pearson.`;
  }
  const { p0, p1, error } = stopping;
  return `The run went on until a sequential test (Wald’s, errors ${percentText(error)}) told a rate of at least ${percentText(p1)} from one of at most ${percentText(p0)}, for a reproduce arm, its controls and its builds alone together. Intervals, and “at most”, are ${sequence}`;
}

/** Which part of its plan the run is; null: all of it. */
export function partSentence({ shard }: RunResult): string | null {
  return shard === null ? null : `Part ${shard.index} of ${shard.of} of a plan.`;
}

/** The order of the iterations, and how to have it again. */
export function orderSentence(result: RunResult): string {
  const { seed } = result;
  const sentence = partSentence(result);
  const part = sentence === null ? '' : ` ${sentence}`;
  return seed === null
    ? `Order: arms took turns.${part}`
    : `Order: random blocks, each one iteration of every arm, from seed ${seed}.${part}`;
}

/** `20 of 20 iterations valid`; a number that hung on what was seen was not planned. */
export function extentText({ stopping }: RunResult, { iterations: { planned, valid } }: ArmResult): string {
  return stopping.rule === 'fixed'
    ? `${valid} of ${counted(planned, 'iteration')} valid`
    : counted(valid, 'valid iteration');
}
