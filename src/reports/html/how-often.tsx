import type { JSX } from 'preact';
import { iterationNumbers } from '../../results/iteration-numbers.js';
import type { ArmResult, RunResult } from '../../results/result.js';
import { extentText } from '../method.js';
import { type ArmRows, lanesText, type Row } from '../rows.js';
import { CourseStrip } from './course-strip.js';
import type { Places } from './places.js';
import { RateBar } from './rate-bar.js';
import { rateGroups, rateOfRow } from './rates.js';
import { Foreign, Name } from './text.js';

interface HowOftenProps {
  readonly result: RunResult;
  readonly places: Places;
}

/** The table of rates: a body for each reproduce arm, with its controls and its builds alone under it. */
export function HowOften({ result, places }: HowOftenProps): JSX.Element | null {
  const groups = rateGroups(result);
  if (groups.length === 0) return null;
  return (
    <table class="rates">
      <caption>
        Bars run from 0 to 100 % of the iterations: <b aria-hidden="true">◆</b> the rate,{' '}
        <b aria-hidden="true">├─┤</b> its interval. Below a bar, what each iteration showed in order: ■ seen,
        · not, – blind, × invalid; those that are shown on this page are links.
      </caption>
      <thead>
        <tr>
          <th scope="col">Arm</th>
          <th scope="col">Signal</th>
          <th scope="col">Iterations</th>
          <th scope="col">Rate</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      {groups.map(({ arms }) => (
        <tbody key={arms[0]?.arm.name}>
          {arms.flatMap((one) =>
            one.rows.map((row, i) => (
              <RateRow
                key={`${one.arm.name} ${i}`}
                result={result}
                places={places}
                of={one}
                row={row}
                at={i}
              />
            )),
          )}
        </tbody>
      ))}
    </table>
  );
}

interface RateRowProps extends HowOftenProps {
  readonly of: ArmRows;
  readonly row: Row;
  readonly at: number;
}

function RateRow({ result, places, of: { arm, rows }, row, at }: RateRowProps): JSX.Element {
  const drawn = rateOfRow(result, arm, row);
  return (
    <tr class={`${arm.role} ${row.tone}`}>
      {at === 0 ? (
        <th scope="rowgroup" rowSpan={rows.length} class="arm">
          <ArmHead result={result} arm={arm} />
        </th>
      ) : null}
      {row.signal === '' ? null : (
        <>
          <td class="signal">
            <Name text={row.signal} />
          </td>
          <td class="seen">
            <strong>{row.seen.replace('/', ' of ')}</strong>
            {row.interval === '' ? null : <span class="range">{row.interval}</span>}
            {row.builds === '–' ? null : <small>{row.builds.replace('/', ' of ')} builds</small>}
          </td>
          <td class="drawn">
            {drawn === null ? null : (
              <>
                <RateBar {...drawn.rate} kind={arm.role} />
                <CourseStrip
                  arm={arm.name}
                  course={drawn.signal.course}
                  numbers={iterationNumbers(result, arm, drawn.signal.course.length)}
                  places={places}
                />
              </>
            )}
          </td>
        </>
      )}
      <td class="means" colSpan={row.signal === '' ? 4 : 1}>
        <Foreign text={row.means} />
      </td>
    </tr>
  );
}

function ArmHead({ result, arm }: { readonly result: RunResult; readonly arm: ArmResult }): JSX.Element {
  const { invalid } = arm.iterations;
  return (
    <>
      <span class="role">{roleText(arm)}</span> <Name text={arm.name} />
      {arm.title === null ? null : (
        <small>
          <Foreign text={arm.title} most={200} />
        </small>
      )}
      {arm.skipped === null ? (
        <small>
          {lanesText(arm)}; {extentText(result, arm)}
          {invalid === 0 ? '' : `, ${invalid} invalid`}
        </small>
      ) : null}
    </>
  );
}

/** `reproduce`, `its control`, `its builds alone`. */
function roleText({ role, of }: ArmResult): string {
  if (role === 'reproduce') return 'reproduce';
  if (role === 'control') return of === null ? 'control' : 'its control';
  return of === null ? 'builds alone' : 'its builds alone';
}
