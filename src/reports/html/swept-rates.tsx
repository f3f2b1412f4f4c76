import type { JSX } from 'preact';
import type { RunResult, SignalResult } from '../../results/result.js';
import { wilson } from '../../stats/interval.js';
import { rangeText } from '../numbers.js';
import { controlText } from '../sweep-table.js';
import { expectedSignals, moverSentence, ratesOf, type SweptArm, sweptArms, testText } from '../swept.js';
import { RateBar } from './rate-bar.js';
import { Name, Scroller, Sentences } from './text.js';

/** Points that a page shows of one arm; a sweep of more is cut, and says so. */
const maxPoints = 400;

/** Rates of swept arms by the levels of the factors, and which factor moves them; null where there is no sweep. */
export function SweptRates({ result }: { readonly result: RunResult }): JSX.Element | null {
  const swept = sweptArms(result);
  if (swept.length === 0) return null;
  const test = testText(result);
  return (
    <>
      {swept.flatMap((arm) =>
        expectedSignals(arm).map((signal) => (
          <SweptTable key={`${arm.name} ${signal}`} result={result} arm={arm} signal={signal} />
        )),
      )}
      {test === null ? null : <p class="aside">{test}.</p>}
    </>
  );
}

interface SweptTableProps {
  readonly result: RunResult;
  readonly arm: SweptArm;
  readonly signal: SignalResult['signal'];
}

function SweptTable({ result, arm, signal }: SweptTableProps): JSX.Element {
  const factors = Object.keys(arm.points[0]?.arm.point?.factors ?? {});
  const rates = ratesOf(arm, signal);
  const movers = moverSentence(result, arm.name, signal);
  const isFirst = result.stopping.rule === 'first';
  return (
    <>
      <Scroller class="scroller" label={`${signal} by point of the sweep`}>
        <table class="points">
          <caption>
            <Name text={signal} /> in <Name text={arm.name} />, by point of the sweep
          </caption>
          <thead>
            <tr>
              {factors.map((factor) => (
                <th key={factor} scope="col">
                  <Name text={factor} />
                </th>
              ))}
              <th scope="col">Iterations</th>
              <th scope="col">Rate</th>
              <th scope="col">Control</th>
            </tr>
          </thead>
          <tbody>
            {rates.slice(0, maxPoints).map(({ point, seen }) => {
              const { count, of } = seen?.iterations ?? { count: 0, of: 0 };
              const interval = seen?.interval ?? null;
              const noRate = of === 0 || (isFirst && count > 0);
              return (
                <tr key={point.text}>
                  {factors.map((factor) => (
                    <td key={factor}>
                      <Name text={point.arm.point?.factors[factor] ?? ''} most={40} />
                    </td>
                  ))}
                  <td class="seen">
                    <strong>{of === 0 ? '–' : isFirst && count > 0 ? 'yes' : `${count} of ${of}`}</strong>
                    {interval === null ? null : (
                      <span class="range">{rangeText(interval.low, interval.high)}</span>
                    )}
                  </td>
                  <td class="drawn">
                    <RateBar rate={noRate ? null : count / of} interval={interval} kind="reproduce" />
                  </td>
                  <td>{controlText(point, signal).replaceAll('/', ' of ') || '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroller>
      {rates.length > maxPoints ? (
        <p class="cut">{rates.length - maxPoints} more points are not shown here.</p>
      ) : null}
      {movers === null ? null : (
        <p>
          <Sentences of={[movers]} />
        </p>
      )}
    </>
  );
}

/** Where it was looked for: the points of a search for an offset, none of which is a rate. Null: nothing was searched. */
export function Searched({ result: { window } }: { readonly result: RunResult }): JSX.Element | null {
  if (window === null || window.searched.length === 0) return null;
  const best = window.phase === 'confirm' ? 'measured afresh' : 'the best';
  return (
    <Scroller class="scroller" label="Sights by offset between lanes">
      <table class="points">
        <caption>By offset between lanes (searched to choose one; not the rate)</caption>
        <thead>
          <tr>
            <th scope="col">Offset</th>
            <th scope="col">Iterations</th>
            <th scope="col">Seen there</th>
            <th scope="col">Chosen</th>
          </tr>
        </thead>
        <tbody>
          {window.searched.map(({ offsetMs, count, of }) => (
            <tr key={offsetMs}>
              <td>{offsetMs} ms</td>
              <td class="seen">
                <strong>{of === 0 ? '–' : `${count} of ${of}`}</strong>
              </td>
              <td class="drawn">
                <RateBar
                  rate={of === 0 ? null : count / of}
                  interval={of === 0 ? null : wilson(count, of)}
                  kind="search"
                />
              </td>
              <td>{offsetMs === window.bestMs ? `← ${best}` : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
