import type { JSX } from 'preact';
import type { IterationDetail, RunDetail } from '../../results/detail.js';
import type { Signal } from '../../signals.js';
import { counted } from '../numbers.js';
import { IterationBody, IterationTitle } from './iteration.js';
import { iterationOf, type Places } from './places.js';

interface IterationsProps {
  readonly detail: RunDetail;
  readonly places: Places;
}

/** The first iteration that shows the fault beside one that does not, on one scale of time. */
export function Pair({ detail, places }: IterationsProps): JSX.Element {
  const failing = iterationOf(detail, detail.firstFailing);
  const clean = iterationOf(detail, detail.clean);
  const faults = faultsOf(failing);
  const spanMs = Math.max(1, failing?.spanMs ?? 0, clean?.spanMs ?? 0);
  return (
    <section aria-labelledby="pair">
      <h2 id="pair">{pairHeading(detail)}</h2>
      {failing === null ? <p>{noFailing(detail)}</p> : null}
      <div class={failing !== null && clean !== null ? 'pair' : 'pair single'}>
        {[failing, clean].map((one, i) =>
          one === null ? null : (
            <article key={i} class={i === 0 ? 'failing' : 'clean'} id={places.of(one) ?? ''}>
              <h3>
                <IterationTitle result={detail.result} iteration={one} />
              </h3>
              <IterationBody
                result={detail.result}
                iteration={markedWith(one, faults)}
                id={places.of(one) ?? ''}
                spanMs={spanMs}
              />
            </article>
          ),
        )}
      </div>
      {failing !== null && clean === null ? <p>No iteration of this run is clean.</p> : null}
    </section>
  );
}

/** What the pair holds, for its heading. */
function pairHeading(detail: RunDetail): string {
  const failing = iterationOf(detail, detail.firstFailing);
  const clean = iterationOf(detail, detail.clean);
  if (failing === null) return clean === null ? 'No iteration shows it' : 'An iteration that shows nothing';
  const first = 'The first iteration that shows it';
  if (clean === null) return first;
  return `${first}, beside ${clean.findings.length === 0 ? 'a clean one' : 'one that does not'}`;
}

/** The same, short, for the way to it. */
export function pairLink(detail: RunDetail): string {
  const failing = iterationOf(detail, detail.firstFailing);
  if (failing === null) return pairHeading(detail);
  return iterationOf(detail, detail.clean) === null ? 'A failing iteration' : 'Failing beside clean';
}

/** What the pair is about: what is expected of what the failing one shows, else all of it. */
function faultsOf(failing: IterationDetail | null): ReadonlySet<Signal> {
  const findings = failing?.findings ?? [];
  const expected = findings.filter((one) => one.expected);
  return new Set((expected.length > 0 ? expected : findings).map(({ signal }) => signal));
}

/** Marks of these signals alone, so that a fault which every iteration shows does not hide the one that differs. */
function markedWith(iteration: IterationDetail, signals: ReadonlySet<Signal>): IterationDetail {
  const lanes = iteration.lanes.map((lane) => ({
    ...lane,
    steps: lane.steps.map((step) => ({
      ...step,
      marked: step.marked.filter((signal) => signals.has(signal)),
    })),
  }));
  return { ...iteration, lanes };
}

function noFailing({ iterations, result }: RunDetail): string {
  const valid = result.arms.reduce((sum, arm) => sum + arm.iterations.valid, 0);
  if (iterations.length === 0) return 'No iteration of this run was finished.';
  return valid === 0 ? 'No iteration of this run is valid.' : 'No iteration of this run shows anything.';
}

/** Every other iteration that is shown, folded, and how many are not. */
export function Others({ detail, places }: IterationsProps): JSX.Element | null {
  const pair = new Set([iterationOf(detail, detail.firstFailing), iterationOf(detail, detail.clean)]);
  const others = detail.iterations.filter((one) => !pair.has(one));
  if (others.length === 0 && detail.omitted === 0) return null;
  return (
    <section aria-labelledby="others">
      <h2 id="others">Other iterations</h2>
      {others.map((one) => (
        <Other key={places.of(one)} iteration={one} detail={detail} places={places} />
      ))}
      {detail.omitted === 0 ? null : (
        <p class="cut">
          {counted(detail.omitted, 'iteration')} of this run {detail.omitted === 1 ? 'is' : 'are'} not shown
          here; {detail.omitted === 1 ? 'it counts' : 'they count'} in every number above.
        </p>
      )}
    </section>
  );
}

interface OtherProps extends IterationsProps {
  readonly iteration: IterationDetail;
}

function Other({ iteration, detail, places }: OtherProps): JSX.Element {
  const id = places.of(iteration) ?? '';
  return (
    <details class="iteration" id={id}>
      <summary>
        <h3>
          <IterationTitle result={detail.result} iteration={iteration} />
        </h3>
      </summary>
      <IterationBody result={detail.result} iteration={iteration} id={id} />
    </details>
  );
}
