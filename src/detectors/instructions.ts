import type { FormatName, Step, Timeline } from '../progress/timeline.js';

/** Steps whose instruction begins as a scenario says, and those of which that cannot be told. */
export interface Asked {
  readonly steps: readonly Step[];
  /** Their names are cut off before the wanted beginning ends. */
  readonly unclear: readonly Step[];
}

/** The steps of a build that begin with `RUN make deps`, however many blanks stand in between. */
export function stepsThatBegin(timeline: Timeline, beginning: string): Asked {
  const own = timeline.steps.filter((step) => !step.internal);
  return {
    steps: own.filter((step) => comparable(step.text).startsWith(comparable(beginning))),
    unclear: own.filter((step) => isCutIn(timeline.format, step, comparable(beginning))),
  };
}

/** BuildKit joins an instruction's lines and keeps their indentation; keywords may be written in any case. */
function comparable(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\S+/, (keyword) => keyword.toUpperCase());
}

/** Terminals cut names without a mark, and BuildKit before v0.8 all of them, with dots. */
function isCutIn(format: FormatName, step: Step, beginning: string): boolean {
  const shown = comparable(step.text);
  const kept = shown.endsWith('...') ? shown.slice(0, -3) : format === 'tty' ? shown : null;
  return kept !== null && kept.length < beginning.length && beginning.startsWith(kept);
}
