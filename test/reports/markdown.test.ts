import { describe, expect, test } from 'vitest';
import { simulatedBanner } from '../../src/reports/banner.js';
import { reportFor, reports } from '../../src/reports/index.js';
import { markdownReport } from '../../src/reports/markdown.js';
import type { RunResult } from '../../src/results/result.js';
import { arm, driftExample, fullRun, run, signal } from './sample-result.js';

const text = (result: RunResult) => markdownReport.render(result);

/** The document without its fenced blocks and its code: what Markdown reads as markup. */
function markup(document: string): string {
  return document
    .replace(/^(`{3,})(?!`)[^\n]*\n[\s\S]*?\n\1$/gm, '')
    .replace(/<code>[^<\n]*<\/code>/g, '')
    .replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
}

test('each format is listed once, under a name of its own', () => {
  expect(new Set(reports.map(({ name }) => name)).size).toBe(reports.length);
  for (const report of reports) expect(reportFor(report.name)).toBe(report);
  expect(reportFor('none')).toBeNull();
});

test('begins with the verdict and the rates', () => {
  const [head = '', rates = ''] = text(fullRun()).split('\n## ');
  expect(head).toMatch(/^# `chaos-1506`: reproduced\n\nTwo builds at once/);
  expect(head).toContain(
    '`platform-drift` was reproduced in 5 of 5 iterations (57–100 %, Wilson 95 %) of `explicit-variant`',
  );
  expect(head).toContain('**The control is not clean: `context-alone` showed it too');
  expect(rates).toContain(
    '| `explicit-variant` | reproduce | `platform-drift` | 5/5 | 57–100 % | 10/10 | reproduced |',
  );
  expect(rates).toContain(
    '| `explicit-plain` | control | `platform-drift` | 0/5 | 0–43 % | 0/10 | clean, at most 45 % |',
  );
  expect(rates).toContain(
    '| `context-alone` | control | `content-mismatch` | 1/5 | 4–62 % | 1/10 | **CONTROL IS NOT CLEAN** |',
  );
  expect(rates).toContain('| `two-platforms` | reproduce | – | – | – | – | skipped: no arm64 emulation');
});

test('shows the lines, with file and line, in a fence', () => {
  expect(text(fullRun())).toContain(
    '```text\niterations/explicit-variant/0001/a.stderr:8: #2 [linux/arm64/v8 internal] load metadata',
  );
});

test('says on what, how it was called, and how to run it again', () => {
  const shown = text(fullRun());
  expect(shown).toContain('- Reports: <https://github.com/apple/container/issues/1542>');
  expect(shown).toContain(
    '- Builder: `buildctl` (`unix:///run/buildkit/buildkitd.sock`), version `v0.32.2`, daemon `v0.32.2`',
  );
  expect(shown).toContain(
    'kernel `6.12.38+deb13-amd64`, x64, 2 × AMD EPYC 7763 64-Core Processor, 7.8 GiB, load 0.42',
  );
  expect(shown).toContain(
    "# explicit-variant\nbuildctl build --frontend dockerfile.v0 --opt 'build-arg:GREETING=hello world'",
  );
  expect(shown).toContain(
    '```sh\nbuildrace run chaos-1506 --builder buildctl --iterations 5 --seed 4711\n```',
  );
  expect(shown).toContain(
    '`buildctl --version`:\n\n```text\nbuildctl github.com/moby/buildkit v0.32.2 0f6a1b2\n```',
  );
  expect(shown).toContain(
    '2 lanes, started within 0.12 ms of each other (median of upper limits); 3 of 5 iterations valid; 0 of 6 builds failed.',
  );
});

test('an iteration of several steps is told step by step', () => {
  const steps = ['prune', 'build first', 'check-cache cache'];
  const result = run([arm('stargz', { steps }), arm('plain')]);
  expect(text(result)).toContain('Each iteration: `prune`, `build first`, `check-cache cache`.');
  expect(text(result).match(/Each iteration/g)).toHaveLength(1);
});

test('spellings and failures are tables', () => {
  const shown = text(fullRun());
  expect(shown).toContain(
    '| Stage | Instruction | `linux/arm64` | `linux/arm64/v8` |\n| --- | --- | --: | --: |',
  );
  expect(shown).toContain('| `builder` | `RUN` | 10 | – |\n| `runtime` | `COPY` | – | 10 |');
  expect(shown).toContain(
    '| 1 | `explicit-variant` | `failed to calculate checksum of ref <id>::<id>: "/install/src/f<n>.txt": not found` |',
  );
});

test('spellings that are left out are counted', () => {
  const arms = fullRun().arms.map((one) => ({ ...one, spellingsLeftOut: 1 }));
  expect(text(fullRun({ arms }))).toContain('| – | 10 |\n\nAnd at least 1 more pair of step and platform.\n');
  expect(text(fullRun())).not.toContain('And at least');
});

test('how the numbers are made names the methods, and warns of ranking few iterations', () => {
  expect(text(fullRun())).toMatch(/Wilson’s, two-sided 95 %.*Clopper and Pearson.*Boschloo/);
  const few = arm('a', { signals: [signal('platform-drift', 1, 5, { expected: true })] });
  const many = { ...few, iterations: { planned: 20, valid: 20, invalid: 0 } };
  expect(text(run([few]))).toContain('should not be ranked');
  expect(text(run([many]))).not.toContain('should not be ranked');
});

test('parts without content are left out', () => {
  const shown = text(run([arm('a')]));
  expect(shown).not.toMatch(/## (Read with care|The lines|Which step|Failures|Commands)/);
  expect(shown).toContain('nothing expected, nothing seen');
});

test('every table row has as many cells as its header', () => {
  const rows = text(fullRun())
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line.startsWith('| ')))
    .filter((block) => block.length > 0);
  expect(rows.length).toBeGreaterThan(2);
  for (const block of rows) expect(new Set(block.map((row) => row.split('|').length)).size).toBe(1);
});

test('a simulated run begins with the banner, a real one has none', () => {
  const { builder } = fullRun();
  expect(text(fullRun({ builder: { ...builder, simulated: true } }))).toMatch(
    new RegExp(`^\\*\\*${simulatedBanner}\\*\\*\n`),
  );
  expect(text(fullRun())).not.toContain('SIMULATED');
});

describe('hostile text', () => {
  const evil =
    '</details>\n```\n# @ada #5 |`` <script> [x](javascript:1) \u001b[31m\u202e https://evil.example';
  const result = fullRun({
    scenario: evil,
    title: evil,
    directory: evil,
    again: evil,
    warnings: [evil],
    stopped: evil,
    reports: [evil],
    toolVersion: evil,
    startedAt: evil,
    builder: { kind: evil, name: evil, version: evil, daemonVersion: evil, simulated: false },
    environment: {
      ...fullRun().environment,
      os: evil,
      kernel: evil,
      arch: evil,
      cpuModel: evil,
      node: evil,
      versionOutput: [{ command: evil, output: `${evil}\n\`\`\`\`\`` }],
    },
    arms: fullRun().arms.map((one) => ({
      ...one,
      name: `${one.name} ${evil}`,
      title: evil,
      of: one.of === null ? null : `${one.of} ${evil}`,
      skipped: one.skipped === null ? null : evil,
      invalidReasons: [{ reason: evil, count: 1 }],
      command: ['buildctl', evil],
      spellings: [{ stage: evil, instruction: evil, platform: evil, builds: 1 }],
      signals: one.signals.map((s) => ({
        ...s,
        blindReasons: [{ reason: evil, count: 1 }],
        examples: [
          { ...driftExample, lane: evil, message: evil, file: evil, evidence: [{ line: 1, text: evil }] },
        ],
      })),
    })),
    failures: fullRun().failures.map((one) => ({
      ...one,
      text: evil,
      arms: [evil],
      example: { ...one.example, file: evil },
    })),
  });

  test('stays in code, and reaches no markup', () => {
    const shown = text(result);
    expect(shown).toContain('@ada');
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const outside = markup(shown);
    expect(outside).not.toMatch(/@ada|#5|<script>|\]\(javascript|https:\/\/evil/);
    expect(outside.match(/<\/details>/g)).toHaveLength(2);
    expect(outside.match(/<details>/g)).toHaveLength(2);
    expect(outside.match(/^# /gm)).toHaveLength(1);
  });

  test('breaks no table', () => {
    for (const block of text(result).split('\n\n')) {
      const rows = block.split('\n').filter((line) => line.startsWith('| '));
      expect(new Set(rows.map((row) => row.split('|').length)).size).toBeLessThanOrEqual(1);
    }
  });
});

describe('length', () => {
  const lots = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ command: `version ${i}`, output: 'x\n'.repeat(2000) }));

  test('a long output is shown by its head and its tail', () => {
    const output = Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n');
    const shown = text(
      fullRun({ environment: { ...fullRun().environment, versionOutput: [{ command: 'x', output }] } }),
    );
    expect(shown).toContain('line 29\n… 440 lines …\nline 470');
    expect(shown).not.toContain('line 30\n');
  });

  test('an issue can hold it: the least needed parts go first, and are named', () => {
    const result = fullRun({ environment: { ...fullRun().environment, versionOutput: lots(2000) } });
    const shown = text(result);
    expect(shown.length).toBeLessThanOrEqual(60_000);
    expect(shown).toContain('Left out, to stay within what an issue can hold');
    expect(shown).toContain('platform-drift` was reproduced');
    expect(shown).toContain('## Run it again');
    expect(shown).not.toContain('version 1999');
  });
});
