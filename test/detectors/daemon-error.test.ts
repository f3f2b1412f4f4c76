import { describe, expect, test } from 'vitest';
import { daemonError } from '../../src/detectors/daemon-error.js';
import type { LogLine } from '../../src/progress/timeline.js';
import { iteration, line } from './timelines.js';

const detect = (daemonLog: readonly LogLine[] | null, daemonLogHidden: string | null = null) =>
  daemonError.detect({ ...iteration([]), daemonLog, daemonLogHidden });

describe('daemon-error', () => {
  test.each([
    'panic: runtime error: index out of range [81] with length 81',
    'fatal error: concurrent map writes',
    'WARNING: DATA RACE',
    'level=error msg="failed to get edge: inconsistent graph state in edge x sha256:ab 0"',
    'buildkit scheduler error: return leaving outgoing open. Please report this',
    'buildkit scheduler error: return leaving incoming open',
    'buildkit scheduler error: return leaving 2 outgoing open',
    'level=error msg="healthcheck failed fatally"',
  ])('finds: %s', (text) => {
    expect(detect([line(1, 'level=info msg="running server"'), line(2, text)])).toEqual({
      findings: [
        {
          signal: 'daemon-error',
          lane: null,
          message: `the daemon logged: ${text}`,
          evidence: [line(2, text)],
        },
      ],
      blind: [],
    });
  });

  test.each(['level=error msg="/moby.buildkit.v1.Control/Solve returned error"', 'no panic', ''])(
    'is none: %s',
    (text) => {
      expect(detect([line(1, text)])).toEqual({ findings: [], blind: [] });
    },
  );

  test('is one finding, short, with the first lines', () => {
    const lines = Array.from({ length: 9 }, (_, i) => line(i + 1, `panic: ${'x'.repeat(1000)}`));
    const [finding, ...others] = detect(lines).findings;
    expect(others).toEqual([]);
    expect(finding?.message).toMatch(/…; and 8 more$/);
    expect(finding?.message.length).toBeLessThan(250);
    expect(finding?.evidence.map((one) => one.line)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('goes through the lines one after the other, as they are read', () => {
    function* lines(): Generator<LogLine> {
      for (let i = 1; i <= 9; i++) yield line(i, i % 3 === 0 ? 'panic: x' : '');
    }
    const [finding] = daemonError.detect({ ...iteration([]), daemonLog: lines() }).findings;
    expect(finding?.message).toBe('the daemon logged: panic: x; and 2 more');
    expect(finding?.evidence.map((one) => one.line)).toEqual([3, 6, 9]);
  });

  test("applies where the daemon's log is there, and is blind without it", () => {
    expect(daemonError.appliesTo(iteration([]))).toBe(false);
    expect(daemonError.appliesTo({ ...iteration([]), daemonLog: [] })).toBe(true);
    expect(detect(null).blind).toEqual([
      { signal: 'daemon-error', lane: null, reason: "the daemon's log was not kept" },
    ]);
  });

  test('applies, and is blind, where the log that was kept cannot be looked at', () => {
    const daemonLogHidden = "the daemon's log was not read: it is too large";
    expect(daemonError.appliesTo({ ...iteration([]), daemonLogHidden })).toBe(true);
    expect(detect(null, daemonLogHidden)).toEqual({
      findings: [],
      blind: [{ signal: 'daemon-error', lane: null, reason: daemonLogHidden }],
    });
  });

  test('is blind in a log that was cut, but for what is there', () => {
    const reason = "the daemon's log was cut: lines were left out of its middle";
    const quiet = line(1, 'level=info msg="running server"');
    expect(detect([quiet], reason)).toEqual({
      findings: [],
      blind: [{ signal: 'daemon-error', lane: null, reason }],
    });
    const found = detect([quiet, line(2, 'panic: x')], reason);
    expect(found.blind).toEqual([]);
    expect(found.findings).toHaveLength(1);
  });
});
