import { scaleLinear } from 'd3-scale';
import { timeText } from '../../time-text.js';

/**
 * Lengths of the picture across are thought in units of which the whole has `pictureWidth`: the pixels at its smallest.
 * They are drawn as hundredths of its real width, so that a wider screen gets longer bars and no larger text.
 */
export const pictureWidth = 600;
/** In front of it stand the names of the stages. */
export const plotLeft = 72;

/** Narrower bars could neither be seen nor hit. */
export const minBarWidth = 4;

export interface TimeScale {
  /** The instant's place, of `pictureWidth`; what lies outside of the clock stands at its edge. */
  x(ms: number): number;
  readonly spanMs: number;
  readonly ticks: readonly { readonly ms: number; readonly text: string }[];
}

/** A clock from 0 to `spanMs`; a span of nothing is drawn as one millisecond. */
export function timeScale(spanMs: number): TimeScale {
  const span = Number.isFinite(spanMs) && spanMs > 0 ? spanMs : 1;
  const scale = scaleLinear().domain([0, span]).range([plotLeft, pictureWidth]).clamp(true);
  const unit = unitFor(span);
  const ticks = scaleLinear()
    .domain([0, span / unit.ms])
    .ticks(6);
  return {
    x: (ms) => (Number.isFinite(ms) ? scale(ms) : plotLeft),
    spanMs: span,
    ticks: ticks.map((value) => ({ ms: value * unit.ms, text: `${value} ${unit.name}` })),
  };
}

function unitFor(ms: number): { ms: number; name: string } {
  if (ms < 2_000) return { ms: 1, name: 'ms' };
  if (ms < 600_000) return { ms: 1_000, name: 's' };
  return ms < 36_000_000 ? { ms: 60_000, name: 'min' } : { ms: 3_600_000, name: 'h' };
}

/** A bar's place: at least `minBarWidth` wide, and inside of the picture. */
export function barPlace(scale: TimeScale, startMs: number, endMs: number): { from: number; to: number } {
  const from = Math.min(scale.x(startMs), pictureWidth - minBarWidth);
  return { from, to: Math.max(scale.x(endMs), from + minBarWidth) };
}

/** `12.3%`, of the picture's width. */
export function percent(units: number): string {
  return `${rounded((units / pictureWidth) * 100)}%`;
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `36–636 ms`, `12.3–15.0 s`; an instant is said once. */
export function rangeOfTimes(startMs: number, endMs: number): string {
  const inMs = Math.abs(endMs) < 9_999.5;
  const [start, end] = [startMs, endMs].map((ms) => (inMs ? `${Math.round(ms)}` : (ms / 1_000).toFixed(1)));
  const unit = inMs ? 'ms' : 's';
  return start === end ? `${minus(start)} ${unit}` : `${minus(start)}–${minus(end)} ${unit}`;
}

/** A point of the clock: `754 ms`, `12.3 s`. */
export function instantText(ms: number): string {
  return ms <= -0.5 ? `−${timeText(-ms)}` : timeText(Math.max(0, ms));
}

const minus = (text = ''): string => (text === '-0' ? '0' : text.replace('-', '−'));
