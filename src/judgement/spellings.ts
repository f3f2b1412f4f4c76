import type { Timeline } from '../progress/timeline.js';
import type { ArmResult, Spelling } from '../results/result.js';

/** Most stages with an instruction, and most platforms, that are told of one arm: what one can read as a table. */
const [maxSteps, maxPlatforms] = [100, 12];
/** Most pairs of step and platform that are counted: a log can have new ones in every line, and a run many logs. */
const maxCounted = 1_000;

type Seen = Omit<Spelling, 'builds'>;
type Counted = Seen & { builds: number };

/**
 * In how many builds each stage and instruction carried each spelling of a platform. Internal steps are left out. A
 * build counts once for each spelling, however many steps showed it. Stages and instructions come in the order in
 * which they were first seen, the spellings of one by their text. Of too many, the most frequent are told, and of those
 * that are as frequent the ones that were seen first.
 */
export class SpellingCounter {
  readonly #counted = new Map<string, Counted>();
  #notCounted = 0;

  add(timeline: Timeline): void {
    let others = 0;
    for (const [key, seen] of spellingsOf(timeline)) {
      const known = this.#counted.get(key);
      if (known !== undefined) known.builds++;
      else if (this.#counted.size < maxCounted) this.#counted.set(key, { ...seen, builds: 1 });
      else others++;
    }
    // Those of another build may be the same.
    this.#notCounted = Math.max(this.#notCounted, others);
  }

  get result(): Pick<ArmResult, 'spellings' | 'spellingsLeftOut'> {
    const all = [...this.#counted.values()];
    const platforms = mostFrequent(all, platformOf, maxPlatforms);
    const ofThose = all.filter((one) => platforms.has(platformOf(one)));
    const steps = mostFrequent(ofThose, stepOf, maxSteps);
    const told = ofThose.filter((one) => steps.has(stepOf(one)));
    return {
      spellings: inOrder(told),
      spellingsLeftOut: all.length - told.length + this.#notCounted,
    };
  }
}

function spellingsOf(timeline: Timeline): Iterable<[string, Seen]> {
  const seen = new Map<string, Seen>();
  for (const { stage, instruction, platform } of timeline.steps) {
    if (instruction === null || platform === null) continue;
    seen.set(JSON.stringify([stage, instruction, platform]), { stage, instruction, platform });
  }
  return seen;
}

const platformOf = ({ platform }: Seen): string => platform;
const stepOf = ({ stage, instruction }: Seen): string => JSON.stringify([stage, instruction]);

function mostFrequent(all: readonly Counted[], keyOf: (one: Seen) => string, most: number): Set<string> {
  const builds = new Map<string, number>();
  for (const one of all) builds.set(keyOf(one), (builds.get(keyOf(one)) ?? 0) + one.builds);
  const sorted = [...builds].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, most).map(([key]) => key));
}

function inOrder(all: readonly Counted[]): Spelling[] {
  const steps = new Map<string, Counted[]>();
  for (const one of all) steps.set(stepOf(one), [...(steps.get(stepOf(one)) ?? []), one]);
  return [...steps.values()].flatMap((ofOne) =>
    ofOne
      .sort((a, b) => (a.platform < b.platform ? -1 : 1))
      .map(({ stage, instruction, platform, builds }) => ({ stage, instruction, platform, builds })),
  );
}
