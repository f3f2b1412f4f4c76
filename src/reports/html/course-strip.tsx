import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import { counted } from '../numbers.js';
import { courseParts, courseRuns, markText, maxMarks, type ShownMark } from './course.js';
import type { Places } from './places.js';

interface CourseProps {
  readonly arm: string;
  readonly course: string;
  /** The iteration of each mark; null: not known. */
  readonly numbers: readonly number[] | null;
  readonly places: Places;
}

/** What each iteration showed, in order, with a link to those that are on the page. */
export function CourseStrip(props: CourseProps): JSX.Element | null {
  const { arm, course, numbers, places } = props;
  if (course.length < 2) return null;
  if (course.length > maxMarks) return <LongCourse {...props} />;
  const runs = courseRuns(course, numbers, (iteration) => places.of({ arm, iteration }) !== null);
  return (
    <p class="course">
      {runs.map(({ text, shown }) =>
        shown === null ? text : <CourseLink text={text} arm={arm} {...shown} places={places} />,
      )}
    </p>
  );
}

interface CourseLinkProps extends ShownMark {
  readonly text: string;
  readonly arm: string;
  readonly places: Places;
}

function CourseLink({ text, arm, iteration, mark, places }: CourseLinkProps): JSX.Element {
  const said = `iteration ${iteration}: ${markText(mark)}`;
  return (
    <a href={`#${places.of({ arm, iteration })}`} title={said} aria-label={said}>
      {text}
    </a>
  );
}

const height = 24;

/** Ten thousand marks tell no more than a hundred bars of them. */
function LongCourse({ arm, course, numbers, places }: CourseProps): JSX.Element {
  const { each, parts } = courseParts(course);
  const x = scaleLinear([0, parts.length], [0, 240]);
  const bar = (from: number, share: number, top: number): string => {
    const [left, right] = [x(from).toFixed(1), x(from + 0.8).toFixed(1)];
    return share === 0 ? '' : `M${left} ${top}V${(top - share * height).toFixed(1)}H${right}V${top}z`;
  };
  const shown = courseRuns(course, numbers, (iteration) => places.of({ arm, iteration }) !== null)
    .flatMap((run) => run.shown ?? [])
    .sort((a, b) => a.iteration - b.iteration);
  return (
    <div class="course long">
      <svg viewBox={`0 0 240 ${height}`} aria-hidden="true">
        <path class="seen" d={parts.map(({ seen }, i) => bar(i, seen, height)).join('')} />
        <path
          class="unknown"
          d={parts.map(({ seen, unknown }, i) => bar(i, unknown, height - seen * height)).join('')}
        />
      </svg>
      <p>
        In order, {counted(each, 'iteration')} a bar.{' '}
        {shown.length === 0 ? null : (
          <>
            Shown:{' '}
            {shown.map((one, i) => (
              <>
                {i === 0 ? '' : ', '}
                <CourseLink text={String(one.iteration)} arm={arm} {...one} places={places} />
              </>
            ))}
          </>
        )}
      </p>
    </div>
  );
}
