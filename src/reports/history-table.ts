import type { History, HistoryBuilder, HistoryRun, HistorySeries } from '../results/history.js';
import { terminalText } from './escape.js';
import { setupMark } from './history-marks.js';
import { wrap, wrapWhole } from './width.js';

const marks = '▁▂▃▄▅▆▇█';
const noFigure = '·';
/** Runs that a line of marks goes back. */
const maxMarks = 60;

/** What `history` prints: the runs, newest last, and below them how often each fault showed. Ends in a newline. */
export function historyTable({ runs, series }: History, width = 80): string {
  const blocks = [runs.flatMap((run) => runLines(run, width)), ...seriesBlocks(series, width)];
  const legend = `One mark a run: ${marks[0]} in no iteration, ${marks.at(-1)} in each of them, ${noFigure} nothing to count.`;
  return `${[...blocks, ...(series.length === 0 ? [] : [wrap(legend, width)])]
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** A part says so by its number. */
const leftOutTexts: Readonly<Record<NonNullable<HistoryRun['leftOut']>, string>> = {
  part: '',
  search: '; it searched for an offset, and has no rate',
  'several-builders': '; its builder changed meanwhile, and it has no rate',
  'several-machines': '; it ran on different machines, and has no rate',
  'stopped-at-first-sight': '; it stopped at the first sight, and has no rate',
};

function runLines(run: HistoryRun, width: number): string[] {
  const what = [
    run.startedAt?.slice(0, 16).replace('T', ' '),
    run.scenario,
    run.builder === null ? null : `on ${builderText(run.builder)}`,
    run.part === null ? null : `part ${run.part}`,
  ].filter(Boolean);
  const said = run.state === 'finished' ? (run.verdict ?? 'no verdict') : run.state;
  const early = run.stopped === null ? '' : ` (${run.stopped})`;
  const why = run.leftOut === null ? '' : leftOutTexts[run.leftOut];
  const facts = `${what.length === 0 ? '' : `${what.join(' ')}: `}${said}${early}${why}`;
  return [...wrapWhole(terminalText(run.run), width), ...indented(terminalText(facts), 2, width)];
}

function builderText({ kind, version, daemonVersion, simulated }: HistoryBuilder): string {
  const versions = versionText({ version, daemonVersion });
  return `${kind}${versions === '' ? '' : ` ${versions}`}${simulated ? ' (SIMULATED)' : ''}`;
}

function versionText({ version, daemonVersion }: Pick<HistoryBuilder, 'version' | 'daemonVersion'>): string {
  const isSame = daemonVersion === null || daemonVersion === version;
  return [version, isSame ? null : `daemon ${daemonVersion}`].filter(Boolean).join(', ');
}

/** A block for each scenario on a kind of builder. */
function seriesBlocks(series: readonly HistorySeries[], width: number): string[][] {
  const blocks = new Map<string, string[]>();
  for (const one of series) {
    const title = terminalText(
      `${one.scenario} on ${one.builder}${one.simulated ? ' (SIMULATED BUILDER)' : ''}`,
    );
    const lines = blocks.get(title) ?? wrap(title, width).slice();
    blocks.set(title, lines);
    lines.push(...seriesLines(one, setupMark(one, series), width));
  }
  return [...blocks.values()];
}

function seriesLines({ arm, signal, points }: HistorySeries, mark: string, width: number): string[] {
  const last = points.at(-1);
  const head = `${arm} ${signal}${mark === '' ? '' : ` (${mark})`}: ${last === undefined ? '' : `${last.count}/${last.of}`}`;
  return [...indented(terminalText(head), 2, width), ...indented(terminalText(sparkline(points)), 4, width)];
}

/** `v0.31.0 ▁▁▂ v0.32.2 ▅█`: one mark a run, after the builder's version where it changes. */
export function sparkline(points: HistorySeries['points']): string {
  const shown = points.slice(-maxMarks);
  let version: string | null = null;
  const text = shown.map((point) => {
    const own = versionText(point) || 'version unknown';
    const isNew = own !== version;
    version = own;
    return `${isNew ? ` ${own} ` : ''}${markOf(point)}`;
  });
  return `${shown.length < points.length ? '… ' : ''}${text.join('').trim()}`;
}

/** The lowest mark is for no sight at all, and nothing else. */
function markOf({ count, of }: { readonly count: number; readonly of: number }): string {
  if (of === 0) return noFigure;
  const height = count === 0 ? 0 : Math.max(1, Math.round((count / of) * (marks.length - 1)));
  return marks[Math.min(height, marks.length - 1)] ?? noFigure;
}

function indented(text: string, by: number, width: number): string[] {
  return wrap(text, width - by).map((line) => ' '.repeat(by) + line);
}
