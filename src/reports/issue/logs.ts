import type { IterationDetail, LaneDetail, RunDetail } from '../../results/detail.js';
import { counted } from '../numbers.js';
import { type Chunk, type CodePart, chunk, linesAsLog, type Part, text } from './parts.js';
import type { Subject } from './subject.js';
import { htmlCode } from './words.js';

const maxLanes = 4;

interface ShownLog {
  /** HTML for a summary, and the same as raw text. */
  readonly html: string;
  readonly plain: string;
  readonly chunk: Chunk;
}

/** The logs of the failing and of the clean iteration, each folded. */
export function foldedLogs(detail: RunDetail, subject: Subject): Part[] {
  return [
    ...shownLogs(detail, subject).map(
      ({ html, chunk: one }): CodePart => ({ kind: 'code', summary: html, language: 'text', chunks: [one] }),
    ),
    ...remark(detail, subject),
  ];
}

/** The same one after the other in one fence, for a field that is one. */
export function joinedLogs(detail: RunDetail, subject: Subject, language: string): CodePart {
  const logs = shownLogs(detail, subject);
  const none = chunk(linesAsLog([without(detail)]));
  return {
    kind: 'code',
    summary: null,
    language,
    chunks:
      logs.length === 0
        ? [none]
        : logs.map(({ plain, chunk: one }) => ({ ...one, title: `=== ${plain} ===` })),
  };
}

function shownLogs(detail: RunDetail, { failing, clean }: Subject): ShownLog[] {
  const shown = [
    ...(failing === null ? [] : iterationLogs(failing, null)),
    ...(clean === null || clean === failing ? [] : iterationLogs(clean, 'clean')),
  ];
  const daemons = detail.daemons
    .filter(({ log }) => shown.length === 0 && log.lines > 0)
    .slice(0, 1)
    .map(({ name, log }) => ({
      html: `Log of the private daemon ${htmlCode(name)}`,
      plain: `log of the private daemon ${name}`,
      chunk: chunk(log),
    }));
  return [...shown, ...daemons];
}

/** @param clean what is said of each log; null: whether a finding names it */
function iterationLogs(iteration: IterationDetail, clean: string | null): ShownLog[] {
  const { arm, iteration: number, daemonLog } = iteration;
  const stateOf = (name: string | null, hasFailed: boolean): string => {
    const isNamed = iteration.findings.some(({ lane }) => lane === name);
    const words = [clean ?? (isNamed ? 'shows it' : ''), hasFailed ? 'the build failed' : ''];
    const said = words.filter((word) => word !== '').join(', ');
    return said === '' ? '' : ` (${said})`;
  };
  const lanes = mostTelling(iteration).map((lane) => {
    const state = stateOf(lane.record.lane, lane.outcome === 'failed');
    const tail = `, iteration ${number} of `;
    return {
      html: `Log of build ${htmlCode(lane.record.lane)}${tail}${htmlCode(arm)}${state}`,
      plain: `log of build ${lane.record.lane}${tail}${arm}${state}`,
      chunk: chunk(lane.log, wantedLines(iteration, lane)),
    };
  });
  if (daemonLog === null || daemonLog.lines === 0) return lanes;
  const named = iteration.findings.filter(({ lane }) => lane === null).flatMap(({ evidence }) => evidence);
  return [
    ...lanes,
    {
      html: `Log of the daemon meanwhile, iteration ${number} of ${htmlCode(arm)}${stateOf(null, false)}`,
      plain: `log of the daemon meanwhile, iteration ${number} of ${arm}${stateOf(null, false)}`,
      chunk: chunk(
        daemonLog,
        named.map(({ line }) => line),
      ),
    },
  ];
}

/** Those that a finding names, then those that failed, then the rest; in the order of the plan. */
function mostTelling({ lanes, findings }: IterationDetail): LaneDetail[] {
  const rank = ({ record, outcome }: LaneDetail): number => {
    if (findings.some(({ lane }) => lane === record.lane)) return 0;
    return outcome === 'failed' ? 1 : 2;
  };
  const kept = new Set([...lanes].sort((a, b) => rank(a) - rank(b)).slice(0, maxLanes));
  return lanes.filter((lane) => kept.has(lane));
}

function wantedLines({ findings }: IterationDetail, { record, error }: LaneDetail): number[] {
  const named = findings.filter(({ lane }) => lane === record.lane).flatMap(({ evidence }) => evidence);
  return [...named, ...(error === null ? [] : [error])].map(({ line }) => line);
}

function remark(detail: RunDetail, { failing, clean }: Subject): Part[] {
  const left = [failing, clean]
    .map((one) => (one === null ? 0 : one.lanes.length - mostTelling(one).length))
    .reduce((a, b) => a + b, 0);
  const none = failing === null && clean === null ? [text(without(detail))] : [];
  return left > 0
    ? [...none, text(`Logs of ${counted(left, 'more build')} of these iterations are not shown.`)]
    : none;
}

/** Why there is no log. */
function without({ result, iterations }: RunDetail): string {
  if (result.arms.every(({ iterations: { valid } }) => valid === 0))
    return 'No iteration of this run is valid.';
  return iterations.length === 0 ? 'This run holds no log.' : 'No iteration of this run is shown.';
}
