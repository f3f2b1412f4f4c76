import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import type { FindingDetail } from '../results/detail.js';
import type { Signal } from '../signals.js';

/**
 * Which steps findings name, and by which signals: an evidence line is a step's header, its end, or one that it printed.
 * A line of BuildKit's plain format says by its number whose it is; in rawjson one line can tell of many steps, and then
 * the evidence's text, which begins with the step's name, decides.
 */
export function marksOf(
  { format, steps }: Pick<Timeline, 'format' | 'steps'>,
  findings: readonly FindingDetail[],
): ReadonlyMap<Step, readonly Signal[]> {
  const marks = new Map<Step, Signal[]>();
  const places = new Places(steps);
  for (const { signal, evidence } of findings) {
    for (const line of evidence) {
      const number = format === 'plain' ? /^#(\d+) /.exec(line.text)?.[1] : undefined;
      const named = number === undefined ? places.stepsAt(line) : places.numbered(Number(number), line.line);
      for (const step of named) {
        const own = marks.get(step) ?? [];
        if (!own.includes(signal)) own.push(signal);
        marks.set(step, own);
      }
    }
  }
  return marks;
}

/** Steps by what a line of evidence can name them by. */
class Places {
  readonly #byLine = new Map<number, Set<Step>>();
  readonly #byIndex = new Map<number, Step[]>();

  constructor(steps: readonly Step[]) {
    for (const step of steps) {
      for (const line of [step.line, step.endLine, ...step.marks.map((mark) => mark.line)])
        if (line !== null) this.#byLine.set(line, (this.#byLine.get(line) ?? new Set()).add(step));
      const alike = this.#byIndex.get(step.index);
      if (alike === undefined) this.#byIndex.set(step.index, [step]);
      else alike.push(step);
    }
  }

  /** A log of several builds has a number several times: the last that had begun by then is meant. */
  numbered(index: number, line: number): readonly Step[] {
    const step = this.#byIndex.get(index)?.findLast((one) => one.line <= line);
    return step === undefined ? [] : [step];
  }

  stepsAt({ line, text }: LogLine): readonly Step[] {
    const steps = [...(this.#byLine.get(line) ?? [])];
    if (steps.length < 2) return steps;
    const printed = steps.filter(({ marks }) =>
      marks.some((mark) => mark.line === line && mark.text === text),
    );
    if (printed.length > 0) return printed;
    const named = steps.filter(({ name }) => name !== '' && text.includes(name));
    const longest = Math.max(0, ...named.map(({ name }) => name.length));
    return longest === 0 ? steps : named.filter(({ name }) => name.length === longest);
  }
}
