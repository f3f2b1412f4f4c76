import { describe, expect, test } from 'vitest';
import { simulatedBanner } from '../../src/reports/banner.js';
import { junitReport } from '../../src/reports/junit.js';
import type { RunResult } from '../../src/results/result.js';
import { arm, driftExample, fullRun, run, signal } from './sample-result.js';

const text = (result: RunResult) => junitReport.render(result);

/** One case with all that is in it. */
function caseOf(document: string, classname: string, name: string): string {
  const head = `<testcase classname="${classname}" name="${name}"`;
  const start = document.indexOf(head);
  if (start === -1) throw new Error(`no case ${classname} ${name} in\n${document}`);
  const isEmpty = document.slice(start + head.length).startsWith('/>');
  return document.slice(start, document.indexOf(isEmpty ? '/>' : '</testcase>', start));
}

const control = (count: number) =>
  run([
    arm('two', { signals: [signal('hang', 0, 5, { expected: true, verdict: 'not-reproduced' })] }),
    arm('apart', { role: 'control', of: 'two', signals: [signal('hang', count, 5)] }),
  ]);

test('a suite for the run, a case for each listed arm and signal', () => {
  const shown = text(fullRun());
  const cases = [...shown.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
    ([, classname, name]) => `${classname} ${name}`,
  );
  expect(cases).toEqual([
    'chaos-1506.explicit-variant platform-drift',
    'chaos-1506.explicit-variant build-failed',
    'chaos-1506.explicit-plain platform-drift',
    'chaos-1506.one-at-a-time platform-drift',
    'chaos-1506.context content-mismatch',
    'chaos-1506.context-alone content-mismatch',
    'chaos-1506.two-platforms any signal',
  ]);
  const totals = 'tests="7" failures="4" errors="0" skipped="1" time="72.345"';
  expect(shown).toContain(`<testsuites name="buildrace" ${totals}>`);
  expect(shown).toContain(
    `<testsuite name="chaos-1506 on buildctl v0.32.2 daemon v0.32.2" ${totals} timestamp="2026-11-21T10:15:00.000Z">`,
  );
  expect(shown.match(/<failure /g)).toHaveLength(4);
  expect(shown.match(/<skipped /g)).toHaveLength(1);
});

test('a signal that was seen is a failure with its rate, and the lines that show it', () => {
  const found = caseOf(text(fullRun()), 'chaos-1506.explicit-variant', 'platform-drift');
  expect(found).toContain(
    '<failure type="platform-drift: reproduced" message="5 of 5 iterations (57–100 %, Wilson 95 %)">',
  );
  expect(found).toContain('platform-drift: reproduced, in 5 of 5 iterations');
  expect(found).toContain('Iteration 1, lane a: linux/arm64/v8 (3 steps)');
  expect(found).toContain(
    'iterations/explicit-variant/0001/a.stderr:8: #2 [linux/arm64/v8 internal] load metadata',
  );
});

test('one sight in twenty is a failure too, in whatever arm it was', () => {
  const rare = run([
    arm('two', { signals: [signal('hang', 1, 20, { expected: true, verdict: 'reproduced' })] }),
  ]);
  expect(caseOf(text(rare), 'chaos-1506.two', 'hang')).toContain(
    '<failure type="hang: reproduced" message="1 of 20 iterations (1–24 %, Wilson 95 %)">',
  );
  expect(caseOf(text(control(1)), 'chaos-1506.apart', 'hang')).toContain('type="hang: CONTROL IS NOT CLEAN"');
  expect(caseOf(text(fullRun()), 'chaos-1506.one-at-a-time', 'platform-drift')).toContain(
    'type="platform-drift: seen alone too"',
  );
  expect(caseOf(text(fullRun()), 'chaos-1506.explicit-variant', 'build-failed')).toContain(
    'type="build-failed: seen, not expected"',
  );
});

test('a run that stopped at the first sight has no rate', () => {
  const until = run(
    [
      arm('two', {
        signals: [
          signal('hang', 1, 3, { expected: true, verdict: 'reproduced', course: '001' }),
          signal('build-failed', 1, 3, { course: '010' }),
        ],
      }),
      arm('apart', { role: 'control', of: 'two', signals: [signal('hang', 1, 3)] }),
    ],
    { stopping: { rule: 'first' } },
  );
  const shown = text(until);
  expect(caseOf(shown, 'chaos-1506.two', 'hang')).toContain(
    '<failure type="hang: reproduced: first seen in the 3rd iteration" message="reproduced: first seen in the 3rd iteration">hang: reproduced: first seen in the 3rd iteration',
  );
  expect(caseOf(shown, 'chaos-1506.two', 'build-failed')).toContain(
    'message="first seen in the 2nd iteration, not expected"',
  );
  // A control's sight stops nothing.
  expect(caseOf(shown, 'chaos-1506.apart', 'hang')).toContain('message="1 of 3 iterations');
});

test('nothing seen is a pass that says up to which rate', () => {
  const document = text(control(0));
  expect(document).toContain('tests="2" failures="0" errors="0" skipped="0"');
  expect(caseOf(document, 'chaos-1506.two', 'hang')).toContain(
    '<system-out>0 of 5 iterations: not reproduced, at most 45 %</system-out>',
  );
  expect(caseOf(document, 'chaos-1506.apart', 'hang')).toContain('clean, at most 45 %');
});

describe.each([
  [
    'blind',
    arm('two', {
      signals: [
        signal('platform-drift', 0, 0, {
          expected: true,
          verdict: 'inconclusive',
          iterations: { count: 0, of: 0, blind: 5 },
          blindReasons: [{ reason: 'no step carries a platform', count: 5 }],
        }),
      ],
    }),
    'platform-drift',
    'blind: no step carries a platform',
  ],
  [
    'inconclusive',
    arm('two', {
      iterations: { planned: 5, valid: 2, invalid: 3 },
      signals: [signal('hang', 0, 2, { expected: true, verdict: 'inconclusive' })],
    }),
    'hang',
    'inconclusive: 2 of 5 valid, at most 78 %',
  ],
  [
    'without a valid iteration',
    arm('two', {
      iterations: { planned: 5, valid: 0, invalid: 5 },
      signals: [signal('hang', 0, 0, { expected: true, verdict: 'inconclusive' })],
    }),
    'hang',
    'no valid iteration',
  ],
  [
    'an arm that was skipped',
    arm('two', { skipped: 'no arm64 emulation', signals: [signal('hang', 0, 0, { expected: true })] }),
    'hang',
    'skipped: no arm64 emulation',
  ],
])('%s', (_, one, name, why) => {
  test('is a skipped case with the reason, for viewers of the message and of the text', () => {
    const shown = caseOf(text(run([one])), 'chaos-1506.two', name);
    expect(shown).toContain(`<skipped message="${why}">${why}</skipped>`);
    expect(shown).not.toContain('failure');
  });
});

test('a search for an offset is one case, which is neither passed nor failed, and has no rate', () => {
  const searched = [{ offsetMs: 50, count: 1, of: 1 }];
  const window = { phase: 'search' as const, searched, bestMs: 50, runs: ['one'] };
  const shown = text(
    run(
      [
        arm('two-delay-50ms', {
          point: { arm: 'two', factors: { delay: '50ms' } },
          signals: [signal('hang', 1, 1, { expected: true, verdict: 'reproduced' })],
        }),
        arm('two-delay-90ms', { point: { arm: 'two', factors: { delay: '90ms' } } }),
      ],
      { window },
    ),
  );
  expect(shown).toContain('tests="1" failures="0" errors="0" skipped="1"');
  expect(caseOf(shown, 'chaos-1506', 'search for the offset')).toContain(
    '<skipped message="This run only searched: it would measure 50 ms apart, and no rate of its own is to be quoted',
  );
  expect(shown).not.toMatch(/1 of 1|21–100/);
  const confirmed = text(fullRun({ window: { ...window, phase: 'confirm' } }));
  expect(confirmed).toContain('tests="7" failures="4"');
});

test('an arm that expects nothing is a case of its own, and passes only if it was carried out', () => {
  const idle = (valid: number) => text(run([arm('two', { iterations: { planned: 5, valid, invalid: 0 } })]));
  expect(caseOf(idle(5), 'chaos-1506.two', 'any signal')).toContain(
    '<system-out>nothing expected, nothing seen</system-out>',
  );
  expect(caseOf(idle(0), 'chaos-1506.two', 'any signal')).toContain(
    '<skipped message="no iteration was finished">',
  );
});

test('a simulated run says so in its suite, in its properties and in every failure', () => {
  const { builder } = fullRun();
  const shown = text(fullRun({ builder: { ...builder, kind: 'simulated', simulated: true } }));
  expect(shown).toMatch(new RegExp(`<testsuite name="[^"]*${simulatedBanner}`));
  expect(shown).toContain('<property name="builder.simulated" value="true"/>');
  for (const [message] of shown.matchAll(/<failure [^>]*>/g)) expect(message).toContain(simulatedBanner);
  expect(text(fullRun())).not.toContain(simulatedBanner);
});

test('a run without times, or that ran backwards, has none', () => {
  expect(text(fullRun({ startedAt: 'never' }))).not.toContain(' time=');
  expect(text(fullRun({ finishedAt: '2020-01-01T00:00:00.000Z' }))).not.toContain(' time=');
});

test('no text of others breaks the document, or shows what it should not', () => {
  const bad = '</failure>]]>"&<\u0000\u001b[31m\ud800\ufffe\u202e<!--';
  const hostile = fullRun({
    scenario: bad,
    again: bad,
    warnings: [bad],
    arms: [
      arm('two', {
        skipped: null,
        signals: [
          signal('hang', 1, 5, {
            expected: true,
            examples: [{ ...driftExample, message: bad, file: bad, evidence: [{ line: 1, text: bad }] }],
          }),
        ],
      }),
      arm('other', { skipped: bad }),
    ],
  });
  const shown = text(hostile);
  expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e\ufffe]|\p{Cs}|<!|\]\]>/u);
  expect(shown.match(/<\/failure>/g)).toHaveLength(1);
  expect(caseOf(shown, '&#60;/failure&#62;]]&#62;&#34;&#38;&#60;\ufffd&#60;!--.two', 'hang')).toBeTruthy();
});
