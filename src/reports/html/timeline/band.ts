import type { LaneDetail, TimedStep } from '../../../results/detail.js';
import { cut, terminalText } from '../../escape.js';
import { type BarSteps, barsOf, byStage } from './bars.js';
import { type Label, placeLabel } from './labels.js';
import { packRows } from './packing.js';
import { barPlace, type TimeScale } from './scale.js';
import { stepLabels } from './words.js';

/** In pixels, downwards, as all heights here. */
export const frameTop = 19;
const rowsTop = 27;
const rowHeight = 18;
const barHeight = 14;
const quietHeight = 5;
const bottomPadding = 5;
const emptyHeight = 8;

/** Lanes with more bars show them lower and without labels, but for these many that a finding names or that failed. */
const mostLabelled = 40;
const mostNotable = 12;
/** What the rows without labels of one lane may take together. */
const compactSpace = 240;
const gap = 3;
const longestStage = 10;

export interface PlacedBar extends BarSteps {
  /** Of `pictureWidth`. */
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly height: number;
  readonly label: Label | null;
}

/** One lane of the picture. */
export interface Band {
  readonly lane: LaneDetail;
  readonly top: number;
  readonly height: number;
  /** In order of their starts. */
  readonly bars: readonly PlacedBar[];
  readonly timeless: readonly TimedStep[];
  readonly stages: readonly { readonly name: string; readonly y: number }[];
}

/** Lays a lane's steps out below `top`. */
export function bandOf(lane: LaneDetail, scale: TimeScale, top: number): Band {
  const { bars, timeless } = barsOf(lane, scale);
  const place = (one: BarSteps) => ({ ...one, ...barPlace(scale, one.startMs, one.endMs) });
  const placed: PlacedBar[] = [];
  const stages: { name: string; y: number }[] = [];
  let y = top + rowsTop;
  const quiet = bars.filter(({ kind }) => kind === 'internal');
  if (quiet.length > 0) {
    stages.push({ name: 'internal', y: y + quietHeight });
    placed.push(...quiet.map((one) => ({ ...place(one), y, height: quietHeight, label: null })));
    y += quietHeight + 7;
  }
  const loud = bars.filter(({ kind }) => kind !== 'internal');
  const withPlatform = spellings(lane.steps) > 1;
  const isDense = loud.length > mostLabelled;
  const notable = new Set(
    isDense ? loud.filter((one) => one.isMarked || one.kind === 'error').slice(0, mostNotable) : loud,
  );
  const stageCopied = ({ source }: TimedStep) =>
    source === null ? null : (lane.steps[source]?.stage ?? null);
  const groups = byStage(loud, stageCopied).map(({ stage, bars: own }) => {
    const labelled = own.filter((one) => notable.has(one)).map(place);
    const labels = labelled.map((one) => placeLabel(one, textsOf(one, withPlatform), one.isMarked));
    const compact = own.filter((one) => !notable.has(one)).map(place);
    return {
      name: stageName(stage, quiet.length === 0 ? own : []),
      labelled,
      labels,
      rows: packRows(
        labelled.map((one, i) => labels[i]?.extent ?? one),
        gap,
      ),
      compact,
      compactRows: packRows(compact, 1),
    };
  });
  const compactRows = groups.reduce((sum, group) => sum + rowCount(group.compactRows), 0);
  const low = Math.max(3, Math.min(10, Math.floor(compactSpace / Math.max(1, compactRows))));
  for (const group of groups) {
    if (group.name !== '') stages.push({ name: group.name, y: y + 11 });
    placed.push(
      ...group.labelled.map((one, i) => ({
        ...one,
        y: y + (group.rows[i] ?? 0) * rowHeight,
        height: barHeight,
        label: group.labels[i] ?? null,
      })),
    );
    y += rowCount(group.rows) * rowHeight;
    placed.push(
      ...group.compact.map((one, i) => ({
        ...one,
        y: y + (group.compactRows[i] ?? 0) * low,
        height: low - 1,
        label: null,
      })),
    );
    const lowRows = rowCount(group.compactRows);
    // A stage's name needs its room, however low its rows are.
    y += lowRows === 0 ? 0 : Math.max(lowRows * low + 4, group.labelled.length === 0 ? rowHeight : 0);
  }
  if (bars.length === 0) y += emptyHeight;
  const order = new Map(bars.map(({ steps }, i) => [steps, i]));
  return {
    lane,
    top,
    height: y + bottomPadding - top,
    bars: placed.sort((a, b) => (order.get(a.steps) ?? 0) - (order.get(b.steps) ?? 0)),
    timeless,
    stages,
  };
}

function textsOf({ steps }: BarSteps, withPlatform: boolean): string[] {
  return steps.slice(0, 1).flatMap((step) => stepLabels(step, withPlatform));
}

function stageName(stage: string | null, bars: readonly BarSteps[]): string {
  if (stage !== null) return cut(terminalText(stage), longestStage);
  return bars.some(({ steps }) => steps.every(({ internal }) => internal)) ? 'internal' : '';
}

function spellings(steps: readonly TimedStep[]): number {
  return new Set(steps.flatMap(({ platform }) => (platform === null ? [] : [platform]))).size;
}

function rowCount(rows: readonly number[]): number {
  return rows.reduce((most, row) => Math.max(most, row + 1), 0);
}
