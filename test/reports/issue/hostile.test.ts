import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyLength } from '../../../src/reports/issue/fit.js';
import { issueReport } from '../../../src/reports/issue/issue.js';
import { upstreams } from '../../../src/reports/report.js';
import type { RunDetail } from '../../../src/results/detail.js';
import type { RunResult } from '../../../src/results/result.js';
import { laneRecord, plannedArm, sampleEnvironment, samplePlan } from '../../results/sample-run.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../sample-detail.js';
import { arm, run, signal } from '../sample-result.js';
import { expectHarmless } from './markdown.js';

const pieces = [
  ...['`', '``', '```', '````', '~~~', '|', '\\', '*', '_', '#', '>', '-', '!', '[', ']', '(', ')'],
  ...['#5', 'GH-5', 'moby/buildkit#5', '@moby', 'a@b.example', '0123456789abcdef0123456789abcdef01234567'],
  ...['https://evil.example/x', 'www.evil.example', '[a](javascript:alert(1))', '![a](https://e.example)'],
  ...[
    '</details>',
    '<details>',
    '<script>',
    '</code>',
    '<!--',
    '-->',
    '&lt;',
    '&#60;',
    '<https://evil.example>',
  ],
  ...[
    '\u001b[31m',
    '\u001b]8;;https://evil.example\u0007',
    '\u202e',
    '\u200b',
    '\u0000',
    '\r',
    '\n',
    '\n\n',
    '\t',
  ],
  ...['### Heading', '- [x] ticked', '1. one', '    code', 'word', ' ', 'é', '\u{1f600}', ':bug:'],
];
const hostile = fc
  .array(fc.constantFrom(...pieces), { maxLength: 12 })
  .chain((parts) => fc.constantFrom('', ' ').map((glue) => parts.join(glue)));

/** Shrinking texts of this size takes minutes. */
const quick = { endOnFailure: true } as const;

/** A run all of whose texts are somebody else's. */
function hostileDetail(next: () => string, lines: number): RunDetail {
  const log = (): ReturnType<typeof logText> =>
    logText(Array.from({ length: lines }, next).map((one) => one));
  const lane = (name: string) =>
    laneDetail(name, {
      log: log(),
      record: laneRecord(name, { command: [next(), next(), next()], env: { [next()]: next() } }),
    });
  const environment = {
    ...sampleEnvironment(),
    os: next(),
    kernel: next(),
    cpuModel: next(),
    versionOutput: Array.from({ length: 12 }, () => ({
      command: next(),
      output: log().pieces[0]?.lines.join('\n') ?? '',
    })),
    scenario: {
      file: next(),
      text: next(),
      files: [
        {
          path: 'Dockerfile',
          sha256: '',
          content: Array.from({ length: lines }, next).join('\n'),
          encoding: 'utf8' as const,
        },
      ],
    },
  };
  const findings = [1, 2, 3, 4, 5].map((line) =>
    finding({
      message: next(),
      evidence: [
        { line, text: next() },
        { line: line + 20, text: next() },
      ],
    }),
  );
  const result: RunResult = {
    ...run(
      [
        arm('main', {
          title: next(),
          command: [next(), next()],
          iterations: { planned: 5, valid: 4, invalid: 1 },
          invalidReasons: [{ reason: next(), count: 1 }],
          signals: [
            signal('platform-drift', 3, 4, {
              expected: true,
              verdict: 'reproduced',
              iterations: { count: 3, of: 4, blind: 1 },
              blindReasons: [{ reason: next(), count: 1 }],
            }),
          ],
        }),
        arm('plain', {
          role: 'control',
          of: 'main',
          title: next(),
          signals: [signal('platform-drift', 0, 5)],
        }),
        arm('other', { skipped: next() }),
      ],
      { title: next(), again: next(), stopped: next(), warnings: [next(), next()], reports: [next()] },
    ),
    toolVersion: next(),
    scenario: next(),
    builder: { kind: 'buildctl', name: next(), version: next(), daemonVersion: next(), simulated: false },
  };
  const plan = samplePlan({
    arms: [
      plannedArm({ name: 'main', title: next() }),
      plannedArm({ name: 'plain', role: 'control', of: 'main' }),
    ],
    scenario: { name: 'sample', title: next(), description: next(), reports: [], contentSha256: '' },
  });
  return sampleDetail({
    result,
    plan,
    environment,
    iterations: [
      iterationDetail({ findings, lanes: [lane('a'), lane('b')], daemonLog: log() }),
      iterationDetail({ arm: 'plain', lanes: [lane('a'), lane('b')] }),
    ],
    redactions: [{ kind: next(), count: 2 }],
  });
}

test('nothing of other people’s text becomes more than words', () => {
  fc.assert(
    fc.property(
      fc.array(hostile, { minLength: 8, maxLength: 40 }),
      fc.constantFrom(...upstreams),
      (texts, upstream) => {
        let i = 0;
        const detail = hostileDetail(() => texts[i++ % texts.length] ?? '', 6);
        expectHarmless(issueReport.render(detail, { upstream }));
        for (const hint of issueReport.hints?.(detail, { upstream }) ?? [])
          expect(hint).not.toContain('\u001b[');
      },
    ),
    { numRuns: 100, ...quick },
  );
});

test('a body has at most 60,000 characters, whatever is large in it', () => {
  const huge = fc.oneof(
    hostile,
    fc
      .constantFrom('x', '`', '<', '\u{1f600}', '#5 ', '@a ', '` ')
      .chain((unit) => fc.constantFrom(100, 700, 9_000).map((count) => unit.repeat(count))),
  );
  fc.assert(
    fc.property(
      fc.array(huge, { minLength: 5, maxLength: 30 }),
      fc.constantFrom(0, 30, 150),
      fc.constantFrom(...upstreams),
      (texts, lines, upstream) => {
        let i = 0;
        const detail = hostileDetail(() => texts[i++ % texts.length] ?? '', lines);
        const body = issueReport.render(detail, { upstream });
        expect(bodyLength(body)).toBeLessThanOrEqual(60_000);
        expectHarmless(body);
      },
    ),
    { numRuns: 25, ...quick },
  );
}, 60_000);

test.each(upstreams)('many arms, lanes and findings are counted, not listed (%s)', (upstream) => {
  const arms = Array.from({ length: 200 }, (_, i) =>
    arm(`arm-${i}`, {
      title: 'word '.repeat(200),
      role: i % 2 === 0 ? 'reproduce' : 'control',
      of: i % 2 === 0 ? null : 'arm-0',
      signals: [
        signal('platform-drift', i % 2 === 0 ? 1 : 0, 5, {
          expected: i % 2 === 0,
          verdict: i % 2 === 0 ? 'reproduced' : null,
        }),
      ],
    }),
  );
  const names = Array.from({ length: 64 }, (_, i) => `lane-${i}`);
  const lanes = names.map((name) =>
    laneDetail(name, { log: logText(Array.from({ length: 500 }, (_, i) => `#5 ${name} ${i}`)) }),
  );
  const findings = names.map((lane) => finding({ lane, message: `drift in ${lane}` }));
  const detail = sampleDetail({
    result: run(arms, { warnings: Array.from({ length: 100 }, (_, i) => `warning ${'w'.repeat(400)} ${i}`) }),
    iterations: [iterationDetail({ arm: 'arm-0', lanes, findings })],
    firstFailing: { arm: 'arm-0', iteration: 1 },
    clean: null,
  });
  const body = issueReport.render(detail, { upstream });
  expect(bodyLength(body)).toBeLessThanOrEqual(60_000);
  expect(body).toContain('And 60 more findings.');
  expectHarmless(body);
});
