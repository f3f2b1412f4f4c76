import type { ArmResult, RunResult, Spelling } from '../results/result.js';
import { counted } from './numbers.js';
import { onePointEach } from './swept.js';

/** Stage and instruction against platform string, as a table of builds; cells are null where a spelling was not seen. */
export interface SpellingTable {
  readonly arm: string;
  readonly platforms: readonly string[];
  readonly rows: readonly {
    readonly stage: string | null;
    readonly instruction: string;
    readonly builds: readonly (number | null)[];
  }[];
  /** That there are more; null where these are all. */
  readonly more: string | null;
}

/**
 * One table for each arm that was to show a drift and did; where none was, for the first that did all the same. The
 * other arms of a builder that spells so would show the same table again.
 */
export function spellingTables(result: RunResult): readonly SpellingTable[] {
  const drifted = onePointEach(result, hasDrift);
  const expected = drifted.filter((arm) =>
    arm.signals.some((one) => one.signal === 'platform-drift' && one.expected),
  );
  return (expected.length > 0 ? expected : drifted.slice(0, 1)).map(
    ({ name, spellings, spellingsLeftOut }) => {
      const platforms = [...new Set(spellings.map((one) => one.platform))].sort();
      const more =
        spellingsLeftOut === 0
          ? null
          : `And at least ${counted(spellingsLeftOut, 'more pair', 'more pairs')} of step and platform.`;
      return { arm: name, platforms, rows: [...rowsOf(spellings, platforms)], more };
    },
  );
}

function hasDrift({ signals, spellings }: ArmResult): boolean {
  const drift = signals.find((one) => one.signal === 'platform-drift');
  return drift !== undefined && drift.iterations.count > 0 && spellings.length > 0;
}

function rowsOf(
  spellings: readonly Spelling[],
  platforms: readonly string[],
): Iterable<SpellingTable['rows'][number]> {
  const rows = new Map<string, { stage: string | null; instruction: string; builds: (number | null)[] }>();
  for (const { stage, instruction, platform, builds } of spellings) {
    const key = JSON.stringify([stage, instruction]);
    const row = rows.get(key) ?? { stage, instruction, builds: platforms.map(() => null) };
    row.builds[platforms.indexOf(platform)] = builds;
    rows.set(key, row);
  }
  return rows.values();
}
