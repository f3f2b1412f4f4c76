import { expect, test } from 'vitest';
import { keptText } from '../../src/reports/kept-text.js';

const both = { processes: 'x/a.processes.txt', goroutines: 'x/a.goroutines.txt', ownDaemon: true };

test.each([
  [both, 'x/a.processes.txt (processes), x/a.goroutines.txt (goroutines of the daemon)'],
  [
    { ...both, goroutines: null },
    'x/a.processes.txt (processes); no goroutines, as the daemon did not answer',
  ],
  [
    { ...both, goroutines: null, ownDaemon: false },
    'x/a.processes.txt (processes); no goroutines, as the daemon is none of this run',
  ],
  [{ ...both, processes: null }, 'x/a.goroutines.txt (goroutines of the daemon)'],
])('says where things lie that were kept, or why there are none: %j', (kept, text) => {
  expect(keptText(kept)).toBe(`kept at the time limit: ${text}`);
});

test('says nothing where nothing was kept', () => {
  expect(keptText(undefined)).toBeNull();
  expect(keptText({ processes: null, goroutines: null, ownDaemon: true })).toBeNull();
});
