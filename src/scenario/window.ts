import type { WindowSearch } from './plan.js';

/** Offsets that may be looked at, in ms; `fromMs` below `toMs`. */
export interface OffsetRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was seen at one offset: `count` of `of` iterations that could be looked at. */
export type SearchedOffset = WindowSearch['searched'][number];

/** Offsets to look at next, in order, and how many iterations each is given in each arm. */
export interface SearchStage {
  readonly offsetsMs: readonly number[];
  readonly iterations: number;
}

export const defaultRange: OffsetRange = { fromMs: 0, toMs: 1_000 };

/** Per mille of the range: dense at its start, as a window that opens early is short as well. */
const grid = [0, 10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_000];
/** Beyond that, more iterations at one point tell less than more points. */
const mostAtPoint = 10;
/** New points of one stage: each is an arm of its run. */
const mostPoints = 24;
/** Iterations at least at a new point near a sight; where nothing was seen yet, more points are worth more than more iterations. */
const atFine = 5;
const atBlank = 3;
/** Lanes do not start more exactly than that, so that nothing is gained between two offsets as near as this. */
const finestMs = 2;
/** Stages of a search: the grid, and two refinements. */
export const searchStages = 3;

/**
 * The stage `index` (from 0) of a search that has `budget` iterations of each arm left. All but the last take half of
 * that, so that what they see can still be followed.
 */
export function searchStage(
  index: number,
  range: OffsetRange,
  searched: readonly SearchedOffset[],
  budget: number,
): SearchStage {
  const share = index < searchStages - 1 ? Math.ceil(budget / 2) : budget;
  return index === 0 ? coarseOffsets(range, share) : finerOffsets(searched, share);
}

/** A grid over the range, thinned where the budget (iterations of each arm) gives no iteration for each point. */
export function coarseOffsets(range: OffsetRange, budget: number): SearchStage {
  const all = [...new Set(grid.map((perMille) => inRange(range, perMille / 1_000)))];
  const offsetsMs = thinned(all, budget);
  const each = Math.floor(budget / Math.max(1, offsetsMs.length));
  return { offsetsMs, iterations: Math.min(each, mostAtPoint) };
}

/** A part of the range, to the millisecond where the range has whole ones. */
function inRange({ fromMs, toMs }: OffsetRange, part: number): number {
  const exact = fromMs + part * (toMs - fromMs);
  return Math.min(toMs, Math.max(fromMs, Math.round(exact)));
}

/** `count` of the values, evenly chosen, the first and the last among them; of one, the middle. */
function thinned(values: readonly number[], count: number): number[] {
  if (count >= values.length) return [...values];
  const last = values.length - 1;
  const at = (i: number): number => Math.round(count === 1 ? last / 2 : (i * last) / (count - 1));
  return Array.from({ length: Math.max(0, count) }, (_, i) => values[at(i)] ?? 0);
}

/** The stretch between two neighbours that were looked at, and what they showed together. */
interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly rate: number;
}

/**
 * New points between neighbours of which at least one showed the fault, the gaps of the highest rate first, each halved
 * before any of them is quartered. Where nothing was seen, between all neighbours, the widest gap first. Never a point that
 * was looked at, and none between two that nobody could look at.
 */
export function finerOffsets(searched: readonly SearchedOffset[], budget: number): SearchStage {
  const all = gapsOf(byOffset(searched));
  const shown = all.filter(({ count }) => count > 0);
  const gaps = shown.length > 0 ? shown : all;
  const usual = Math.max(1, Math.min(budget, shown.length > 0 ? atFine : atBlank));
  const most = Math.min(mostPoints, Math.floor(budget / usual));
  const offsetsMs = between(gaps.sort(byPromise), most).sort((a, b) => a - b);
  const each = Math.floor(budget / Math.max(1, offsetsMs.length));
  return { offsetsMs, iterations: Math.min(each, mostAtPoint) };
}

function gapsOf(points: readonly SearchedOffset[]): Gap[] {
  return points.slice(1).flatMap((right, i) => {
    const left = points[i] ?? right;
    const of = left.of + right.of;
    const count = left.count + right.count;
    return of === 0 ? [] : [{ fromMs: left.offsetMs, toMs: right.offsetMs, count, rate: count / of }];
  });
}

function byPromise(a: Gap, b: Gap): number {
  return b.rate - a.rate || b.toMs - b.fromMs - (a.toMs - a.fromMs) || a.fromMs - b.fromMs;
}

/** Middles of the gaps, then of their halves, and so on, until there are enough or all gaps are too narrow. */
function between(gaps: readonly Gap[], most: number): number[] {
  const found: number[] = [];
  const waiting = [...gaps];
  for (let gap = waiting.shift(); gap !== undefined && found.length < most; gap = waiting.shift()) {
    if (gap.toMs - gap.fromMs < 2 * finestMs) continue;
    const middle = Math.round((gap.fromMs + gap.toMs) / 2);
    found.push(middle);
    waiting.push({ ...gap, toMs: middle }, { ...gap, fromMs: middle });
  }
  return found;
}

/** As much of the highest smoothed rate still counts as high: a few iterations tell no finer. */
const highShare = 0.75;

/**
 * The offset to measure at, one of those that were looked at; null where nothing was seen. Each offset's rate is
 * smoothed with its two neighbours' (its own iterations count twice), so that one lucky point does not win. Of the
 * contiguous stretches whose smoothed rate is at least three quarters of the highest, it takes the widest (in ms, then
 * the one of the higher rate), and of that the offset nearest to its middle (then the one of the higher rate).
 */
export function bestOffset(searched: readonly SearchedOffset[]): number | null {
  const points = smoothed(byOffset(searched).filter(({ of }) => of > 0));
  const highest = Math.max(0, ...points.map(({ rate }) => rate));
  if (highest === 0) return null;
  const [widest] = stretches(points, highShare * highest).sort(
    (a, b) => widthOf(b) - widthOf(a) || peakOf(b) - peakOf(a),
  );
  if (widest === undefined) return null;
  const middle = (firstOf(widest) + lastOf(widest)) / 2;
  const away = (point: Smoothed): number => Math.abs(point.offsetMs - middle);
  const [nearest] = [...widest].sort((a, b) => away(a) - away(b) || b.rate - a.rate);
  return nearest?.offsetMs ?? null;
}

interface Smoothed {
  readonly offsetMs: number;
  readonly rate: number;
}
type Stretch = readonly Smoothed[];

function smoothed(points: readonly SearchedOffset[]): Smoothed[] {
  return points.map((point, i) => {
    const near = [point, point, points[i - 1], points[i + 1]].filter((one) => one !== undefined);
    const of = near.reduce((sum, one) => sum + one.of, 0);
    return { offsetMs: point.offsetMs, rate: near.reduce((sum, one) => sum + one.count, 0) / of };
  });
}

/** Runs of neighbours whose rate is at least `least`. */
function stretches(points: readonly Smoothed[], least: number): Stretch[] {
  const found: Smoothed[][] = [];
  let isOpen = false;
  for (const point of points) {
    if (point.rate < least) isOpen = false;
    else if (isOpen) found.at(-1)?.push(point);
    else {
      found.push([point]);
      isOpen = true;
    }
  }
  return found;
}

const firstOf = (stretch: Stretch): number => stretch[0]?.offsetMs ?? 0;
const lastOf = (stretch: Stretch): number => stretch.at(-1)?.offsetMs ?? 0;
const widthOf = (stretch: Stretch): number => lastOf(stretch) - firstOf(stretch);
const peakOf = (stretch: Stretch): number => Math.max(...stretch.map(({ rate }) => rate));

/** What was seen by offset, in order; counts of one offset add up. */
export function byOffset(searched: readonly SearchedOffset[]): SearchedOffset[] {
  const points = new Map<number, SearchedOffset>();
  for (const { offsetMs, count, of } of searched) {
    const before = points.get(offsetMs) ?? { offsetMs, count: 0, of: 0 };
    points.set(offsetMs, { offsetMs, count: before.count + count, of: before.of + of });
  }
  return [...points.values()].sort((a, b) => a.offsetMs - b.offsetMs);
}
