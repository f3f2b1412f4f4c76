import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { readDetails } from '../../src/details/read-details.js';
import { redactDetail } from '../../src/redaction/redact.js';
import { issueReport } from '../../src/reports/issue/issue.js';
import { junitReport } from '../../src/reports/junit.js';
import { markdownReport } from '../../src/reports/markdown.js';
import { timelineText } from '../../src/reports/show-timeline.js';
import { renderTable } from '../../src/reports/table.js';
import { iterationFinished, laneRecord, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { logOf, scratch, writeLog } from './stored-run.js';

const limits = { iterations: 60, lanes: 480, logCharacters: 1_000_000 };
const plan = samplePlan({
  arms: [plannedArm({ iterations: 1, expects: ['hang'] })],
  signals: ['hang'],
});
const at = 'iterations/main/0001/a.processes.txt';

/** A run of one iteration, both of whose lanes hung. */
async function hungRun(): Promise<string> {
  const directory = path.join(scratch(), 'run');
  const hung = { exitCode: null, signal: 'SIGTERM', timedOut: true, endMs: plan.timeoutMs } as const;
  const lanes = ['a', 'b'].map((name) => laneRecord(name, hung));
  await writeRun(directory, { plan, events: [iterationFinished({ lanes })] });
  for (const lane of ['a', 'b']) writeLog(directory, 'main', 1, lane, logOf('clean'));
  mkdirSync(path.join(directory, 'iterations/main/0001'), { recursive: true });
  writeFileSync(
    path.join(directory, at),
    'Processes of lane a\n1 buildctl --opt build-arg:TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\n',
  );
  return directory;
}

test('what was kept of a lane that hung is read as a log, and redacted', async () => {
  const detail = await readDetails(await hungRun(), limits);
  const [a, b] = detail.iterations[0]?.lanes ?? [];
  expect(a?.kept).toMatchObject([{ files: [{ file: at, firstLine: 1 }], lines: 2 }]);
  expect(b?.kept).toBeUndefined();
  const user = { name: 'someone', home: '/home/someone', host: 'machine' };
  const redacted = await redactDetail(detail, { redact: [], keep: [], environment: {}, user });
  const lines = redacted.iterations[0]?.lanes[0]?.kept?.[0]?.pieces[0]?.lines;
  expect(lines?.[0]).toBe('Processes of lane a');
  expect(lines?.[1]).not.toContain('ghp_');
});

test('its size counts where logs are cut', async () => {
  const directory = await hungRun();
  writeFileSync(path.join(directory, at), 'goroutine\n'.repeat(100_000));
  const { iterations } = await readDetails(directory, { ...limits, logCharacters: 20_000 });
  const [kept] = iterations[0]?.lanes[0]?.kept ?? [];
  expect(kept?.lines).toBe(100_000);
  expect(kept?.pieces.flatMap(({ lines }) => lines).length).toBeLessThan(2_000);
  expect(iterations[0]?.lanes[0]?.log.pieces).toHaveLength(1);
});

test('a link is not followed', async () => {
  const directory = await hungRun();
  symlinkSync('/etc/hostname', path.join(directory, 'iterations/main/0001/b.processes.txt'));
  const detail = await readDetails(directory, limits);
  expect(detail.iterations[0]?.lanes[1]?.kept).toBeUndefined();
});

test('every report says where it lies', async () => {
  const detail = await readDetails(await hungRun(), limits);
  const [iteration] = detail.iterations;
  if (iteration === undefined) throw new Error('no iteration is shown');
  const colors = createColors(false);
  const pages = {
    table: renderTable(detail.result, { width: 200, colors }),
    markdown: markdownReport.render(detail.result),
    junit: junitReport.render(detail.result),
    issue: issueReport.render(detail, { upstream: 'buildkit' }),
    show: timelineText({ plan, iteration, width: 200, colors }),
  };
  for (const [name, page] of Object.entries(pages)) {
    expect(page, name).toContain(at);
    expect(page, name).toMatch(/no goroutines, as the daemon is none of this run/);
  }
});
