/** Beyond that many iterations, a course is drawn in parts. */
export const maxMarks = 120;

/** Marks that follow each other: one that leads to its iteration stands alone. */
export interface CourseRun {
  readonly text: string;
  /** The iteration that it leads to, with its mark; null: none of the run is shown on the page. */
  readonly shown: ShownMark | null;
}

/** A mark of a course, and the iteration whose it is. */
export interface ShownMark {
  readonly iteration: number;
  readonly mark: string;
}

const glyphs: Readonly<Record<string, string>> = { '1': '■', '0': '·', '-': '–', x: '×' };

/** What a mark of a course says. */
export function markText(mark: string): string {
  if (mark === '1') return 'seen';
  if (mark === '0') return 'not seen';
  return mark === '-' ? 'blind' : 'invalid';
}

/**
 * A course as runs of glyphs: `■` seen, `·` not, `–` blind, `×` invalid; those that are shown each by themselves.
 * `numbers`: the iteration of each mark, which its place does not tell where some are left out; null: not known.
 */
export function courseRuns(
  course: string,
  numbers: readonly number[] | null,
  isShown: (iteration: number) => boolean,
): readonly CourseRun[] {
  const runs: { text: string; shown: ShownMark | null }[] = [];
  for (const [i, mark] of [...course].entries()) {
    const text = glyphs[mark] ?? '?';
    const last = runs.at(-1);
    const iteration = numbers?.[i];
    if (iteration !== undefined && isShown(iteration)) runs.push({ text, shown: { iteration, mark } });
    else if (last !== undefined && last.shown === null) last.text += text;
    else runs.push({ text, shown: null });
  }
  return runs;
}

/** A part of a long course; shares are fractions of its iterations. */
export interface CoursePart {
  readonly seen: number;
  /** Blind or invalid. */
  readonly unknown: number;
}

/** A long course in at most `parts` parts of equal length (the last may be shorter). */
export function courseParts(course: string, parts = 100): { each: number; parts: readonly CoursePart[] } {
  const each = Math.max(1, Math.ceil(course.length / parts));
  const found: CoursePart[] = [];
  for (let from = 0; from < course.length; from += each) {
    const marks = [...course.slice(from, from + each)];
    const share = (wanted: string): number =>
      marks.filter((mark) => wanted.includes(mark)).length / marks.length;
    found.push({ seen: share('1'), unknown: share('-x') });
  }
  return { each, parts: found };
}
