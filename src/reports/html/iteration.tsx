import type { ComponentChildren, JSX } from 'preact';
import type { IterationDetail, LaneDetail } from '../../results/detail.js';
import type { PlannedArm } from '../../scenario/plan.js';
import { timeText } from '../time-text.js';
import { Findings } from './evidence.js';
import { daemonLogId, laneLogId } from './places.js';
import { Foreign, Name } from './text.js';
import { Timeline } from './timeline/timeline.js';

interface IterationProps {
  readonly iteration: IterationDetail;
  readonly id: string;
  /** A scale that it shares with the one beside it. */
  readonly spanMs?: number;
  /** Of the heading above it. */
  readonly level: 3 | 4;
}

/** One iteration: what was seen, its lanes on one clock, and how each lane ended. */
export function IterationBody({ iteration, id, spanMs, level }: IterationProps): JSX.Element {
  return (
    <>
      <Heading level={level}>What was seen</Heading>
      {iteration.invalid === null ? null : (
        <p>
          It does not count: <Foreign text={iteration.invalid} />.
        </p>
      )}
      <Findings iteration={iteration} id={id} />
      <Blind iteration={iteration} />
      {iteration.builderGone === null ? null : (
        <p>
          <strong>
            The builder was gone afterwards: <Foreign text={iteration.builderGone} />.
          </strong>
        </p>
      )}
      <Heading level={level}>Timeline</Heading>
      <Timeline iteration={iteration} id={`${id}-t`} {...(spanMs === undefined ? {} : { spanMs })} />
      <LaneEnds iteration={iteration} id={id} />
    </>
  );
}

interface HeadingProps {
  readonly level: 3 | 4;
  readonly children: ComponentChildren;
}

function Heading({ level, children }: HeadingProps): JSX.Element {
  return level === 3 ? <h4>{children}</h4> : <h5>{children}</h5>;
}

const maxBlind = 10;

function Blind({ iteration: { blind } }: { readonly iteration: IterationDetail }): JSX.Element | null {
  if (blind.length === 0) return null;
  return (
    <>
      <p>Nobody could look:</p>
      <ul>
        {blind.slice(0, maxBlind).map(({ signal, lane, reason }, i) => (
          <li key={i}>
            <Name text={signal} />
            {lane === null ? (
              ''
            ) : (
              <>
                {' '}
                in lane <Name text={lane} />
              </>
            )}
            : <Foreign text={reason} />
          </li>
        ))}
      </ul>
      {blind.length > maxBlind ? <p class="cut">{blind.length - maxBlind} more are not shown here.</p> : null}
    </>
  );
}

/** How each lane ended, with a way to its log. */
function LaneEnds({
  iteration,
  id,
}: {
  readonly iteration: IterationDetail;
  readonly id: string;
}): JSX.Element {
  const { lanes, daemonLog } = iteration;
  return (
    <ul class="lanes">
      {lanes.map((lane, i) => (
        <li key={lane.record.lane}>
          <Name text={lane.record.lane} />: {endText(lane)}
          {lane.truncated === null ? null : (
            <>
              ; its log ends in the middle: <Foreign text={lane.truncated} />
            </>
          )}
          {lane.error === null ? null : (
            <>
              : <Foreign text={lane.error.text} most={240} />
            </>
          )}{' '}
          (<a href={`#${laneLogId(id, i)}`}>whole log</a>)
        </li>
      ))}
      {daemonLog === null || daemonLog.lines === 0 ? null : (
        <li>
          The daemon meanwhile: <a href={`#${daemonLogId(id)}`}>its log</a>
        </li>
      )}
    </ul>
  );
}

/** `failed with exit code 1 after 4.9 s`. */
function endText({ outcome, record, startMs, endMs }: LaneDetail): string {
  const after = startMs === null || endMs === null ? '' : ` after ${timeText(endMs - startMs)}`;
  if (record.cancelled) return `ended on purpose${after}`;
  if (record.timedOut) return `ended as it took too long${after}`;
  if (record.signal !== null) return `ended by ${record.signal}${after}`;
  const code = record.exitCode === null || record.exitCode === 0 ? '' : ` with exit code ${record.exitCode}`;
  return outcome === 'unknown' ? `ended${code}${after}, how is not known` : `${outcome}${code}${after}`;
}

/** `no-cache, iteration 1`, and what it showed. */
export function IterationTitle({
  iteration: { arm, iteration, findings, invalid, blind },
  plan,
}: {
  readonly iteration: IterationDetail;
  readonly plan: readonly PlannedArm[];
}): JSX.Element {
  const planned = plan.find(({ name }) => name === arm);
  const signals = [...new Set(findings.map(({ signal }) => signal))];
  return (
    <>
      <Name text={arm} />
      {planned === undefined ? '' : ` (${planned.role})`}, iteration {iteration}:{' '}
      {invalid !== null ? (
        'invalid'
      ) : signals.length === 0 ? (
        blind.length > 0 ? (
          'nothing seen, in parts blind'
        ) : (
          'nothing seen'
        )
      ) : (
        <span class="shows">
          ▶{' '}
          {signals.map((signal, i) => (
            <>
              {i === 0 ? '' : ', '}
              <Name text={signal} />
            </>
          ))}
        </span>
      )}
    </>
  );
}
