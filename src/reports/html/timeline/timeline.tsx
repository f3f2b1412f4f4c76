import type { JSX } from 'preact';
import type { IterationDetail } from '../../../results/detail.js';
import { counted } from '../../numbers.js';
import { Drawing } from './drawing.js';
import { joinsOf } from './joins.js';
import { Key } from './key.js';
import { pictureOf } from './layout.js';
import { ScrollBox } from './scroll-box.js';
import { StepTable } from './step-table.js';
import { clockText, pictureTitle } from './words.js';

interface TimelineProps {
  readonly iteration: IterationDetail;
  /** In front of the ids of its elements; no other picture of the page may have it. */
  readonly id: string;
  /** The least that the clock shows, in ms, so that two pictures can be held beside each other. */
  readonly spanMs?: number;
}

/**
 * The lanes of an iteration on one clock: a band for each lane, in it its steps as bars, and the same as a table. It
 * needs `timelineStyle`; `timelineScript` adds what pointing at a step, or going there by keyboard, tells.
 */
export function Timeline({ iteration, id, spanMs }: TimelineProps): JSX.Element {
  const picture = pictureOf(iteration, spanMs);
  const joins = picture.bands.flatMap(joinsOf);
  const title = pictureTitle(iteration);
  const clock = clockText(iteration.lanes);
  const timeless = picture.bands.reduce((sum, band) => sum + band.timeless.length, 0);
  return (
    <figure class="timeline">
      <figcaption>
        <b>{title}.</b> {clock}
        {picture.outside > 0 &&
          ` ${counted(picture.outside, 'step lies', 'steps lie')} outside of this clock and ${picture.outside === 1 ? 'stands' : 'stand'} at its edge.`}
        {timeless > 0 && ` Of ${counted(timeless, 'step')} no time is known: the table has them.`}
      </figcaption>
      <ScrollBox label={`Timeline: ${title}`}>
        <Drawing picture={picture} joins={joins} id={id} label={`${title}; the table below says the same`} />
      </ScrollBox>
      <Key picture={picture} hasJoins={joins.length > 0} id={id} />
      <StepTable bands={picture.bands} caption={title} />
    </figure>
  );
}
