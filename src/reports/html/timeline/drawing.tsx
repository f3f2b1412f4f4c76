import type { JSX } from 'preact';
import { cut, terminalText } from '../../escape.js';
import { type Band, frameTop, type PlacedBar } from './band.js';
import { type Join, joinsWidth } from './joins.js';
import { hatchOf } from './key.js';
import type { Label } from './labels.js';
import type { Group, Picture } from './layout.js';
import { barPlace, percent, rangeOfTimes, rounded, type TimeScale } from './scale.js';
import { laneState, laneText, mergedName, stepLabels } from './words.js';

interface DrawingProps {
  readonly picture: Picture;
  readonly joins: readonly Join[];
  readonly id: string;
  readonly label: string;
}

/** Places across are hundredths of the width, and so follow the page's; heights and letters are pixels. */
export function Drawing({ picture, joins, id, label }: DrawingProps): JSX.Element {
  const { scale, groups, height } = picture;
  return (
    <svg class="timeline-picture" width="100%" height={rounded(height)} role="img" aria-label={label}>
      <Hatches id={id} picture={picture} />
      <Axis scale={scale} height={height} />
      {groups.map((group, i) => (
        <GroupHead key={i} group={group} isFirst={i === 0} />
      ))}
      {groups.map(({ bands, openedMs }) =>
        bands.map((band, i) => <BandFrame key={i} band={band} scale={scale} gateMs={openedMs} />),
      )}
      {joins.length > 0 && (
        // biome-ignore lint/a11y/noSvgWithoutTitle: part of the picture, which has its name
        <svg
          width="100%"
          height={rounded(height)}
          viewBox={`0 0 ${joinsWidth} ${rounded(height)}`}
          preserveAspectRatio="none"
        >
          {joins.map(({ path, isEarly }, i) => (
            <path key={i} class={isEarly ? 'join early' : 'join'} d={path} />
          ))}
        </svg>
      )}
      {picture.bands.map((band, i) => (
        <g key={i} class="lane">
          {band.bars.map((bar, j) => (
            <Bar key={j} bar={bar} id={id} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function Axis({ scale, height }: { readonly scale: TimeScale; readonly height: number }): JSX.Element {
  return (
    <g class="axis">
      {scale.ticks.map(({ ms, text }) => {
        const x = percent(scale.x(ms));
        return [
          <line key={`l${ms}`} x1={x} y1="14" x2={x} y2={rounded(height)} />,
          <text key={`t${ms}`} x={x} y="11" text-anchor={scale.x(ms) > 570 ? 'end' : 'middle'}>
            {text}
          </text>,
        ];
      })}
    </g>
  );
}

function GroupHead({ group, isFirst }: GroupHeadProps): JSX.Element {
  const { top, heading, beginsStep } = group;
  return (
    <>
      {beginsStep && !isFirst && (
        <line class="separator" x1="0" y1={rounded(top)} x2="100%" y2={rounded(top)} />
      )}
      {heading !== null && (
        <text class="heading" y={rounded(top + 13)}>
          {heading}
        </text>
      )}
    </>
  );
}

interface GroupHeadProps {
  readonly group: Group;
  readonly isFirst: boolean;
}

function BandFrame({ band, scale, gateMs }: BandFrameProps): JSX.Element {
  const { lane, top, height, stages } = band;
  const { startMs, endMs } = lane;
  const state = laneState(lane);
  const y = rounded(top + frameTop);
  const gate = gateMs === null ? null : percent(scale.x(gateMs));
  const { from, to } = barPlace(scale, startMs ?? 0, endMs ?? scale.spanMs);
  return (
    <g class={`frame ${state}`}>
      <text y={rounded(top + 13)}>
        {state === 'failed' || state === 'stopped' ? '✕ ' : ''}
        <tspan class="name">{cut(terminalText(lane.record.lane), 32)}</tspan> {laneText(lane)}
      </text>
      {startMs !== null && (
        <>
          <rect x={percent(from)} y={y} width={percent(to - from)} height={rounded(height - frameTop)} />
          <line x1={percent(from)} y1={y} x2={percent(to)} y2={y} />
        </>
      )}
      {gate !== null && startMs !== null && lane.record.delayMs > 0 && (
        <line class="delay" x1={gate} y1={y} x2={percent(from)} y2={y} />
      )}
      {gate !== null && <line class="gate" x1={gate} y1={y} x2={gate} y2={rounded(top + height)} />}
      {stages.map(({ name, y: at }, i) => (
        <text key={i} class="stage" y={rounded(at)}>
          {name}
        </text>
      ))}
    </g>
  );
}

interface BandFrameProps {
  readonly band: Band;
  readonly scale: TimeScale;
  readonly gateMs: number | null;
}

function Bar({ bar, id }: { readonly bar: PlacedBar; readonly id: string }): JSX.Element {
  const { from, to, y, height, kind, isMarked, label } = bar;
  return (
    <g class={classOf(bar)}>
      <title>{titleOf(bar)}</title>
      <rect
        x={percent(from)}
        y={rounded(y)}
        width={percent(to - from)}
        height={rounded(height)}
        fill={hatchOf(kind, id)}
      />
      {isMarked && label !== null && (
        <use href={`#${id}-flag`} x={percent(label.flagX)} y={rounded(y + height / 2)} />
      )}
      {label !== null && <BarLabel label={label} bar={bar} />}
    </g>
  );
}

/** What is inside is clipped by a picture of the bar's size; places in it are pixels. */
function BarLabel({ label, bar }: { readonly label: Label; readonly bar: PlacedBar }): JSX.Element {
  const { from, to, y, height } = bar;
  if (label.isInside)
    return (
      // biome-ignore lint/a11y/noSvgWithoutTitle: part of the picture, which has its name
      <svg x={percent(from)} y={rounded(y)} width={percent(to - from)} height={height}>
        <text x={rounded(label.x - from)} y={height / 2 + 4}>
          {label.text}
        </text>
      </svg>
    );
  return (
    <text
      x={percent(label.x)}
      y={rounded(y + height / 2 + 4)}
      text-anchor={label.anchor === 'end' ? 'end' : undefined}
    >
      {label.text}
    </text>
  );
}

/** Most are done and nothing more, and need no class. */
function classOf({ kind, isMarked }: PlacedBar): string | undefined {
  const classes = [...(kind === 'done' ? [] : [kind]), ...(isMarked ? ['marked'] : [])];
  return classes.length === 0 ? undefined : classes.join(' ');
}

/** What a pointer reads where no script runs: the number in the log, and what the label beside it does not say. */
function titleOf({ steps, startMs, endMs, label }: PlacedBar): string {
  const [step] = steps;
  const times = rangeOfTimes(startMs, endMs);
  if (step === undefined) return times;
  const numbered = `#${step.index} ${times}`;
  if (label !== null && !label.isCut) return numbered;
  const name = steps.length === 1 ? (stepLabels(step, true)[0] ?? '') : mergedName(steps);
  return `${numbered} ${cut(name, 60)}`;
}

function Hatches({ id, picture }: { readonly id: string; readonly picture: Picture }): JSX.Element {
  const bars = picture.bands.flatMap((band) => band.bars);
  return (
    <defs>
      {bars.some(({ isMarked }) => isMarked) && <path id={`${id}-flag`} d="M1,-5v10M1,-5l7,3l-7,3z" />}
      {['error', 'cancelled'].map(
        (kind) =>
          bars.some((bar) => bar.kind === kind) && (
            <pattern
              key={kind}
              id={`${id}-${kind}`}
              class={kind}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
            >
              <rect width="6" height="6" />
              <path d={kind === 'error' ? 'M-1,1l2,-2M0,6l6,-6M5,7l2,-2' : 'M-1,5l2,2M0,0l6,6M5,-1l2,2'} />
            </pattern>
          ),
      )}
    </defs>
  );
}
