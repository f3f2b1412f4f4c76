import type { ChosenBuilder } from '../../chosen-builder.js';
import { UserError } from '../../errors.js';
import type { Scenario } from '../../scenario/load.js';
import { notMeantFor } from '../../scenario/meant-for.js';

export interface Pair {
  readonly scenario: Scenario;
  readonly builder: ChosenBuilder;
}

/**
 * Every scenario with every builder, and why those are left out that make no sense together.
 * @throws {UserError} where such a scenario was asked for by its name, or nothing is left.
 */
export function pairsOf(
  scenarios: readonly Scenario[],
  chosen: readonly ChosenBuilder[],
  isNamed: boolean,
): { readonly pairs: readonly Pair[]; readonly leftOut: readonly string[] } {
  const all = scenarios.flatMap((scenario) => chosen.map((builder) => ({ scenario, builder })));
  const why = ({ scenario, builder }: Pair) => notMeantFor(scenario, builder.builder.kind);
  const pairs = all.filter((pair) => why(pair) === null);
  const leftOut = all.map(why).filter((sentence) => sentence !== null);
  if (leftOut[0] !== undefined && (isNamed || pairs.length === 0)) throw new UserError(leftOut[0]);
  return { pairs, leftOut };
}
