import { describe, expect, it } from 'vitest';
import type { ChosenBuilder } from '../../../src/chosen-builder.js';
import { pairsOf } from '../../../src/cli/run/pairs.js';
import { UserError } from '../../../src/errors.js';
import type { Scenario } from '../../../src/scenario/load.js';

const scenario = (name: string, builders?: string[]) =>
  ({ name, source: { builders } }) as unknown as Scenario;
const chosen = (kind: string) => ({ builder: { kind } }) as ChosenBuilder;
const sentence = 'scenario lazy is for buildkitd, not for the builder buildctl';

describe('what is run of the scenarios on the builders', () => {
  it('leaves out what makes no sense where all scenarios were asked for', () => {
    const all = [scenario('any'), scenario('lazy', ['buildkitd'])];
    const { pairs, leftOut } = pairsOf(all, [chosen('buildctl'), chosen('buildkitd')], false);
    expect(pairs.map((pair) => `${pair.scenario.name} on ${pair.builder.builder.kind}`)).toEqual([
      'any on buildctl',
      'any on buildkitd',
      'lazy on buildkitd',
    ]);
    expect(leftOut).toEqual([sentence]);
  });

  it('is refused before anything runs where it was asked for by name, or is all there is', () => {
    const lazy = scenario('lazy', ['buildkitd']);
    const refused = new UserError(sentence);
    expect(() => pairsOf([scenario('any'), lazy], [chosen('buildctl')], true)).toThrow(refused);
    expect(() => pairsOf([lazy], [chosen('buildctl')], false)).toThrow(refused);
  });
});
