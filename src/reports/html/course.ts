/** Beyond that many iterations, a course is drawn in parts. */
export const maxMarks = 120;

/** Marks that follow each other: one that leads to its iteration stands alone. */
export interface CourseRun {
  readonly text: string;
  /** From 1; null: none of the run is shown on the page. */
  readonly iteration: number | null;
}

const glyphs: Readonly<Record<string, string>> = { '1': '■', '0': '·', '-': '–', x: '×' };

/** What a mark of a course says. */
export function markText(mark: string): string {
  if (mark === '1') return 'seen';
  if (mark === '0') return 'not seen';
  return mark === '-' ? 'blind' : 'invalid';
}

/** A course as runs of glyphs: `■` seen, `·` not, `–` blind, `×` invalid; those that are shown each by themselves. */
export function courseRuns(course: string, isShown: (iteration: number) => boolean): readonly CourseRun[] {
  const runs: { text: string; iteration: number | null }[] = [];
  for (const [i, mark] of [...course].entries()) {
    const text = glyphs[mark] ?? '?';
    const last = runs.at(-1);
    if (isShown(i + 1)) runs.push({ text, iteration: i + 1 });
    else if (last !== undefined && last.iteration === null) last.text += text;
    else runs.push({ text, iteration: null });
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
