import type { JSX } from 'preact';
import type { Picture } from './layout.js';

type Sample = readonly [kind: string, words: string];

const samples: readonly Sample[] = [
  ['done', 'done'],
  ['cached', 'cached'],
  ['error', 'error'],
  ['cancelled', 'cancelled'],
  ['unfinished', 'unfinished'],
  ['internal', 'internal'],
  ['marked', 'a finding names it'],
  ['join', 'COPY --from: from its source stage'],
  ['gate', 'the gate opens'],
  ['delay', 'the lane’s delay behind it'],
];

/** What the picture's signs mean: those that it shows. */
export function Key({ picture, hasJoins, id }: KeyProps): JSX.Element {
  const bars = picture.bands.flatMap((band) => band.bars);
  const shown = new Set<string>(bars.map(({ kind }) => kind));
  if (bars.some(({ isMarked }) => isMarked)) shown.add('marked');
  const found = [...new Set(bars.flatMap(({ steps }) => steps.flatMap(({ marked }) => marked)))];
  if (hasJoins) shown.add('join');
  if (picture.groups.some(({ openedMs }) => openedMs !== null)) shown.add('gate');
  if (picture.bands.some(({ lane }) => lane.startMs !== null && lane.record.delayMs > 0)) shown.add('delay');
  return (
    <ul class="timeline-key">
      {samples
        .filter(([kind]) => shown.has(kind))
        .map(([kind, words]) => (
          <li key={kind}>
            <svg width="26" height="14" aria-hidden="true">
              <Sign kind={kind} id={id} />
            </svg>
            {kind === 'marked' ? `${words}: ${found.join(', ')}` : words}
          </li>
        ))}
    </ul>
  );
}

interface KeyProps {
  readonly picture: Picture;
  readonly hasJoins: boolean;
  readonly id: string;
}

function Sign({ kind, id }: { readonly kind: string; readonly id: string }): JSX.Element {
  if (kind === 'join') return <path class="join" d="M1,3C14,3 12,11 25,11" />;
  if (kind === 'gate') return <path class="gate" d="M13,0V14" />;
  if (kind === 'delay') return <path class="delay" d="M0,7H26" />;
  if (kind === 'internal') return <rect class="internal" x="1" y="5" width="24" height="5" />;
  if (kind === 'marked')
    return (
      <g class="done marked">
        <rect x="2" y="2" width="22" height="10" />
        <path class="flag" d="M8,3v8M8,3l7,2.5l-7,2.5z" />
      </g>
    );
  return (
    <g class={kind}>
      <rect x="1" y="1" width="24" height="12" fill={hatchOf(kind, id)} />
    </g>
  );
}

/** Kinds of bars with hatching have it drawn as a pattern of the picture's own. */
export function hatchOf(kind: string, id: string): string | undefined {
  return kind === 'error' || kind === 'cancelled' ? `url(#${id}-${kind})` : undefined;
}
