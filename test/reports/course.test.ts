import { describe, expect, test } from 'vitest';
import { courseRows, cumulative } from '../../src/reports/course.js';
import { sparkline } from '../../src/reports/sparkline.js';
import { arm, run, signal } from './sample-result.js';

describe('a rate as it built up', () => {
  test('is k/n after each iteration that could be looked at', () => {
    expect(cumulative('1-0x11')).toEqual([1, 1 / 2, 2 / 3, 3 / 4]);
    expect(cumulative('')).toEqual([]);
  });

  test('is shown where the signal came and went, often enough', () => {
    const rows = courseRows(
      run([
        arm('some', { signals: [signal('hang', 3, 10, { course: '0000000111' })] }),
        arm('few', { signals: [signal('hang', 3, 9)] }),
        arm('none', { signals: [signal('hang', 0, 20)] }),
        arm('all', { signals: [signal('hang', 20, 20)] }),
      ]),
    );
    expect(rows).toEqual([{ arm: 'some', signal: 'hang', line: '▁▁▁▁▁▁▁▂▃▃' }]);
  });

  test('is thinned where there are many, and ends with the rate itself', () => {
    const course = `${'0'.repeat(300)}${'1'.repeat(300)}`;
    const [row] = courseRows(run([arm('long', { signals: [signal('hang', 300, 600, { course })] })]));
    expect(row?.line).toHaveLength(40);
    expect(row?.line.endsWith(sparkline([0.5]))).toBe(true);
    expect(row?.line.startsWith('▁')).toBe(true);
  });

  test('marks go from nothing to all', () => {
    expect(sparkline([0, 0.5, 1, null])).toBe('▁▅█·');
  });
});
