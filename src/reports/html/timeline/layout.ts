import type { IterationDetail } from '../../../results/detail.js';
import { type Band, bandOf } from './band.js';
import { gateGroups } from './gates.js';
import { instantText, type TimeScale, timeScale } from './scale.js';

const axisHeight = 18;
const headingHeight = 19;
const bandGap = 7;

/** What was let go together, with what is said above it. */
export interface Group {
  readonly top: number;
  /** Null: it follows what is said above another of its step. */
  readonly heading: string | null;
  readonly beginsStep: boolean;
  /** When the gate opened, in ms. */
  readonly openedMs: number | null;
  readonly bands: readonly Band[];
}

export interface Picture {
  readonly scale: TimeScale;
  readonly groups: readonly Group[];
  readonly bands: readonly Band[];
  readonly height: number;
  /** Steps that begin before the clock or end behind it. */
  readonly outside: number;
}

/** The whole picture of an iteration: all lanes below each other on one clock of at least `spanMs`. */
export function pictureOf(iteration: IterationDetail, spanMs?: number): Picture {
  const span = Math.max(iteration.spanMs, spanMs ?? 0);
  const scale = timeScale(span);
  const gates = gateGroups(iteration.lanes);
  const hasSteps = new Set(iteration.lanes.map(({ step }) => step)).size > 1;
  let y = axisHeight;
  const groups = gates.map(({ step, lanes, openedMs }, i): Group => {
    const beginsStep = gates[i - 1]?.step !== step;
    const isAlone = gates.filter((one) => one.step === step).length > 1;
    const told = headingOf({ step: hasSteps ? step : null, isAlone, openedMs });
    const heading = beginsStep && told !== '' ? told : null;
    const top = y;
    if (heading !== null) y += headingHeight;
    const bands = lanes.map((lane) => {
      const band = bandOf(lane, scale, y);
      y += band.height + bandGap;
      return band;
    });
    return { top, heading, beginsStep, openedMs, bands };
  });
  const steps = iteration.lanes.flatMap((lane) => lane.steps);
  return {
    scale,
    groups,
    bands: groups.flatMap(({ bands }) => bands),
    height: y,
    outside: steps.filter(({ startMs, endMs }) => isOutside(startMs, span) || isOutside(endMs, span)).length,
  };
}

function headingOf(of: { step: number | null; isAlone: boolean; openedMs: number | null }): string {
  const step = of.step === null ? [] : [`build step ${of.step + 1}`];
  if (of.isAlone) return [...step, 'one build after the other'].join(' · ');
  const gate = of.openedMs === null ? [] : [`gate opens at ${instantText(of.openedMs)}`];
  return [...step, ...gate].join(' · ');
}

/** Rounded durations reach a little beyond. */
function isOutside(ms: number | null, spanMs: number): boolean {
  const slack = Math.max(100, spanMs / 50);
  return ms !== null && (ms < -slack || ms > spanMs + slack);
}
