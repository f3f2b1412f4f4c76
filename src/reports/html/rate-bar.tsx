import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import type { Rate } from './rates.js';

const width = 240;
const height = 22;
const x = scaleLinear([0, 1], [6, width - 6]);
const middle = height / 2;

interface RateBarProps extends Rate {
  /** `search`: of points that were only looked at to choose one. */
  readonly kind: 'reproduce' | 'control' | 'alone' | 'search';
}

/** 0 to 100 %: a bar up to the rate, a line with ends for the interval, a diamond at the rate. Its figures stand beside it. */
export function RateBar({ rate, interval, kind }: RateBarProps): JSX.Element | null {
  if (rate === null && interval === null) return null;
  return (
    <svg class={`bar ${kind}`} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect class="track" x={x(0)} y={4} width={x(1) - x(0)} height={height - 8} />
      {rate === null || rate === 0 ? null : (
        <rect class="filled" x={x(0)} y={4} width={round(x(rate) - x(0))} height={height - 8} />
      )}
      <path class="quarters" d={[0.25, 0.5, 0.75].map((at) => `M${x(at)} 4V${height - 4}`).join('')} />
      {interval === null ? null : <path class="interval" d={whisker(interval)} />}
      {rate === null ? null : <path class="rate" d={diamond(round(x(rate)))} />}
    </svg>
  );
}

function whisker({ low, high }: NonNullable<Rate['interval']>): string {
  const [from, to] = [round(x(low)), round(x(high))];
  return `M${from} ${middle - 5}v10M${to} ${middle - 5}v10M${from} ${middle}H${to}`;
}

function diamond(at: number): string {
  return `M${at} ${middle - 5}l5 5l-5 5l-5 -5z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
