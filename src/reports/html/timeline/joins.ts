import { curveBasis, line } from 'd3-shape';
import type { Band } from './band.js';
import { pictureWidth } from './scale.js';

/** How far a curve leaves its bars before it bends. */
const reach = 9;

/** Curves are drawn in a picture that is stretched to the real width, so many units wide. */
export const joinsWidth = 1_000;

/** From the end of the step that another copies from to the start of that other; `isEarly`: it began before that end. */
export interface Join {
  readonly path: string;
  readonly isEarly: boolean;
}

/** Joins the `COPY --from` steps of a lane with the last step of their source stage, where both have times. */
export function joinsOf({ lane, bars }: Band): Join[] {
  const barOf = new Map(bars.flatMap((bar) => bar.steps.map((step) => [step, bar])));
  return bars.flatMap((target) =>
    target.steps.flatMap((step) => {
      const sourceStep = step.source === null ? undefined : lane.steps[step.source];
      const source = sourceStep === undefined ? undefined : barOf.get(sourceStep);
      if (source === undefined || source === target) return [];
      const isBelow = target.y >= source.y;
      const sourceY = source.y + source.height / 2;
      const targetY = isBelow ? target.y : target.y + target.height;
      // It comes down on the bar, for in front of it there may be its label.
      const targetX = Math.min(target.from + reach / 2, target.to);
      const path = curve([
        [source.to, sourceY],
        [source.to + reach, sourceY],
        [targetX, targetY - (isBelow ? 2 : -2) * reach],
        [targetX, targetY],
      ]);
      return [{ path, isEarly: target.startMs < source.endMs }];
    }),
  );
}

const drawn = line().curve(curveBasis).digits(0);

function curve(points: [number, number][]): string {
  const scale = joinsWidth / pictureWidth;
  return drawn(points.map(([x, y]) => [x * scale, y])) ?? '';
}
