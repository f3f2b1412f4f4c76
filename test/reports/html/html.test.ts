import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { htmlReport, mostBytes } from '../../../src/reports/html/html.js';
import type { RunDetail } from '../../../src/results/detail.js';
import type { ArmResult } from '../../../src/results/result.js';
import type { Shard } from '../../../src/scenario/plan.js';
import { plannedArm, samplePlan } from '../../results/sample-run.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../sample-detail.js';
import { arm, fullRun, run, signal } from '../sample-result.js';
import { bigDetail } from './big-detail.js';
import { hostileDetail, hostileText } from './hostile.js';
import { inlineText, tagsOf, textOfPage, withoutInline } from './page-tags.js';

const rendered = (detail: RunDetail): string => htmlReport.render(detail, { upstream: null });

/** Control characters, and what reorders or hides text. */
const acting =
  /[\u0000-\u001f\u007f-\u009f]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/gu;

/** A run in which every part of the page has something to show. */
function fullDetail(): RunDetail {
  const log = logText(Array.from({ length: 30 }, (_, i) => `#1 line ${i + 1}`));
  return sampleDetail({
    result: fullRun(),
    plan: samplePlan({
      arms: [
        plannedArm({ name: 'explicit-variant' }),
        plannedArm({ name: 'explicit-plain', role: 'control', of: 'explicit-variant' }),
      ],
    }),
    iterations: [
      iterationDetail({
        arm: 'explicit-variant',
        findings: [finding(), finding({ lane: null, signal: 'daemon-error', expected: false })],
        blind: [{ signal: 'platform-drift', lane: 'b', reason: 'no step carries a platform' }],
        daemonLog: log,
        builderGone: 'connection refused',
        lanes: [
          laneDetail('a', { truncated: 'it ends in a step', error: { line: 4, text: 'failed to solve' } }),
          laneDetail('b'),
        ],
      }),
      iterationDetail({ arm: 'explicit-plain' }),
      iterationDetail({ arm: 'context', invalid: 'the lanes did not overlap' }),
    ],
    omitted: 4,
    firstFailing: { arm: 'explicit-variant', iteration: 1 },
    clean: { arm: 'explicit-plain', iteration: 1 },
    daemons: [{ name: 'one', log }],
    redactions: [{ kind: 'host name', count: 3 }],
  });
}

describe('the page', () => {
  it('counts the spellings that its tables leave out, and the tables', () => {
    const [drifted = arm('a')] = fullRun().arms;
    const all = (left: number) =>
      Array.from({ length: 11 }, (_, i) => ({ ...drifted, name: `arm${i}`, spellingsLeftOut: left }));
    const text = (left: number) =>
      textOfPage(rendered({ ...fullDetail(), result: fullRun({ arms: all(left) }) }));
    expect(text(7).match(/And at least 7 more pairs of step and platform\./g)).toHaveLength(10);
    expect(text(7)).toContain('And 1 arm more.');
    expect(text(0)).not.toContain('And at least');
  });

  it('says the verdict, the rate, the control and the versions before anything else', () => {
    const text = textOfPage(rendered(sampleDetail()));
    const head = text.slice(0, text.indexOf('The first iteration that shows it'));
    expect(head).toContain(
      'platform-drift was reproduced in 5 of 5 iterations (57–100 %, Wilson 95 %) of main',
    );
    expect(head).toContain('its control plain was clean in 5 of 5');
    expect(head).toContain('v0.32.2');
    expect(head).toContain('https://github.com/apple/container/issues/1542');
  });

  it('has one style and one script, allowed by their hashes and nothing else', () => {
    const page = rendered(fullDetail());
    const tags = tagsOf(page);
    const policy = tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy?.attributes.content?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(inlineText(page, 'style'))}`,
      `script-src ${hash(inlineText(page, 'script'))}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(tags.filter(({ name }) => name === 'style')).toHaveLength(1);
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(tags.flatMap(({ attributes }) => Object.keys(attributes))).not.toContain('style');
  });

  it('carries its script as it was written: no helper of a compiler, nothing from outside', () => {
    const script = inlineText(rendered(sampleDetail()), 'script');
    expect(script).not.toMatch(/__name|__vite|__cov|istanbul|\bimport\b|\brequire\b|<\//);
    expect(() => new Function(script)).not.toThrow();
  });

  it('loads nothing and leads nowhere but to its own parts and to upstream', () => {
    const tags = tagsOf(rendered(fullDetail()));
    const loading = tags.flatMap(({ attributes }) =>
      ['src', 'srcset', 'data', 'action', 'poster'].filter((key) => key in attributes),
    );
    expect(loading).toEqual([]);
    expect(
      tags.filter(({ name }) => ['link', 'iframe', 'object', 'embed', 'img', 'base'].includes(name)),
    ).toEqual([]);
    const away = tags.filter(
      ({ attributes }) => attributes.href !== undefined && !attributes.href.startsWith('#'),
    );
    expect(away.map(({ attributes }) => [attributes.href, attributes.rel])).toEqual([
      ['https://github.com/apple/container/issues/1542', 'noopener noreferrer'],
    ]);
  });

  it('leads to ids that are there, each of them once', () => {
    const tags = tagsOf(rendered(fullDetail()));
    const ids = tags.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = tags.flatMap(({ attributes }) =>
      attributes.href?.startsWith('#') ? attributes.href.slice(1) : [],
    );
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('has headings that skip no level', () => {
    const levels = tagsOf(rendered(fullDetail())).flatMap(({ name }) =>
      /^h[1-6]$/.test(name) ? Number(name[1]) : [],
    );
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
  });

  it('puts controls and builds alone under what they are held beside', () => {
    const table = /<table class="rates">[\s\S]*?<\/table>/.exec(rendered(fullDetail()))?.[0] ?? '';
    const bodies = table
      .split('<tbody>')
      .slice(1)
      .map((body) => body.replace(/<[^>]*>/g, ' '));
    expect(bodies[0]).toMatch(
      /reproduce\s+explicit-variant[\s\S]*its control\s+explicit-plain[\s\S]*its builds alone\s+one-at-a-time/,
    );
    expect(bodies[1]).toMatch(
      /reproduce\s+context\b[\s\S]*its control\s+context-alone[\s\S]*CONTROL IS NOT CLEAN/,
    );
    expect(bodies[2]).toContain('skipped: no arm64 emulation');
    expect(bodies[0]).toContain('seen, not expected');
  });

  it('shows the evidence marked, with the lines around it, by numbers of its file', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
    const page = rendered(
      sampleDetail({
        iterations: [
          iterationDetail({
            findings: [finding({ evidence: [{ line: 20, text: 'line 20' }] })],
            lanes: [laneDetail('a', { log: logText(lines) })],
          }),
        ],
        clean: null,
      }),
    );
    const excerpt = /<div class="excerpt">[\s\S]*?<\/div>/.exec(page)?.[0] ?? '';
    expect(excerpt).toContain('<mark>▶ 20  line 20\n</mark>');
    expect([...excerpt.matchAll(/line \d+/g)].map(([text]) => text)).toEqual(
      [17, 18, 19, 20, 21, 22, 23].map((line) => `line ${line}`),
    );
    expect(page).toContain('<mark>line 20\n</mark>');
  });

  it('says how many iterations are not shown, and what was redacted', () => {
    const text = textOfPage(rendered(fullDetail()));
    expect(text).toContain('4 iterations of this run are not shown here');
    expect(text).toContain('Redacted: host name 3×.');
  });
});

describe('hostile text in every field', () => {
  it('adds no element and no attribute', () => {
    const benign = tagsOf(rendered(fullDetail()));
    const hostile = tagsOf(rendered(hostileDetail(fullDetail())));
    const shape = (tags: typeof benign): string[] =>
      tags.filter(({ name }) => name !== 'a').map(({ name }) => name);
    expect(shape(hostile)).toEqual(shape(benign));
    const known = new Set(benign.flatMap(({ attributes }) => Object.keys(attributes)));
    known.add('title');
    expect(
      hostile.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => !known.has(key)),
    ).toEqual([]);
    expect(hostile.some(({ attributes }) => /^\s*javascript:/i.test(attributes.href ?? ''))).toBe(false);
  });

  it('leaves no control character, terminal escape or mark that reorders', () => {
    const page = rendered(hostileDetail(fullDetail()));
    expect(page).toContain('globalThis.hacked=1');
    const left = withoutInline(page).replaceAll('\n', '').match(acting) ?? [];
    expect(left.map((one) => one.codePointAt(0)?.toString(16))).toEqual([]);
  });

  it('makes no link of an address that holds more than an address', () => {
    const detail = sampleDetail();
    const reports = ['javascript:alert(1)', 'https://x.example/"onclick="', 'http://x.example/', hostileText];
    const page = rendered({ ...detail, result: { ...detail.result, reports } });
    expect(
      tagsOf(page).filter(
        ({ attributes }) => attributes.href !== undefined && !attributes.href.startsWith('#'),
      ),
    ).toEqual([]);
  });
});

describe('size', () => {
  it.each([
    ['plain lines', undefined],
    ['lines of nothing but <', () => '<'.repeat(400)],
    ['lines of quotation marks', () => '"'.repeat(400)],
    ['lines of control characters', () => '\u0001\u001b[31m'.repeat(40)],
    ['lines of four bytes a character', () => '😀'.repeat(100)],
    ['long lines', () => 'x'.repeat(5_000)],
  ])('stays below the limit with %s', (_, line) => {
    const detail = bigDetail({
      iterations: 60,
      lanes: 8,
      linesOfLog: 40,
      ...(line === undefined ? {} : { line }),
    });
    const page = rendered(detail);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(mostBytes);
    expect(tagsOf(page).filter(({ attributes }) => attributes.class === 'log')).toHaveLength(480);
    expect(tagsOf(page).length).toBeLessThan(60_000);
  });

  it('cuts the longest log in the middle, says so, and keeps its evidence', () => {
    const long = Array.from({ length: 80_000 }, (_, i) => `line ${i + 1} ${'<'.repeat(60)}`);
    const page = rendered(
      sampleDetail({
        iterations: [
          iterationDetail({
            findings: [finding({ evidence: [{ line: 40_000, text: long[39_999] ?? '' }] })],
            lanes: [laneDetail('a', { log: logText(long) }), laneDetail('b')],
          }),
        ],
        clean: null,
      }),
    );
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(mostBytes);
    expect(Buffer.byteLength(page)).toBeGreaterThan(mostBytes * 0.9);
    const text = textOfPage(page);
    expect(text).toMatch(/\d,\d{3} lines are left out here/);
    expect(text).toContain('line 40000 <');
    expect(text).toContain('line 80000 <');
    expect(page).toContain('<mark>line 40000 ');
  });

  it('shows fewer steps and iterations where even those are too much', () => {
    const message = '<'.repeat(2_000);
    const detail = bigDetail({ iterations: 60, lanes: 2, linesOfLog: 30, steps: 60, line: () => message });
    const page = rendered({
      ...detail,
      iterations: detail.iterations.map((one) => ({
        ...one,
        findings: Array.from({ length: 40 }, () =>
          finding({
            lane: 'lane1',
            message,
            evidence: [10, 20, 28].map((line) => ({ line, text: message })),
          }),
        ),
      })),
    });
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(mostBytes);
    expect(textOfPage(page)).toMatch(/\d+ iterations of this run are not shown here/);
    expect(page).toContain('class="failing"');
  });

  it('keeps the course of ten thousand iterations small', () => {
    const many = (course: string) =>
      arm('main', {
        iterations: { planned: course.length, valid: course.length, invalid: 0 },
        signals: [
          signal('platform-drift', 1, course.length, { expected: true, verdict: 'reproduced', course }),
        ],
      });
    const short = rendered({ ...sampleDetail(), result: run([many('10')]) });
    const long = rendered({ ...sampleDetail(), result: run([many('10x-0'.repeat(2_000))]) });
    expect(long.length - short.length).toBeLessThan(20_000);
    expect(textOfPage(long)).toContain('100 iterations a bar');
  });
});

describe('a course leads to the iterations that are shown', () => {
  /** What the strip of `main` links, as `aria-label` of each link with the head of the section that it leads to. */
  function linked(
    course: string,
    more: Partial<ArmResult>,
    shown: readonly number[],
    part: Shard | null = null,
  ) {
    const page = rendered({
      ...sampleDetail(),
      result: run(
        [
          arm('main', {
            iterations: { planned: course.length, valid: course.length, invalid: 0 },
            signals: [
              signal('platform-drift', 1, course.length, { expected: true, verdict: 'reproduced', course }),
            ],
            ...more,
          }),
        ],
        { shard: part },
      ),
      iterations: shown.map((iteration) => iterationDetail({ iteration })),
      firstFailing: null,
      clean: null,
    });
    const strip = /<(p|div) class="course[\s\S]*?<\/\1>/.exec(page)?.[0] ?? '';
    const places = new Map(shown.map((one, i) => [`#i${i + 1}`, one]));
    return tagsOf(strip).flatMap(({ name, attributes }) =>
      name === 'a' ? [`${attributes['aria-label']} -> ${places.get(attributes.href ?? '')}`] : [],
    );
  }
  const part = { carriedOut: [{ first: 2, last: 8, step: 2 }] };

  it('of a part of a plan, by their own numbers', () => {
    expect(linked('0001', part, [4, 8], { index: 2, of: 2 })).toEqual([
      'iteration 4: not seen -> 4',
      'iteration 8: seen -> 8',
    ]);
  });

  it('of a merge that misses a part, by their own numbers', () => {
    expect(linked('0x-1', part, [2, 4, 6, 8])).toEqual([
      'iteration 2: not seen -> 2',
      'iteration 4: invalid -> 4',
      'iteration 6: blind -> 6',
      'iteration 8: seen -> 8',
    ]);
  });

  it('in the order in which they were carried out', () => {
    const carriedOut = [
      { first: 2, last: 2, step: 1 },
      { first: 1, last: 3, step: 2 },
    ];
    expect(linked('100', { carriedOut }, [1, 2])).toEqual([
      'iteration 2: seen -> 2',
      'iteration 1: not seen -> 1',
    ]);
  });

  it('of many, below its bars, and not those of which it has no mark', () => {
    const many = `${'0'.repeat(199)}1`;
    const carriedOut = [{ first: 2, last: 400, step: 2 }];
    expect(linked(many, { carriedOut }, [200, 400, 401], { index: 2, of: 2 })).toEqual([
      'iteration 200: not seen -> 200',
      'iteration 400: seen -> 400',
    ]);
    expect(linked(many, {}, [4, 200], { index: 2, of: 2 })).toEqual([]);
  });

  it('of an older result, where a place is a number; of a part of one, not at all', () => {
    expect(linked('0001', {}, [1, 4])).toEqual(['iteration 1: not seen -> 1', 'iteration 4: seen -> 4']);
    expect(linked('0001', {}, [1, 4], { index: 2, of: 2 })).toEqual([]);
  });
});

describe('runs of which there is little to tell', () => {
  it('without findings, shows the clean iteration and says that nothing was seen', () => {
    const text = textOfPage(
      rendered(
        sampleDetail({
          result: run(
            [
              arm('main', {
                signals: [signal('platform-drift', 0, 5, { expected: true, verdict: 'not-reproduced' })],
              }),
            ],
            { verdict: 'not-reproduced' },
          ),
          iterations: [iterationDetail()],
          firstFailing: null,
          clean: { arm: 'main', iteration: 1 },
        }),
      ),
    );
    expect(text).toContain('not reproduced');
    expect(text).toContain('No iteration of this run shows anything.');
    expect(text).toContain('Nothing was seen.');
    expect(text.match(/An iteration that shows nothing/g)).toHaveLength(2);
    expect(text).not.toMatch(/Failing beside clean|The first iteration that shows it/);
  });

  it('without a valid iteration, says so', () => {
    const text = textOfPage(
      rendered(
        sampleDetail({
          result: run(
            [
              arm('main', {
                iterations: { planned: 5, valid: 0, invalid: 1 },
                signals: [signal('platform-drift', 0, 0, { expected: true, verdict: 'inconclusive' })],
              }),
            ],
            { verdict: 'inconclusive' },
          ),
          iterations: [iterationDetail({ invalid: 'the lanes did not overlap' })],
          firstFailing: null,
          clean: null,
        }),
      ),
    );
    expect(text).toContain('No iteration of this run is valid.');
    expect(text.match(/No iteration shows it/g)).toHaveLength(2);
    expect(text).toContain('It does not count: the lanes did not overlap.');
  });

  it('without any iteration, says so', () => {
    const detail = sampleDetail({ iterations: [], firstFailing: null, clean: null });
    const text = textOfPage(
      rendered({ ...detail, result: run([], { verdict: null, stopped: 'stopped by SIGINT' }) }),
    );
    expect(text).toContain('No iteration of this run was finished.');
    expect(text).toContain('stopped by SIGINT');
  });

  it('of a simulated builder, says so in capitals, in the title too', () => {
    const detail = sampleDetail();
    const { builder } = detail.result;
    const page = rendered({
      ...detail,
      result: { ...detail.result, builder: { ...builder, simulated: true } },
    });
    expect(textOfPage(page)).toContain('SIMULATED BUILDER: NOTHING HERE WAS SEEN ON A REAL ONE');
    expect(page).toContain('<title>SIMULATED: ');
  });

  it('stopped at the first sight, gives no rate', () => {
    const detail = sampleDetail();
    const page = rendered({
      ...detail,
      result: run(
        [
          arm('main', {
            signals: [
              signal('platform-drift', 1, 4, { expected: true, verdict: 'reproduced', course: '0001' }),
            ],
          }),
        ],
        { stopping: { rule: 'first' } },
      ),
    });
    const table = /<table class="rates">[\s\S]*?<\/table>/.exec(page)?.[0] ?? '';
    expect(table).toContain('first seen in the 4th iteration');
    expect(table).not.toContain('1 of 4');
    expect(table).not.toContain('class="rate"');
    expect(table).toContain('class="interval"');
  });

  it('swept, gives the rates by point', () => {
    const point = (name: string, delay: string, count: number) =>
      arm(name, {
        point: { arm: 'main', factors: { delay } },
        signals: [signal('platform-drift', count, 10, { expected: true, verdict: 'reproduced' })],
      });
    const page = rendered({
      ...sampleDetail(),
      result: run([point('main-1', '0ms', 1), point('main-2', '50ms', 9)]),
    });
    const table = /<table class="points">[\s\S]*?<\/table>/.exec(page)?.[0] ?? '';
    expect(textOfPage(table)).toMatch(/0ms1 of 10[\s\S]*50ms9 of 10/);
    expect(table.match(/class="interval"/g)).toHaveLength(2);
  });

  it('that searched for an offset, says that its points are no rate', () => {
    const page = rendered({
      ...sampleDetail(),
      result: run([], {
        window: {
          phase: 'search',
          searched: [
            { offsetMs: 0, count: 0, of: 3 },
            { offsetMs: 50, count: 2, of: 3 },
          ],
          bestMs: 50,
          runs: [],
        },
      }),
    });
    const text = textOfPage(page);
    expect(text).toContain('searched to choose one; not the rate');
    expect(text).toMatch(/50 ms2 of 3← the best/);
  });
});
