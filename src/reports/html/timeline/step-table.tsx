import type { JSX } from 'preact';
import type { TimedStep } from '../../../results/detail.js';
import { terminalText } from '../../escape.js';
import type { Band } from './band.js';
import { ScrollBox } from './scroll-box.js';
import { laneText, mergedName, statusText, stepName } from './words.js';

/** The picture in words: its bars row by row, in their order, and the steps that it cannot show. */
export function StepTable({ bands, caption }: StepTableProps): JSX.Element {
  return (
    <details class="timeline-steps">
      <summary>Steps as a table</summary>
      <ScrollBox label={`Table of steps: ${caption}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Step, as the log names it</th>
              <th scope="col">Status</th>
              <th scope="col">Start (ms)</th>
              <th scope="col">Duration (ms)</th>
            </tr>
          </thead>
          {bands.map((band, i) => (
            <LaneRows key={i} band={band} />
          ))}
        </table>
      </ScrollBox>
    </details>
  );
}

interface StepTableProps {
  readonly bands: readonly Band[];
  readonly caption: string;
}

function LaneRows({ band }: { readonly band: Band }): JSX.Element {
  return (
    <tbody>
      <tr>
        <th colSpan={4} scope="rowgroup">
          {terminalText(band.lane.record.lane)}: {laneText(band.lane)}
        </th>
      </tr>
      {band.bars.map(({ steps, startMs, endMs }, i) => (
        <tr key={i}>
          <td>{namesOf(steps)}</td>
          <td>{steps.length === 1 ? steps.map(statusText) : 'done'}</td>
          <td>{Math.round(startMs)}</td>
          <td>{Math.round(endMs) - Math.round(startMs)}</td>
        </tr>
      ))}
      {band.timeless.map((step, i) => (
        <tr key={`t${i}`} class="timeless">
          <td>{stepName(step)}</td>
          <td>{statusText(step)}</td>
          <td>not known</td>
          <td />
        </tr>
      ))}
    </tbody>
  );
}

function namesOf(steps: readonly TimedStep[]): string {
  const [first] = steps;
  return steps.length === 1 && first !== undefined ? stepName(first) : mergedName(steps);
}
