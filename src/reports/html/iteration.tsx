import path from 'node:path';
import type { JSX } from 'preact';
import type { IterationDetail, LaneDetail } from '../../results/detail.js';
import type { RunResult } from '../../results/result.js';
import { cutText } from '../cut-text.js';
import { terminalText } from '../escape.js';
import { timeText } from '../time-text.js';
import { watchedSignals } from '../watched.js';
import { Findings } from './evidence.js';
import { daemonLogId, keptId, laneLogId } from './places.js';
import { Foreign, Name } from './text.js';
import { Timeline } from './timeline/timeline.js';

interface IterationProps {
  readonly result: RunResult;
  readonly iteration: IterationDetail;
  readonly id: string;
  /** A scale that it shares with the one beside it. */
  readonly spanMs?: number;
}

/** One iteration: its lanes on one clock, so that two beside each other begin with what differs, what was seen, and how each lane ended. */
export function IterationBody({ result, iteration, id, spanMs }: IterationProps): JSX.Element {
  return (
    <>
      <h4>Timeline</h4>
      <Timeline iteration={iteration} id={`${id}-t`} {...(spanMs === undefined ? {} : { spanMs })} />
      <h4>What was seen</h4>
      {iteration.invalid === null ? null : (
        <p>
          It does not count: <Foreign text={iteration.invalid} />.
        </p>
      )}
      <Findings iteration={iteration} id={id} />
      <Blind result={result} iteration={iteration} />
      {iteration.builderGone === null ? null : (
        <p>
          <strong>
            The builder was gone afterwards: <Foreign text={iteration.builderGone} />.
          </strong>
        </p>
      )}

      <LaneEnds iteration={iteration} id={id} />
    </>
  );
}

const maxBlind = 10;

interface BlindProps {
  readonly result: RunResult;
  readonly iteration: IterationDetail;
}

/** Where nobody could look for what counts in this arm; of what it is not about, nothing. */
function Blind({ result, iteration }: BlindProps): JSX.Element | null {
  const watched = blindSpots(result, iteration);
  if (watched.length === 0) return null;
  return (
    <>
      <ul>
        {watched.slice(0, maxBlind).map(({ signal, lane, reason }, i) => (
          <li key={i}>
            Nobody could look for <Name text={signal} />
            {lane === null ? null : (
              <>
                {' '}
                in lane <Name text={lane} />
              </>
            )}
            : <Foreign text={reason} />
          </li>
        ))}
      </ul>
      {watched.length > maxBlind ? (
        <p class="cut">{watched.length - maxBlind} more are not shown here.</p>
      ) : null}
    </>
  );
}

/** Where nobody could look for a signal that counts for the arm. */
function blindSpots(result: RunResult, { arm, blind }: IterationDetail): IterationDetail['blind'] {
  const own = result.arms.find(({ name }) => name === arm);
  if (own === undefined) return blind;
  const watched = watchedSignals(result, own);
  return blind.filter(({ signal }) => watched.has(signal));
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
              ; its log is cut: <Foreign text={cutText(lane) ?? ''} />
            </>
          )}
          {lane.error === null ? null : (
            <>
              : <Foreign text={lane.error.text} most={240} />
            </>
          )}{' '}
          (<a href={`#${laneLogId(id, i)}`}>whole log</a>
          {(lane.kept ?? []).map(({ files }, at) => (
            <>
              ,{' '}
              <a key={at} href={`#${keptId(id, i, at)}`}>
                <Name text={path.basename(files[0]?.file ?? '')} />
              </a>
            </>
          ))}
          )
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
  if (record.signal !== null) return `ended by ${terminalText(record.signal)}${after}`;
  const code = record.exitCode === null || record.exitCode === 0 ? '' : ` with exit code ${record.exitCode}`;
  return outcome === 'unknown' ? `ended${code}${after}, how is not known` : `${outcome}${code}${after}`;
}

interface TitleProps {
  readonly result: RunResult;
  readonly iteration: IterationDetail;
}

/** `no-cache (reproduce), iteration 1`, and what it showed. */
export function IterationTitle({ result, iteration: one }: TitleProps): JSX.Element {
  const role = result.arms.find(({ name }) => name === one.arm)?.role;
  return (
    <>
      <Name text={one.arm} />
      {role === undefined ? '' : ` (${role})`}, iteration {one.iteration}:{' '}
      <Shown result={result} iteration={one} />
    </>
  );
}

function Shown({ result, iteration }: TitleProps): JSX.Element {
  if (iteration.invalid !== null) return <>invalid</>;
  const expectedFirst = [...iteration.findings].sort((a, b) => Number(b.expected) - Number(a.expected));
  const signals = [...new Set(expectedFirst.map(({ signal }) => signal))];
  if (signals.length === 0) {
    return <>{blindSpots(result, iteration).length > 0 ? 'nothing seen, in parts blind' : 'nothing seen'}</>;
  }
  return (
    <span class="shows">
      ▶{' '}
      {signals.map((signal, i) => (
        <>
          {i === 0 ? '' : ', '}
          <Name text={signal} />
        </>
      ))}
    </span>
  );
}
