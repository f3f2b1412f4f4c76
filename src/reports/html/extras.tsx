import type { JSX } from 'preact';
import type { RunResult } from '../../results/result.js';
import { counted } from '../numbers.js';
import { spellingTables } from '../spelling-table.js';
import { Name, Scroller } from './text.js';

const maxFailures = 10;
const maxTables = 10;

/** Errors of all builds, grouped; null where no build failed. */
export function Failures({ result }: { readonly result: RunResult }): JSX.Element | null {
  const { failures } = result;
  if (failures.length === 0) return null;
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">Failures</h2>
      <Scroller class="scroller" label="Errors of builds">
        <table>
          <thead>
            <tr>
              <th scope="col">Builds</th>
              <th scope="col">Arms</th>
              <th scope="col">Error, without ids and numbers</th>
              <th scope="col">First seen</th>
            </tr>
          </thead>
          <tbody>
            {failures.slice(0, maxFailures).map(({ builds, arms, text, example }) => (
              <tr key={text}>
                <td>{builds}</td>
                <td>
                  {arms.slice(0, 10).map((arm, i) => (
                    <>
                      {i === 0 ? '' : ', '}
                      <Name text={arm} />
                    </>
                  ))}
                  {arms.length > 10 ? ` and ${arms.length - 10} more` : ''}
                </td>
                <td class="error">
                  <Name text={text} most={300} />
                </td>
                <td>
                  <Name text={`${example.file}:${example.line}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {failures.length > maxFailures ? (
        <p>And {counted(failures.length - maxFailures, 'kind')} more.</p>
      ) : null}
    </section>
  );
}

/** Which step carried which spelling of the platform; null where no drift was seen. */
export function Spellings({ result }: { readonly result: RunResult }): JSX.Element | null {
  const tables = spellingTables(result);
  if (tables.length === 0) return null;
  return (
    <section aria-labelledby="spellings">
      <h2 id="spellings">Which step carried which platform</h2>
      {tables.slice(0, maxTables).map(({ arm, platforms, rows, more }) => (
        <>
          <Scroller class="scroller" label="Builds by step and platform">
            <table class="figures">
              <caption>
                Builds of <Name text={arm} /> in which each step carried each spelling
              </caption>
              <thead>
                <tr>
                  <th scope="col">Stage</th>
                  <th scope="col">Instruction</th>
                  {platforms.map((platform) => (
                    <th key={platform} scope="col">
                      <Name text={platform} most={40} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ stage, instruction, builds }) => (
                  <tr key={`${stage} ${instruction}`}>
                    <td>{stage === null ? '–' : <Name text={stage} />}</td>
                    <td>
                      <Name text={instruction} />
                    </td>
                    {builds.map((count, i) => (
                      <td key={i}>{count ?? '–'}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroller>
          {more === null ? null : <p>{more}</p>}
        </>
      ))}
      {tables.length > maxTables ? <p>And {counted(tables.length - maxTables, 'arm')} more.</p> : null}
    </section>
  );
}

const maxDoubts = 30;

/** What weakens the run, where anything does. */
export function Doubts({ sentences }: { readonly sentences: readonly JSX.Element[] }): JSX.Element | null {
  if (sentences.length === 0) return null;
  return (
    <section class="doubts" aria-labelledby="doubts">
      <h2 id="doubts">Read with care</h2>
      <ul>
        {sentences.slice(0, maxDoubts).map((one, i) => (
          <li key={i}>{one}</li>
        ))}
      </ul>
      {sentences.length > maxDoubts ? <p>And {sentences.length - maxDoubts} more.</p> : null}
    </section>
  );
}
