import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { pictureOf } from '../../../../src/reports/html/timeline/layout.js';
import { tableRows } from '../../../../src/reports/html/timeline/rows.js';
import { timelineScript } from '../../../../src/reports/html/timeline/script.js';
import { timelineStyle } from '../../../../src/reports/html/timeline/style.js';
import { Timeline } from '../../../../src/reports/html/timeline/timeline.js';
import type { IterationDetail } from '../../../../src/results/detail.js';
import { laneRecord } from '../../../results/sample-run.js';
import { iterationDetail, laneDetail, timedStep } from '../../sample-detail.js';

const drawn = (iteration: IterationDetail, id = 't1'): string =>
  renderToString(h(Timeline, { iteration, id }));

const attributes = (html: string): string[] =>
  [...html.matchAll(/<[a-z]+((?:\s[\w-]+="[^"]*")*)/g)].map(([, found]) => found ?? '');

describe('the picture of an iteration', () => {
  test('says what it shows, each lane with its end, each step with label and times', () => {
    const html = drawn(
      iterationDetail({
        lanes: [
          laneDetail('a'),
          laneDetail('b', { outcome: 'failed', record: laneRecord('b', { exitCode: 1, delayMs: 200 }) }),
          laneDetail('c', { outcome: 'unknown', record: laneRecord('c', { timedOut: true }) }),
          laneDetail('d', { outcome: 'unknown', record: laneRecord('d', { cancelled: true }) }),
        ],
      }),
    );
    expect(html).toContain('main, iteration 1: 4 builds on one clock.');
    expect(html).toContain('COPY --from=builder /install /usr/lo');
    expect(html).toContain(
      '<th scope="row">[builder 1/3] RUN echo 1</th><td>#1 100–180</td><td>#1 100–180</td>',
    );
    expect(html).toContain('<b>a</b> succeeded, 1–1000 ms');
    expect(html).toContain('<b>b</b> failed, exit code 1, 1–1000 ms, let go 200 ms behind the gate');
    expect(html).toContain('<b>c</b> timed out');
    expect(html).toContain('<b>d</b> cancelled');
    expect(html).toMatch(/class="join"/);
  });

  test('a step that a finding names has outline, flag and the signal’s name', () => {
    const html = drawn(
      iterationDetail({ lanes: [laneDetail('a', { steps: [timedStep(1, { marked: ['cache-miss'] })] })] }),
    );
    expect(html).toContain('<g class="marked">');
    expect(html).toContain('href="#t1-flag"');
    expect(html).toContain('cache-miss · RUN echo 1');
    expect(html).toContain('<td>#1 100–180 cache-miss</td>');
    expect(html).toContain('a finding names it: cache-miss');
  });

  test.each(['cached', 'error', 'cancelled', 'unfinished'] as const)('%s is said in words too', (status) => {
    const steps = [timedStep(1, { status, error: status === 'error' ? 'exit code: 2' : null })];
    const html = drawn(iterationDetail({ lanes: [laneDetail('a', { steps })] }));
    expect(html).toContain(`<g class="${status}">`);
    expect(html).toContain(status === 'error' ? '✕ error · RUN echo 1' : `${status} · RUN echo 1`);
    expect(html).toContain(`<td>#1 100–180 ${status === 'error' ? 'error: exit code: 2' : status}</td>`);
  });

  test('the table has one row for what several lanes did, and the steps without times', () => {
    const a = [
      timedStep(1, { startMs: null, endMs: null, clock: null, status: 'unfinished' }),
      timedStep(2, { name: '[builder 1/2] RUN make', text: 'RUN make', startMs: -20, endMs: 600 }),
      timedStep(3, { name: '[builder 1/2] RUN make', text: 'RUN make', startMs: 700, endMs: 700 }),
    ];
    const b = [timedStep(9, { name: '[builder 1/2] RUN make', text: 'RUN make', status: 'cached' })];
    const { bands } = pictureOf(
      iterationDetail({ lanes: [laneDetail('a', { steps: a }), laneDetail('b', { steps: b })] }),
    );
    expect(tableRows(bands)).toEqual([
      { name: '[builder 1/2] RUN make', cells: ['#2 −20–600', '#9 900–980 cached'] },
      { name: '[builder 1/2] RUN make', cells: ['#3 700', ''] },
      { name: '[builder 1/3] RUN echo 1', cells: ['#1 no times unfinished', ''] },
    ]);
  });

  test('whose clock it is', () => {
    const clocked = (clock: 'builder' | 'arrival', format: string) =>
      drawn(iterationDetail({ lanes: [laneDetail('a', { format, steps: [timedStep(1, { clock })] })] }));
    expect(clocked('builder', 'rawjson')).toContain('times are the builder’s own.');
    expect(clocked('arrival', 'plain')).toContain('about every 0.1 s');
    expect(clocked('arrival', 'classic')).not.toContain('0.1 s');
  });

  test('hostile names stay text, cut, without what reorders it or steers a terminal', () => {
    const evil = `</text></svg><script>alert(1)</script>"onload="x \u202egnp\u001b[31m ${'x'.repeat(500)}`;
    const steps = [
      timedStep(1, { name: evil, text: evil, stage: evil, platform: evil, error: evil, status: 'error' }),
      timedStep(2, { name: evil, text: evil, stage: 'b', platform: 'other' }),
    ];
    const html = drawn(iterationDetail({ arm: evil, lanes: [laneDetail(evil, { steps })] }));
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/[\u202e\u001b]/);
    expect(html).not.toContain('x'.repeat(400));
    for (const found of attributes(html)) expect(found).not.toMatch(/\son\w+=|\sstyle=/);
  });

  test('no inline style or handler, no NaN; ids carry the prefix and are used once', () => {
    const steps = [
      timedStep(1, { status: 'error', marked: ['copy-from-failed'] }),
      timedStep(2, { status: 'cancelled', startMs: null, endMs: null }),
      timedStep(3, { status: 'cancelled', endMs: null }),
    ];
    const html = drawn(iterationDetail({ spanMs: 0, lanes: [laneDetail('a', { steps })] }), 'other');
    expect(html).not.toMatch(/ style=| on\w+=|NaN|undefined|null/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? '');
    expect(ids).toEqual(['other-flag', 'other-error', 'other-cancelled']);
    for (const [, used] of html.matchAll(/(?:href="#|url\(#)([^")]*)/g)) expect(ids).toContain(used);
  });

  test('60 iterations of 8 lanes with 12 steps stay small', () => {
    const steps = Array.from({ length: 12 }, (_, i) => {
      const text =
        i < 4 ? `load metadata for docker.io/library/alpine:3.${i}` : `RUN make part-${i} && make check`;
      const bracket = i < 4 ? '[internal]' : `[builder ${i - 3}/8]`;
      const name = `${bracket} ${text}`;
      return timedStep(i + 1, { name, text, internal: i < 4, startMs: i * 80, endMs: i * 80 + 70 });
    });
    const lanes = Array.from({ length: 8 }, (_, i) => laneDetail(`lane-${i}`, { steps }));
    expect(drawn(iterationDetail({ lanes })).length * 60).toBeLessThan(1_500_000);
  });
});

describe('what goes into the page once', () => {
  test('the script is whole in itself: its text makes a function that needs only a document', () => {
    const again = new Function(`return (${timelineScript.toString()})`)();
    expect(again({ querySelectorAll: () => [] })).toBeUndefined();
    expect(timelineScript.toString()).not.toMatch(/__vi|__name|import|require|<\/script|<!--/);
  });

  test('the style holds to its figures and fetches nothing', () => {
    expect(timelineStyle).not.toMatch(/url\(|@import|<\//);
    for (const rule of timelineStyle.matchAll(/(?:^|[}{])\s*([^@{}]+)\{/g)) {
      for (const selector of (rule[1] ?? '').split(',')) expect(selector.trim()).toMatch(/^\.timeline/);
    }
  });
});
