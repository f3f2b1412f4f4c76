import type { IterationDetail, LaneDetail, TimedStep } from '../results/detail.js';
import { terminalText } from './escape.js';
import { counted } from './numbers.js';
import {
  findingLines,
  headLines,
  indented,
  laneText,
  type ShownIteration,
  secondsText,
} from './show-head.js';
import { deed } from './step-deed.js';
import { withoutTrailingSpaces } from './trailing-spaces.js';
import { clipped, columns, pad, wrap } from './width.js';

/** An iteration's lanes one below the other, their steps as rows with bars on one clock. Ends in a newline. */
export function timelineText(shown: ShownIteration): string {
  const { iteration, width, colors } = shown;
  const layout = layoutFor(iteration, width);
  const blocks = [
    headLines(shown),
    ...iteration.lanes.map((lane) => laneLines(shown, layout, lane)),
    findingLines(shown),
    legendLines(iteration, layout, width).map(colors.dim),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map(withoutTrailingSpaces)
    .join('\n\n')}\n`;
}

const gap = 2;
/** `! ` in front of a row that a finding names. */
const margin = 2;
const shortestStep = 16;
const shortestBar = 12;
const widestBar = 50;
const widestStage = 14;
const widestPlatform = 16;

/** What a row tells beside step and status; what comes first goes last where there is too little room. */
type Extra = 'stage' | 'platform' | 'start' | 'took' | 'bar';
const shapes: readonly (readonly Extra[])[] = [
  ['stage', 'platform', 'start', 'took', 'bar'],
  ['stage', 'platform', 'start', 'bar'],
  ['platform', 'start', 'bar'],
  ['platform', 'bar'],
  ['start', 'bar'],
  ['start'],
  [],
];

type Column = Extra | 'index' | 'step' | 'status';
type Layout = Readonly<Record<Column, number>>;

const headers: Readonly<Record<Exclude<Column, 'bar'>, string>> = {
  index: '#',
  stage: 'STAGE',
  platform: 'PLATFORM',
  step: 'STEP',
  status: 'STATUS',
  start: 'START',
  took: 'TOOK',
};

/** Widths of the columns, the same in every lane so that bars stand on one clock; 0: it is not shown. */
function layoutFor(iteration: IterationDetail, width: number): Layout {
  const rows = iteration.lanes.flatMap((lane) => lane.steps.map((step) => cellsOf(lane, step)));
  const widest = (column: keyof typeof headers, most = Number.POSITIVE_INFINITY): number => {
    const own = rows.reduce((sum, row) => Math.max(sum, columns(row[column])), 0);
    return own === 0 ? 0 : Math.min(most, Math.max(own, headers[column].length));
  };
  const wanted = {
    stage: widest('stage', widestStage),
    platform: widest('platform', widestPlatform),
    start: widest('start'),
    took: widest('took'),
  };
  const fixed = margin + widest('index') + gap + gap + widest('status');
  const step = widest('step');
  for (const shape of shapes) {
    const has = (extra: Extra): boolean => shape.includes(extra);
    const kept = {
      stage: has('stage') ? wanted.stage : 0,
      platform: has('platform') ? wanted.platform : 0,
      start: has('start') ? wanted.start : 0,
      took: has('took') ? wanted.took : 0,
    };
    const taken = Object.values(kept).reduce((sum, one) => sum + (one === 0 ? 0 : one + gap), fixed);
    const room = width - taken - (has('bar') ? gap : 0);
    const least = Math.min(step, shortestStep) + (has('bar') ? shortestBar : 0);
    if (room < least && shape.length > 0) continue;
    const forStep = has('bar') ? Math.max(Math.min(step, shortestStep), Math.floor(room / 2)) : room;
    const ownStep = Math.max(1, Math.min(step, forStep));
    const bar = has('bar') ? Math.min(widestBar, room - ownStep) : 0;
    return { index: widest('index'), status: widest('status'), step: ownStep, bar, ...kept };
  }
  throw new Error('the last shape holds anything');
}

type Cells = Readonly<Record<keyof typeof headers, string>>;

function cellsOf({ steps }: LaneDetail, step: TimedStep): Cells {
  const { index, stage, platform, status, startMs, endMs } = step;
  return {
    index: String(index),
    stage: terminalText(stage ?? ''),
    platform: terminalText(platform ?? ''),
    step: `${deed(step)}${sourceText(steps, step)}`,
    status,
    start: startMs === null ? '' : secondsText(startMs),
    took: startMs === null || endMs === null ? '' : secondsText(Math.max(0, endMs - startMs)),
  };
}

/** Runs of blanks only take room from a row. */

/** ` ← #5`: the step that a COPY --from takes its files from. */
function sourceText(steps: readonly TimedStep[], { source }: TimedStep): string {
  const from = source === null ? undefined : steps[source];
  return from === undefined ? '' : ` ← #${from.index}`;
}

function laneLines(shown: ShownIteration, layout: Layout, lane: LaneDetail): readonly string[] {
  const { iteration, width, colors } = shown;
  const head = wrap(laneText(iteration, lane), width).map(colors.bold);
  if (lane.steps.length === 0)
    return [...head, ...indented('no step was recognized in what it printed', 2, width)];
  const more = lane.stepsOmitted;
  return [
    ...head,
    colors.dim(rowText(layout, headers, '  ', axis(layout.bar, iteration.spanMs))),
    ...lane.steps.map((step) => stepLine(shown, layout, lane, step)),
    ...(more === 0 ? [] : indented(`and ${counted(more, 'step')} that are not shown`, 2, width)),
  ];
}

function stepLine({ iteration, colors }: ShownIteration, layout: Layout, lane: LaneDetail, step: TimedStep) {
  const isMarked = step.marked.length > 0;
  const cells = cellsOf(lane, step);
  const source = sourceText(lane.steps, step);
  // The step that it copies from is the point of a row, and stays where its text is cut.
  const text = cells.step.slice(0, cells.step.length - source.length);
  const fitting = clipped(text, Math.max(1, layout.step - columns(source))) + source;
  const bar = barOf(step, lane, iteration.spanMs, layout.bar);
  const line = rowText(
    layout,
    { ...cells, step: clipped(fitting, layout.step) },
    isMarked ? '! ' : '  ',
    bar,
  );
  if (step.status === 'error') return colors.red(line);
  return isMarked ? colors.yellow(line) : line;
}

function rowText(layout: Layout, cells: Cells, front: string, bar: string): string {
  const of = (column: keyof typeof headers, at: 'start' | 'end' = 'end'): string[] =>
    layout[column] === 0 ? [] : [pad(clipped(cells[column], layout[column]), layout[column], at)];
  const parts = [
    ...of('index', 'start'),
    ...of('stage'),
    ...of('platform'),
    ...of('step'),
    ...of('status'),
    ...of('start', 'start'),
    ...of('took', 'start'),
    ...(layout.bar === 0 ? [] : [bar]),
  ];
  return (front + parts.join(' '.repeat(gap))).trimEnd();
}

function axis(width: number, spanMs: number): string {
  const end = `${secondsText(spanMs)} s`;
  return width === 0 ? '' : `0${pad(end, width - 1, 'start')}`;
}

const fills: Readonly<Record<TimedStep['status'], string>> = {
  done: '█',
  cached: '░',
  error: '▓',
  cancelled: '▒',
  unfinished: '─',
};

/** From a step's start to its end, at least one column; a step without an end goes on to that of its lane. */
function barOf(
  { startMs, endMs, status }: TimedStep,
  lane: LaneDetail,
  spanMs: number,
  width: number,
): string {
  if (width === 0 || startMs === null) return '';
  const column = (ms: number): number =>
    spanMs <= 0 ? 0 : Math.min(width, Math.round((ms / spanMs) * width));
  const first = Math.min(width - 1, column(startMs));
  const last = Math.max(first + 1, column(endMs ?? lane.endMs ?? spanMs));
  return ' '.repeat(first) + (endMs === null ? fills.unfinished : fills[status]).repeat(last - first);
}

function legendLines({ lanes }: IterationDetail, { bar }: Layout, width: number): readonly string[] {
  const steps = lanes.flatMap((lane) => lane.steps);
  const clocks = new Set(steps.map(({ clock }) => clock));
  const names = {
    done: 'ran',
    cached: 'cached',
    error: 'error',
    cancelled: 'cancelled',
    unfinished: 'no end in the log',
  };
  const used = (Object.keys(fills) as TimedStep['status'][]).filter((status) =>
    steps.some((step) => step.status === status),
  );
  const texts = [
    bar === 0 ? '' : used.map((status) => `${fills[status]} ${names[status]}`).join(', '),
    steps.some(({ marked }) => marked.length > 0) ? '! a finding names this step' : '',
    steps.some(({ source }) => source !== null) ? '← #n copies from that step' : '',
  ];
  const times = [
    clocks.has('builder') ? 'Times are in seconds, by the builder’s clock.' : '',
    clocks.has('arrival')
      ? 'Times are in seconds, when lines arrived here: builders print in batches, so they may be late.'
      : '',
  ];
  return [texts.filter(Boolean).join(', '), ...times].filter(Boolean).flatMap((text) => wrap(text, width));
}
