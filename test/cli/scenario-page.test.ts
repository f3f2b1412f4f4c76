import { describe, expect, it } from 'vitest';
import { overview, page } from '../../src/cli/scenario-page.js';
import { findScenario } from '../../src/scenario/library.js';

const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('the page of a scenario', () => {
  it('says what it needs, and runs it on a builder that it is for', async () => {
    const lazy = page(await findScenario('lazy-cache-export'), Number.POSITIVE_INFINITY);
    expect(lazy).toContain('\n\nOnly for the builders: buildkitd\n\n');
    expect(lazy).toMatch(/\nRun it: buildrace run lazy-cache-export --builder buildkitd$/);
    const inline = page(await findScenario('inline-cache-digest'), Number.POSITIVE_INFINITY);
    expect(inline).toContain('\n\nNeeds a registry: --registry HOST:PORT');
    expect(inline).toMatch(/\nRun it: buildrace run inline-cache-digest$/);
  });

  it('keeps within the screen, and goes on where a line began', async () => {
    const scenario = await findScenario('chaos-1506');
    expect(widest(page(scenario, 80))).toBeLessThanOrEqual(80);
    expect(page(scenario, 60)).toMatch(/\n {4}FROM --platform=linux\/arm64\/v8, .*\n {4}\S/);
    expect(overview([scenario], 60)).toBe(
      [
        'chaos-1506  One platform under two names in one build, and a',
        '            COPY --from that fails beside a second build',
      ].join('\n'),
    );
  });
});
