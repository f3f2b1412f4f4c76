import { hasGap, leftOutOfMiddle } from '../progress/left-out.js';
import type { Step, Timeline } from '../progress/timeline.js';
import { whyCauseIsHidden, whyCut } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { failedCopies } from './failed-copies.js';
import { always, lookAtEnds, type Sight } from './lanes.js';
import { endedLines, failureLines, inLogOrder, listed } from './lines.js';
import { sourceSteps } from './source-steps.js';

/**
 * A COPY --from failed although a step of its own source stage, on its own platform, was not done yet. Every step of
 * the source stage is an input of the COPY, so in a sound build all of them end before it starts; that one is still
 * open cannot be a consequence of the COPY's failure, as it can for other stages and platforms.
 *
 * What counts as "not done at that moment" depends on what a format can tell:
 * - rawjson: the source step had not completed by the time the COPY completed.
 * - plain: its last state is printed below the COPY's error. BuildKit's printer puts what ended within one refresh in
 *   the order of the ends (`sortCompleted` in util/progress/progressui/printer.go, since 2019), so lines are proof.
 * - tty: its row stands below the COPY's. Rows stand in the order in which vertices started (`trace.update` in
 *   display.go), and a source that starts after the COPY started is late. Rows above count only where the log can
 *   tell a running step from a done one, which it does by colour alone.
 * - all: it ended cancelled, or never did. A step that is `cached` is never late: BuildKit's server marks inputs as
 *   cached after the fact, with the times of their users (solver/progress.go).
 */
export const copyFromEarly: Detector = {
  signal: 'copy-from-early',
  summary: 'a COPY --from ended in an error before its source stage was done',
  appliesTo: always,
  detect: (iteration) => lookAtEnds('copy-from-early', iteration, look),
};

/** Whether a source step was still open when the COPY failed; `unclear` where the log cannot tell. */
type Lateness = 'late' | 'in time' | 'unclear';

interface Source {
  readonly copy: Step;
  readonly step: Step;
  readonly lateness: Lateness;
}

/** Of so many failed COPY steps the sources are looked at; each time all steps are gone through. */
const maxCopies = 100;
/** So many of them are told of in the message. */
const maxDescribed = 20;

function look(lane: LaneEvidence): Sight {
  const { timeline } = lane;
  const failed = failedCopies(timeline);
  const sources = failed
    .slice(0, maxCopies)
    .flatMap((copy) =>
      sourceSteps(timeline, copy).map((step) => ({ copy, step, lateness: latenessOf(timeline, copy, step) })),
    );
  const late = sources.filter(({ lateness }) => lateness === 'late');
  if (late.length > 0) return found(timeline, late);
  if (sources.some(({ lateness }) => lateness === 'unclear')) {
    return { blind: whyUnclear(timeline) };
  }
  if (failed.length > maxCopies) return { blind: `more than ${maxCopies} COPY steps failed` };
  const blind = failed.length > 0 ? null : whyCauseIsHidden(lane);
  return blind === null ? null : { blind };
}

function latenessOf(timeline: Timeline, copy: Step, source: Step): Lateness {
  if (source.status === 'cached') return 'in time';
  if (source.status === 'cancelled') return 'late';
  const isBelow = lastLine(source) > lastLine(copy);
  // That it ended may be what was left out.
  if (source.status === 'unfinished' && hasGap(timeline)) return 'unclear';
  if (source.status === 'unfinished') return isBelow || showsWhatIsDone(timeline) ? 'late' : 'unclear';
  const isLate =
    source.completedAt !== null && copy.completedAt !== null
      ? isLater(source.completedAt, copy.completedAt)
      : isBelow;
  return isLate ? 'late' : 'in time';
}

function whyUnclear(timeline: Timeline): string {
  return hasGap(timeline)
    ? whyCut(leftOutOfMiddle)
    : 'terminal output without colours does not tell running steps from done ones';
}

function lastLine(step: Step): number {
  return step.endLine ?? step.line;
}

function showsWhatIsDone(timeline: Timeline): boolean {
  return timeline.format !== 'tty' || timeline.steps.some(({ status }) => status === 'done');
}

/** Times as printed have up to nine decimals, of which a Date keeps three. */
function isLater(a: string, b: string): boolean {
  const [wholeA, wholeB] = [Date.parse(a), Date.parse(b)];
  return wholeA === wholeB ? nanoseconds(a) > nanoseconds(b) : wholeA > wholeB;
}

function nanoseconds(time: string): number {
  return Number((/\.(\d{1,9})/.exec(time)?.[1] ?? '').padEnd(9, '0'));
}

/** Each COPY's own lines, then the late steps', which are the half that makes it a find. */
function found(timeline: Timeline, late: readonly Source[]): Sight {
  const byCopy = new Map<Step, Source[]>();
  for (const one of late) {
    const known = byCopy.get(one.copy);
    if (known === undefined) byCopy.set(one.copy, [one]);
    else known.push(one);
  }
  const copies = [...byCopy.keys()];
  const texts = [...byCopy].map(([copy, sources]) => describe(copy, sources));
  const more = texts.length > maxDescribed ? [`and ${texts.length - maxDescribed} more`] : [];
  return {
    message: [...texts.slice(0, maxDescribed), ...more].join('; '),
    evidence: inLogOrder([
      ...copies.slice(0, 1).flatMap((copy) => failureLines(timeline, copy)),
      ...late.slice(0, 2).flatMap(({ step }) => endedLines(timeline, step)),
    ]),
  };
}

function describe(copy: Step, late: readonly Source[]): string {
  const steps = listed([...new Set(late.map(({ step }) => step.instruction ?? step.text))], 8);
  return `${copy.instruction ?? 'COPY'} --from=${copy.from} failed before its source stage was done (${steps})`;
}
