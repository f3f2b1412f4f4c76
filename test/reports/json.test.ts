import { expect, test } from 'vitest';
import { simulatedBanner } from '../../src/reports/banner.js';
import { jsonReport } from '../../src/reports/json.js';
import { fullRun } from './sample-result.js';

test('is the document that run --json prints, with nothing lost', () => {
  const result = fullRun();
  expect(JSON.parse(jsonReport.render(result))).toEqual({
    schemaVersion: 1,
    runs: [{ ...result, comparison: null }],
  });
  expect(jsonReport.render(result).endsWith('}\n')).toBe(true);
});

test('takes no orders for a terminal along, and still loses nothing', () => {
  const title = 'a\u001b[2J\u009b2J\u202e\u2028\u200b\u007f\ud800';
  const shown = jsonReport.render(fullRun({ title }));
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u202e]/);
  expect(JSON.parse(shown).runs[0].title).toBe(title);
});

test('a simulated run begins with a notice', () => {
  const { builder } = fullRun();
  const shown = jsonReport.render(fullRun({ builder: { ...builder, simulated: true } }));
  expect(shown.startsWith(`{\n  "notice": "${simulatedBanner}",`)).toBe(true);
  expect(jsonReport.render(fullRun())).not.toContain('notice');
});
