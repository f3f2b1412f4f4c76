/** A promise of the statistics, what was found of it, and whether it is kept; null where nothing was aimed at. */
export interface Promised {
  readonly what: string;
  readonly aim: string;
  readonly found: string;
  readonly kept: boolean | null;
}

/** One of the values that a promise is about, and where it was found. */
export interface Place {
  readonly value: number;
  readonly where: string;
  /** By how much it may miss by chance alone: three standard errors where it was simulated. */
  readonly slack?: number;
}

/** Sums of thousands of terms, and limits found by halving, are that exact. */
const rounding = 1e-9;

/** Holds where every value does; the table shows the lowest. */
export function atLeast(what: string, places: readonly Place[], least: number): Promised {
  const lowest = shown(places).reduce((a, b) => (b.value < a.value ? b : a));
  return {
    what,
    aim: `≥ ${percent(least)}`,
    found: `${percent(lowest.value)} (${lowest.where})`,
    kept: places.every(({ value, slack = rounding }) => value >= least - slack),
  };
}

/** Holds where every value does; the table shows the highest. */
export function atMost(what: string, places: readonly Place[], most: number): Promised {
  const highest = shown(places).reduce((a, b) => (b.value > a.value ? b : a));
  return {
    what,
    aim: `≤ ${percent(most)}`,
    found: `${percent(highest.value)} (${highest.where})`,
    kept: places.every(({ value, slack = rounding }) => value <= most + slack),
  };
}

/** Simulated values are checked too, but where there are exact ones those are told: they hold no chance. */
function shown(places: readonly Place[]): readonly Place[] {
  const exact = places.filter(({ slack }) => slack === undefined);
  return exact.length > 0 ? exact : places;
}

/** The lowest value, told beside the promises; nothing is aimed at. */
export function told(what: string, places: readonly Place[]): Promised {
  return { ...atLeast(what, places, 0), aim: '–', kept: null };
}

export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

export function asTable(promises: readonly Promised[]): string {
  const rows = promises.map(({ what, aim, found, kept }) => {
    const verdict = kept === null ? '–' : kept ? 'yes' : '**no**';
    return `| ${what} | ${aim} | ${found} | ${verdict} |`;
  });
  return ['| what | aim | the worst found | met |', '|---|---|---|---|', ...rows].join('\n');
}
