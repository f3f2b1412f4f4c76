import path from 'node:path';
import type { JSX } from 'preact';
import type { IterationDetail, RunDetail } from '../../results/detail.js';
import { evidenceLines } from './evidence-lines.js';
import { IterationTitle } from './iteration.js';
import { WholeLog } from './log.js';
import { daemonLogId, keptId, laneLogId, type Places } from './places.js';
import { shownText } from './shown-text.js';

interface LogsProps {
  readonly detail: RunDetail;
  readonly places: Places;
}

/** The whole log of each lane and daemon, folded, with a search over all of them. */
export function Logs({ detail, places }: LogsProps): JSX.Element | null {
  const { iterations, daemons } = detail;
  if (iterations.length === 0 && daemons.length === 0) return null;
  return (
    <section aria-labelledby="logs">
      <h2 id="logs">Whole logs</h2>
      <p class="printed">Of the logs, those are printed that are open.</p>
      <form class="search" id="search" hidden>
        <label for="search-text">Search all logs</label>
        <input id="search-text" type="search" autocomplete="off" spellcheck={false} />
        <button type="button" id="search-previous">
          Previous
        </button>
        <button type="button" id="search-next">
          Next
        </button>
        <output id="search-count" for="search-text" />
      </form>
      {iterations.map((one) => (
        <LogsOfIteration key={places.of(one)} iteration={one} detail={detail} id={places.of(one) ?? ''} />
      ))}
      {daemons.length === 0 ? null : (
        <details class="group">
          <summary>
            <h3>Logs of private daemons</h3>
          </summary>
          {daemons.map(({ name, log }, i) => (
            <WholeLog
              key={name}
              id={`d${i + 1}`}
              label={`daemon ${shownText(name, 160)}`}
              log={log}
              evidence={new Set()}
            />
          ))}
        </details>
      )}
    </section>
  );
}

interface LogsOfIterationProps {
  readonly iteration: IterationDetail;
  readonly detail: RunDetail;
  readonly id: string;
}

function LogsOfIteration({ iteration, detail, id }: LogsOfIterationProps): JSX.Element {
  const { lanes, daemonLog } = iteration;
  return (
    <details class="group">
      <summary>
        <h3>
          <IterationTitle result={detail.result} iteration={iteration} />
        </h3>
      </summary>
      {lanes.map(({ record, log }, i) => (
        <WholeLog
          key={record.lane}
          id={laneLogId(id, i)}
          label={`lane ${shownText(record.lane, 160)}`}
          log={log}
          evidence={evidenceLines(iteration, record.lane)}
        />
      ))}
      {lanes.flatMap(({ record, kept = [] }, i) =>
        kept.map((log, at) => (
          <WholeLog
            key={`${record.lane} ${at}`}
            id={keptId(id, i, at)}
            label={`lane ${shownText(record.lane, 160)} at its time limit: ${shownText(path.basename(log.files[0]?.file ?? ''), 160)}`}
            log={log}
            evidence={new Set()}
          />
        )),
      )}
      {daemonLog === null || daemonLog.lines === 0 ? null : (
        <WholeLog
          id={daemonLogId(id)}
          label="the daemon meanwhile"
          log={daemonLog}
          evidence={evidenceLines(iteration, null)}
        />
      )}
    </details>
  );
}
