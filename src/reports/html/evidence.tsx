import type { JSX } from 'preact';
import type { FindingDetail, IterationDetail } from '../../results/detail.js';
import type { LogText } from '../../results/log-text.js';
import { keptText } from '../kept-text.js';
import { type Excerpt, excerptsOf } from './excerpts.js';
import { daemonLogId, laneLogId } from './places.js';
import { shownText } from './shown-text.js';
import { Foreign, Name } from './text.js';

/** More findings of one iteration, and more lines of one, say nothing new. */
const maxFindings = 12;
const maxEvidence = 8;
const longestExcerptLine = 400;

interface FindingsProps {
  readonly iteration: IterationDetail;
  /** Id of the iteration. */
  readonly id: string;
}

/** What was seen, each with the lines that show it; expected signals first. */
export function Findings({ iteration, id }: FindingsProps): JSX.Element {
  const { findings } = iteration;
  if (findings.length === 0) return <p class="nothing">Nothing was seen.</p>;
  const sorted = [...findings].sort((a, b) => Number(b.expected) - Number(a.expected));
  return (
    <>
      <ul class="findings">
        {sorted.slice(0, maxFindings).map((finding, i) => (
          <li key={i}>
            <Finding finding={finding} iteration={iteration} id={id} />
          </li>
        ))}
      </ul>
      {sorted.length > maxFindings ? (
        <p class="cut">{sorted.length - maxFindings} more findings are not shown here.</p>
      ) : null}
    </>
  );
}

interface FindingProps extends FindingsProps {
  readonly finding: FindingDetail;
}

function Finding({ finding, iteration, id }: FindingProps): JSX.Element {
  const { signal, lane, message, expected, evidence } = finding;
  const kept = keptText(finding.kept);
  const found = logOf(iteration, id, lane);
  const shown = evidence.slice(0, maxEvidence);
  return (
    <>
      <p>
        <Name text={signal} />
        {expected ? '' : ' (not expected)'} in{' '}
        {lane === null ? (
          'the daemon’s log'
        ) : (
          <>
            lane <Name text={lane} />
          </>
        )}
        : <Foreign text={message} />
        {kept === null ? null : (
          <>
            ; <Foreign text={kept} />
          </>
        )}
      </p>
      {(found === null ? [] : excerptsOf(found.log, shown)).map((excerpt, i) => (
        <ExcerptBlock key={i} excerpt={excerpt} logId={found?.id ?? ''} />
      ))}
      {evidence.length > maxEvidence ? (
        <p class="cut">{evidence.length - maxEvidence} more lines show it.</p>
      ) : null}
    </>
  );
}

function logOf(
  { lanes, daemonLog }: IterationDetail,
  id: string,
  lane: string | null,
): { log: LogText; id: string } | null {
  if (lane === null) return daemonLog === null ? null : { log: daemonLog, id: daemonLogId(id) };
  const at = lanes.findIndex(({ record }) => record.lane === lane);
  const log = lanes[at]?.log;
  return log === undefined ? null : { log, id: laneLogId(id, at) };
}

function ExcerptBlock({
  excerpt,
  logId,
}: {
  readonly excerpt: Excerpt;
  readonly logId: string;
}): JSX.Element {
  const { file, lines } = excerpt;
  const widest = String(lines.at(-1)?.line ?? 0).length;
  const first = lines.find(({ isEvidence }) => isEvidence)?.line ?? '';
  return (
    <div class="excerpt">
      <p>
        <a href={`#${logId}`}>
          <Name text={`${file}:${first}`} />
        </a>
      </p>
      <pre dir="ltr">
        {lines.map(({ line, text, isEvidence }) => {
          const number = String(line).padStart(widest);
          const shown = shownText(text, longestExcerptLine);
          return isEvidence ? (
            <mark key={line}>{`▶ ${number}  ${shown}\n`}</mark>
          ) : (
            <span key={line}>{`  ${number}  ${shown}\n`}</span>
          );
        })}
      </pre>
    </div>
  );
}
