import type { JSX } from 'preact';
import { cut, terminalText } from '../../escape.js';
import type { Band } from './band.js';
import { tableRows } from './rows.js';
import { ScrollBox } from './scroll-box.js';
import { laneText } from './words.js';

/** Longest name of a lane in the table's head. */
const maxLane = 60;

/** The picture in words: a row for each step, a column for each lane. */
export function StepTable({ bands, caption }: StepTableProps): JSX.Element {
  return (
    <details class="timeline-steps">
      <summary>Steps as a table</summary>
      <ScrollBox label={`Table of steps: ${caption}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Step, as the log names it; its number and times in ms</th>
              {bands.map(({ lane }, i) => (
                <th key={i} scope="col">
                  <b>{cut(terminalText(lane.record.lane), maxLane)}</b> {laneText(lane)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tableRows(bands).map(({ name, cells }, i) => (
              <tr key={i}>
                <th scope="row">{name}</th>
                {cells.map((text, j) => (
                  <td key={j}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </details>
  );
}

interface StepTableProps {
  readonly bands: readonly Band[];
  readonly caption: string;
}
