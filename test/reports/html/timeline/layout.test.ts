import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StepStatus } from '../../../../src/progress/timeline.js';
import { bandOf } from '../../../../src/reports/html/timeline/band.js';
import { gateGroups } from '../../../../src/reports/html/timeline/gates.js';
import { joinsOf } from '../../../../src/reports/html/timeline/joins.js';
import { placeLabel } from '../../../../src/reports/html/timeline/labels.js';
import { pictureOf } from '../../../../src/reports/html/timeline/layout.js';
import {
  barPlace,
  instantText,
  minBarWidth,
  pictureWidth,
  plotLeft,
  rangeOfTimes,
  timeScale,
} from '../../../../src/reports/html/timeline/scale.js';
import { laneRecord } from '../../../results/sample-run.js';
import { iterationDetail, laneDetail, timedStep } from '../../sample-detail.js';

const internal = (index: number, startMs: number, endMs: number, more = {}) =>
  timedStep(index, { internal: true, stage: null, instruction: null, startMs, endMs, ...more });

describe('the clock', () => {
  test('what lies outside stands at its edge, and no span is one millisecond', () => {
    const scale = timeScale(1_000);
    expect(scale.x(0)).toBe(plotLeft);
    expect(scale.x(1_000)).toBe(pictureWidth);
    expect(scale.x(-5_000)).toBe(plotLeft);
    expect(scale.x(9_000)).toBe(pictureWidth);
    expect(timeScale(0).x(1)).toBe(pictureWidth);
    expect(timeScale(Number.NaN).spanMs).toBe(1);
  });

  test('ticks are in the unit that one would say', () => {
    expect(timeScale(400).ticks.at(-1)?.text).toBe('400 ms');
    expect(timeScale(5_000).ticks.at(-1)).toEqual({ ms: 5_000, text: '5 s' });
    expect(timeScale(3_600_000).ticks.at(-1)).toEqual({ ms: 3_600_000, text: '60 min' });
  });

  test('a bar has its least width, at the end of the clock too', () => {
    const scale = timeScale(1_000);
    for (const at of [0, 500, 1_000]) {
      const { from, to } = barPlace(scale, at, at);
      expect(to - from).toBeCloseTo(minBarWidth);
      expect(to).toBeLessThanOrEqual(pictureWidth);
    }
  });

  test('times as text', () => {
    expect(rangeOfTimes(36.4, 636.2)).toBe('36–636 ms');
    expect(rangeOfTimes(12_300, 15_000)).toBe('12.3–15.0 s');
    expect(rangeOfTimes(-0.2, 0.3)).toBe('0 ms');
    expect(rangeOfTimes(-20, 5)).toBe('−20–5 ms');
    expect(instantText(-0.3)).toBe('0 ms');
    expect(instantText(-20)).toBe('−20 ms');
  });
});

describe('bars of a lane', () => {
  const scale = timeScale(1_000);

  test('internal steps near each other are one quiet bar, unless a finding names one or it failed', () => {
    const steps = [
      internal(1, 0, 10),
      internal(2, 5, 20),
      internal(3, 12, 18, { marked: ['platform-drift'] }),
      internal(4, 15, 18, { status: 'error' }),
      internal(5, 500, 510),
    ];
    const { bars } = bandOf(laneDetail('a', { steps }), scale, 0);
    expect(bars.map(({ kind, steps: own }) => [kind, own.map(({ index }) => index)])).toEqual([
      ['internal', [1, 2]],
      ['done', [3]],
      ['error', [4]],
      ['internal', [5]],
    ]);
    expect(bars[0]).toMatchObject({ startMs: 0, endMs: 20 });
  });

  test('a step that never ended reaches to its lane’s end; one without a start is no bar', () => {
    const steps = [
      timedStep(1, { status: 'unfinished', startMs: 100, endMs: null }),
      timedStep(2, { status: 'done', startMs: 100, endMs: null }),
      timedStep(3, { startMs: null, endMs: null, clock: null }),
    ];
    const { bars, timeless } = bandOf(laneDetail('a', { steps, endMs: 700 }), scale, 0);
    expect(bars.map(({ endMs }) => endMs)).toEqual([700, 100]);
    expect(timeless.map(({ index }) => index)).toEqual([3]);
  });

  test('a stage stands above the one that copies from it, also where that one ended first', () => {
    const steps = [
      timedStep(1, { stage: 'builder', startMs: 0, endMs: 800 }),
      timedStep(2, { stage: 'runtime', startMs: 100, endMs: 200, from: 'builder', source: 0 }),
    ];
    const { stages } = bandOf(laneDetail('a', { steps }), scale, 0);
    expect(stages.map(({ name }) => name)).toEqual(['builder', 'runtime']);
  });

  test('stages that copy from each other, as a damaged log may say, are still all there', () => {
    const steps = [timedStep(1, { stage: 'one', source: 1 }), timedStep(2, { stage: 'two', source: 0 })];
    expect(bandOf(laneDetail('a', { steps }), scale, 0).bars).toHaveLength(2);
  });

  test('hundreds of steps keep within a height, with labels on what failed or is named only', () => {
    const steps = Array.from({ length: 250 }, (_, i) =>
      timedStep(i + 1, {
        startMs: i % 50,
        endMs: 900,
        status: i === 100 ? 'error' : 'done',
        marked: i === 200 ? ['cache-miss'] : [],
      }),
    );
    const band = bandOf(laneDetail('a', { steps }), scale, 0);
    expect(band.bars).toHaveLength(250);
    expect(band.height).toBeLessThan(250 * 3 + 100);
    const labelled = band.bars.filter(({ label }) => label !== null);
    expect(labelled.flatMap(({ steps: own }) => own.map(({ index }) => index)).sort()).toEqual([101, 201]);
  });

  const status = fc.constantFrom<StepStatus>('done', 'cached', 'error', 'cancelled', 'unfinished');
  const time = fc.option(fc.integer({ min: -50, max: 1_200 }));
  const anyStep = fc
    .record({
      status,
      startMs: time,
      endMs: time,
      stage: fc.constantFrom(null, 'builder', 'runtime'),
      internal: fc.boolean(),
      isMarked: fc.boolean(),
      source: fc.option(fc.integer({ min: 0, max: 30 })),
      text: fc.string({ maxLength: 80 }),
    })
    .map(({ isMarked, ...more }) => ({ ...more, marked: isMarked ? (['cache-miss'] as const) : [] }));

  test('whatever the steps: each is a bar or without time, none overlaps, nothing is NaN, all lies inside', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 60 }),
        fc.integer({ min: 0, max: 1_000 }),
        (drafts, span) => {
          const steps = drafts.map((more, i) => timedStep(i + 1, more));
          const lane = laneDetail('a', { steps, endMs: span });
          const band = bandOf(lane, timeScale(span), 10);
          const shown = [...band.bars.flatMap((bar) => bar.steps), ...band.timeless];
          expect(shown.map(({ index }) => index).sort((a, b) => a - b)).toEqual(
            steps.map(({ index }) => index),
          );
          const boxes = band.bars.map(({ from, to, y, height, label }) => ({
            from: Math.min(from, label?.extent.from ?? from),
            to: Math.max(to, label?.extent.to ?? to),
            y,
            height,
          }));
          for (const [i, a] of boxes.entries()) {
            expect(Object.values(a).every(Number.isFinite)).toBe(true);
            expect(a.from).toBeGreaterThanOrEqual(plotLeft);
            expect(a.to).toBeLessThanOrEqual(pictureWidth + 0.001);
            expect(a.y + a.height).toBeLessThanOrEqual(band.top + band.height);
            for (const b of boxes.slice(i + 1)) {
              const isApart =
                a.to <= b.from || b.to <= a.from || a.y + a.height <= b.y || b.y + b.height <= a.y;
              expect(isApart).toBe(true);
            }
          }
          expect(joinsOf(band).every(({ path }) => !path.includes('NaN'))).toBe(true);
        },
      ),
    );
  });
});

describe('labels', () => {
  test('in the bar, else behind, else in front, else cut where there is most room, else none', () => {
    expect(placeLabel({ from: 100, to: 300 }, ['RUN make'], false)).toMatchObject({
      isInside: true,
      isCut: false,
    });
    expect(placeLabel({ from: 100, to: 104 }, ['RUN make'], false)).toMatchObject({
      x: 108,
      anchor: 'start',
    });
    expect(placeLabel({ from: 580, to: 584 }, ['RUN make'], false)).toMatchObject({ x: 576, anchor: 'end' });
    const cut = placeLabel({ from: 300, to: 304 }, ['x'.repeat(90)], false);
    expect(cut).toMatchObject({ anchor: 'start', isCut: true });
    expect(cut?.text).toMatch(/^x+…$/);
    expect(placeLabel({ from: 80, to: 590 }, ['y'.repeat(200)], false)).toMatchObject({ isCut: true });
  });

  test('a shorter text that fits comes before a longer one that is cut', () => {
    const label = placeLabel({ from: 300, to: 304 }, [`a finding · ${'x'.repeat(40)}`, 'RUN make'], true);
    expect(label).toMatchObject({ text: 'RUN make', isCut: false });
  });

  test('wide characters take their room', () => {
    const text = '建'.repeat(60);
    const label = placeLabel({ from: 300, to: 304 }, [text], false);
    expect(label?.extent.to).toBeLessThanOrEqual(pictureWidth);
    expect(label?.text.length).toBeLessThan(25);
  });
});

describe('joins', () => {
  test('a COPY --from is joined to its source’s bar, from whose end it comes; one in front of that is early', () => {
    const steps = [
      timedStep(1, { stage: 'builder', startMs: 0, endMs: 500 }),
      timedStep(2, { stage: 'runtime', startMs: 500, endMs: 600, from: 'builder', source: 0 }),
      timedStep(3, { stage: 'tests', startMs: 100, endMs: 200, from: 'builder', source: 0 }),
      timedStep(4, { stage: 'docs', startMs: 100, endMs: 200, from: 'gone', source: 77 }),
    ];
    const band = bandOf(laneDetail('a', { steps }), timeScale(1_000), 0);
    const builder = band.bars.find(({ stage }) => stage === 'builder');
    const joins = joinsOf(band);
    expect(joins.map(({ isEarly }) => isEarly)).toEqual([true, false]);
    const start = `M${Math.round(((builder?.to ?? 0) * 1_000) / pictureWidth)},`;
    for (const { path } of joins) expect(path.startsWith(start)).toBe(true);
  });

  test('nothing is joined to a step without times', () => {
    const steps = [
      timedStep(1, { startMs: null, endMs: null }),
      timedStep(2, { stage: 'runtime', from: 'builder', source: 0 }),
    ];
    expect(joinsOf(bandOf(laneDetail('a', { steps }), timeScale(1_000), 0))).toEqual([]);
  });
});

describe('the whole picture', () => {
  const started = (name: string, step: number, startMs: number, sinceGate: number, delayMs = 0) =>
    laneDetail(name, { step, startMs, record: laneRecord(name, { startMs: sinceGate, delayMs }) });

  test('lanes of one gate are a group; the gate is where their starts count from', () => {
    const groups = gateGroups([
      started('first', 0, 2, 2),
      started('a', 1, 757, 3),
      started('b', 1, 959, 204, 200),
      laneDetail('never', { step: 1, startMs: null, record: laneRecord('never', { startMs: null }) }),
      started('alone', 1, 1_700, 2),
    ]);
    expect(groups.map(({ lanes, openedMs }) => [lanes.map(({ record }) => record.lane), openedMs])).toEqual([
      [['first'], 0],
      [['a', 'b', 'never'], 754],
      [['alone'], 1_698],
    ]);
  });

  test('each build step says when its gate opened, or that its builds ran one after the other', () => {
    const lanes = [started('first', 0, 2, 2), started('a', 1, 757, 3), started('b', 1, 1_700, 2)];
    const { groups } = pictureOf(iterationDetail({ lanes }));
    expect(groups.map(({ heading }) => heading)).toEqual([
      'build step 1 · gate opens at 0 ms',
      'build step 2 · one build after the other',
      null,
    ]);
  });

  test('bands follow each other without overlap, in the order of the lanes', () => {
    const lanes = ['a', 'b', 'c'].map((name) => laneDetail(name));
    const { bands, height } = pictureOf(iterationDetail({ lanes }));
    expect(bands.map(({ lane }) => lane.record.lane)).toEqual(['a', 'b', 'c']);
    for (const [i, band] of bands.entries())
      expect(band.top + band.height).toBeLessThan(bands[i + 1]?.top ?? height + 1);
  });

  test('the shared clock is the longer one; steps outside of it are counted', () => {
    expect(pictureOf(iterationDetail({ spanMs: 500 }), 2_000).scale.spanMs).toBe(2_000);
    expect(pictureOf(iterationDetail({ spanMs: 500 }), 20).scale.spanMs).toBe(500);
    const steps = [timedStep(1, { startMs: -9_000, endMs: -8_000 }), timedStep(2)];
    expect(pictureOf(iterationDetail({ lanes: [laneDetail('a', { steps })] })).outside).toBe(1);
  });

  test('no lanes, lanes without steps, no span', () => {
    expect(pictureOf(iterationDetail({ lanes: [], spanMs: 0 })).bands).toEqual([]);
    const { bands, height } = pictureOf(
      iterationDetail({ lanes: [laneDetail('a', { steps: [], startMs: null, endMs: null })], spanMs: 0 }),
    );
    expect(bands).toHaveLength(1);
    expect(height).toBeGreaterThan(0);
  });
});
