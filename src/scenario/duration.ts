import * as z from 'zod';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const shape = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** Longest duration, in milliseconds: timers of Node run for at most 24 days, and no build or delay is meant to. */
export const maxDurationMs = 480 * 3_600_000;
const error = 'expected a duration such as 50ms, 2s or 10m, at most 480h';

/** `50ms`, `1.5s`, `10m`, `1h` (and a bare `0`) in milliseconds; null for anything else, and beyond `maxDurationMs`. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  const match = shape.exec(text.trim());
  const unit = unitMs[match?.[2] ?? ''];
  if (match === null || unit === undefined) return null;
  const ms = Number(match[1]) * unit;
  return ms <= maxDurationMs ? ms : null;
}

/** `50ms`, `1.5s`, `10m`, `1h`: the largest unit that says it in a whole number, or seconds. */
export function durationText(ms: number): string {
  if (ms === 0) return '0ms';
  const units = Object.entries(unitMs).toReversed();
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? (ms < 1_000 ? ['ms', 1] : ['s', 1_000]);
  return `${ms / size}${unit}`;
}

/** A duration in a scenario; it stays text there and becomes milliseconds in the plan. */
export const durationSchema = z
  .union(
    [
      z.literal(0),
      z
        .string()
        .regex(/^(0|\d+(\.\d+)?(ms|s|m|h))$/, { error, abort: true })
        .refine((text) => parseDuration(text) !== null, { error }),
    ],
    { error },
  )
  .meta({ description: 'A duration: 50ms, 2s, 10m, 1h.' });

export function durationMs(value: z.infer<typeof durationSchema>): number {
  return parseDuration(String(value)) ?? 0;
}
