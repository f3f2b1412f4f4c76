import type { IterationDetail, LaneDetail, TimedStep } from '../../../results/detail.js';
import { cut, terminalText } from '../../escape.js';
import { counted } from '../../numbers.js';
import { deed } from '../../step-deed.js';
import { instantText, rangeOfTimes } from './scale.js';

/** Longest label on a bar, in characters; what is longer is read below the picture. */
const maxLabel = 36;
const maxPlatform = 20;
/** The same for the names in the table, and for what went wrong. */
const maxName = 60;
const maxError = 160;
/** Of the steps that were put together as one bar, so many are named. */
const maxNamed = 6;

/**
 * What a step does, short: `RUN make`, `COPY --from=builder /a /b`, `cached · FROM alpine:3.20`; the fullest first, then
 * what may stand for it where there is less room.
 */
export function stepLabels(step: TimedStep, withPlatform: boolean): string[] {
  const { status, marked, platform } = step;
  const sign = status === 'done' ? [] : [status === 'error' ? '✕ error' : status];
  const spelt = withPlatform && platform !== null ? [cut(terminalText(platform), maxPlatform)] : [];
  const short = [...sign, ...spelt, cut(deed(step), maxLabel)].join(' · ');
  if (marked.length === 0) return [short];
  return [[...sign, marked.join(', '), ...spelt, cut(deed(step), maxLabel)].join(' · '), short];
}

/** `[builder 2/2] RUN make`: as the log names it, options such as mounts left out. */
export function stepName(step: TimedStep): string {
  return cut(bracketOf(step) + deed(step), maxName);
}

/** `[linux/arm64 builder 2/2] `: platform, stage and place, as BuildKit writes them in front. */
function bracketOf({ name, text }: TimedStep): string {
  const found = /^\[[^\]]*\]\s+/.exec(terminalText(name));
  return found === null || text === '' ? '' : found[0];
}

/** Several internal steps that are one bar; in an order that all lanes share. */
export function mergedName(steps: readonly TimedStep[]): string {
  const names = [...new Set(steps.map((step) => cut(deed(step), 40)))].sort();
  const more = names.length - maxNamed;
  return `internal: ${names.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `error: process … did not complete; copy-from-failed`; nothing of a step that is done and no more. */
export function statusText({ status, error, marked }: TimedStep): string {
  const why = error === null ? status : `${status}: ${cut(terminalText(error), maxError)}`;
  return [...(why === 'done' ? [] : [why]), ...marked].join('; ');
}

/** `failed, exit code 1, 3–282 ms, started 200 ms after the gate by its delay`. */
export function laneText({ record, outcome, startMs, endMs, steps, stepsOmitted }: LaneDetail): string {
  const left = stepsOmitted > 0 ? [`${steps.length} of ${steps.length + stepsOmitted} steps shown`] : [];
  if (startMs === null) return [laneEnd({ record, outcome, startMs }), ...left].join(', ');
  const times = endMs === null ? `from ${instantText(startMs)}` : rangeOfTimes(startMs, endMs);
  const delay = record.delayMs > 0 ? [`let go ${instantText(record.delayMs)} behind the gate`] : [];
  return [laneEnd({ record, outcome, startMs }), times, ...delay, ...left].join(', ');
}

function laneEnd({ record, outcome, startMs }: Pick<LaneDetail, 'record' | 'outcome' | 'startMs'>): string {
  if (startMs === null) return 'never started';
  if (record.cancelled) return 'cancelled';
  if (record.timedOut) return 'timed out';
  if (record.signal !== null) return `ended by ${terminalText(record.signal)}`;
  const code = record.exitCode === null || record.exitCode === 0 ? [] : [`exit code ${record.exitCode}`];
  const word = outcome === 'unknown' ? 'ended, outcome unknown' : outcome;
  return [word, ...code].join(', ');
}

/** How a lane ended, as far as its frame shows it. */
export type LaneState = 'ok' | 'failed' | 'stopped' | 'unknown';

export function laneState({ record, outcome }: LaneDetail): LaneState {
  if (record.cancelled || record.timedOut || record.signal !== null) return 'stopped';
  if (outcome === 'failed' || (record.exitCode !== null && record.exitCode !== 0)) return 'failed';
  return outcome === 'succeeded' ? 'ok' : 'unknown';
}

/** Whose clock the steps of some lanes are told by; null: none has times. */
export function clockText(lanes: readonly LaneDetail[]): string | null {
  const clocks = new Set(lanes.flatMap(({ steps }) => steps.map(({ clock }) => clock)));
  const batches = lanes.some(
    ({ format, steps }) => format === 'plain' && steps.some(({ clock }) => clock === 'arrival'),
  );
  const arrival = `when its lines arrived here${batches ? '; BuildKit hands out its plain log about every 0.1 s, so that short steps look like instants' : ''}`;
  if (clocks.has('builder') && clocks.has('arrival'))
    return `A step’s times are the builder’s own, or, where it gives none, ${arrival}.`;
  if (clocks.has('builder')) return 'A step’s times are the builder’s own.';
  return clocks.has('arrival') ? `A step’s times are ${arrival}.` : null;
}

/** `no-cache, iteration 1: 3 builds on one clock`. */
export function pictureTitle({ arm, iteration, lanes }: IterationDetail): string {
  return `${cut(terminalText(arm), maxName)}, iteration ${iteration}: ${counted(lanes.length, 'build')} on one clock`;
}
