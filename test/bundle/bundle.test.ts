import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bundleAnswer, bundleText } from '../../src/bundle/answer.js';
import { bundleOf } from '../../src/bundle/bundle.js';
import { withoutPlaces } from '../../src/bundle/without-places.js';
import { maxTextLength } from '../../src/progress/timeline.js';
import type { RunDetail } from '../../src/results/detail.js';
import type { LogText } from '../../src/results/log-text.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../reports/sample-detail.js';
import { samplePlan } from '../results/sample-run.js';

const top = samplePlan().run;
const unpacked = (detail: RunDetail, limit?: number): Record<string, string> => {
  const { zip } = bundleOf(detail, { upstream: null, ...(limit === undefined ? {} : { limit }) });
  return Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));
};
const logsIn = (files: Record<string, string>): string[] =>
  Object.keys(files)
    .filter((name) => /^[^/]+\/(?:iterations|daemons)\//.test(name))
    .map((name) => name.slice(top.length + 1));

describe('a bundle', () => {
  it('holds one folder named after the run, its README first', () => {
    const files = unpacked(sampleDetail());
    expect(Object.keys(files)[0]).toBe(`${top}/README.md`);
    expect(Object.keys(files).every((name) => name.startsWith(`${top}/`))).toBe(true);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(
        ['report.html', 'report.md', 'result.json', 'plan.json', 'environment.json'].map(
          (name) => `${top}/${name}`,
        ),
      ),
    );
    expect(JSON.parse(files[`${top}/plan.json`] ?? '')).toEqual(sampleDetail().plan);
  });

  it('names logs as the run does, so that reports cite files that are there', () => {
    const files = unpacked(sampleDetail());
    expect(logsIn(files)).toEqual([
      'iterations/main/0001/a.stderr',
      'iterations/main/0001/b.stderr',
      'iterations/plain/0001/a.stderr',
      'iterations/plain/0001/b.stderr',
    ]);
    expect(files[`${top}/iterations/main/0001/a.stderr`]).toMatch(/^#1 \[builder 1\/3\] RUN echo 1\n/);
  });

  it('holds what was kept of a lane that hung, redacted and cut like any log, and says what it is', () => {
    const at = 'iterations/main/0001/a';
    const hung = laneDetail('a', {
      kept: [
        logText(['Processes of lane a', '1 buildctl'], `${at}.processes.txt`),
        logText(
          Array.from({ length: 50_000 }, (_, i) => `goroutine ${i} ${Math.sin(i)}`),
          `${at}.goroutines.txt`,
        ),
      ],
    });
    const kept = { processes: `${at}.processes.txt`, goroutines: `${at}.goroutines.txt`, ownDaemon: true };
    const detail = sampleDetail({
      iterations: [
        iterationDetail({
          lanes: [hung, laneDetail('b')],
          findings: [finding({ lane: 'a', signal: 'hang', kept })],
        }),
      ],
    });
    const files = unpacked(detail, 400_000);
    expect(logsIn(files)).toEqual(
      expect.arrayContaining([`${at}.stderr`, `${at}.processes.txt`, `${at}.goroutines.txt`]),
    );
    expect(files[`${top}/${at}.processes.txt`]).toBe('Processes of lane a\n1 buildctl\n');
    expect(files[`${top}/${at}.goroutines.txt`]).toMatch(/^\[buildrace: [\d,]+ lines left out here/m);
    const readme = files[`${top}/README.md`] ?? '';
    expect(readme).toContain('`.goroutines.txt`');
    expect(readme).toMatch(/a\.goroutines\.txt`: [\d,]+ lines/);
    const page = unpacked(detail)[`${top}/report.html`] ?? '';
    expect(page).toContain('kept at the time limit');
    expect(page).toContain('lane a at its time limit: a.processes.txt');
    for (const [, id] of page.matchAll(/href="#([^"]+-k\d)"/g)) expect(page).toContain(`id="${id}"`);
    expect(page.match(/href="#[^"]+-k\d"/g)).toHaveLength(2);
  });

  it('holds all iterations that show something, and of each arm one that does not', () => {
    const shows = (iteration: number) => iterationDetail({ iteration, findings: [finding()] });
    const clean = (iteration: number, arm = 'main') => iterationDetail({ iteration, arm });
    const files = unpacked(
      sampleDetail({
        iterations: [clean(1), clean(2), shows(3), clean(4), shows(5), clean(1, 'plain'), clean(2, 'plain')],
        firstFailing: { arm: 'main', iteration: 3 },
        clean: { arm: 'plain', iteration: 2 },
        omitted: 3,
      }),
    );
    const folders = new Set(logsIn(files).map((name) => name.split('/').slice(0, 3).join('/')));
    expect([...folders]).toEqual(
      ['main/0001', 'main/0003', 'main/0005', 'plain/0001', 'plain/0002'].map((one) => `iterations/${one}`),
    );
    expect(files[`${top}/README.md`]).toContain('5 more iterations are in the run directory only');
  });

  it('the same run gives the same bytes in another folder and another time zone', () => {
    const detail = sampleDetail();
    const moved = (directory: string): RunDetail =>
      withoutPlaces({ ...detail, result: { ...detail.result, directory } });
    const zipIn = (zone: string, directory: string): Buffer => {
      const before = process.env.TZ;
      process.env.TZ = zone;
      try {
        return Buffer.from(bundleOf(moved(directory), { upstream: null }).zip);
      } finally {
        if (before === undefined) delete process.env.TZ;
        else process.env.TZ = before;
      }
    };
    const here = zipIn('UTC', '/home/me/results/run');
    expect(zipIn('Pacific/Kiritimati', '/srv/elsewhere/run').equals(here)).toBe(true);
    expect(zipIn('America/Adak', '/home/me/results/run').equals(here)).toBe(true);
  });

  it('nothing in it says where the run lay', () => {
    const directory = '/home/someone/private/results/run';
    const detail = sampleDetail();
    const files = unpacked(
      withoutPlaces({
        ...detail,
        result: {
          ...detail.result,
          directory,
          warnings: [`the log ${directory}/x is a link out of ${directory}`],
        },
        environment: {
          ...detail.environment,
          scenario: { ...detail.environment.scenario, file: '/home/someone/private/scenario.yaml' },
        },
        iterations: [iterationDetail({ invalid: `a link that leads out of ${directory}` })],
      }),
    );
    for (const text of Object.values(files)) expect(text).not.toContain('/home/someone');
  });

  it('names that redaction or a stranger made lead nowhere else', () => {
    const detail = sampleDetail();
    const evil = '../../etc/[redacted]';
    const files = unpacked({
      ...detail,
      plan: { ...detail.plan, run: '../../../tmp/evil' },
      iterations: [
        iterationDetail({ arm: evil, findings: [finding()] }),
        iterationDetail({ arm: `..${evil}`, findings: [finding()] }),
        iterationDetail({ arm: 'con', findings: [finding()], lanes: [laneDetail('nul')] }),
      ],
      daemons: [
        { name: '../../evil', log: logText(['x']) },
        { name: '/evil', log: logText(['y']) },
      ],
    });
    expect(Object.keys(files).filter((name) => /\/(?:iterations|daemons)\//.test(name))).toEqual(
      [
        'iterations/etc-redacted-/0001/a.stderr',
        'iterations/etc-redacted-/0001/b.stderr',
        'iterations/etc-redacted-/0001/a-2.stderr',
        'iterations/etc-redacted-/0001/b-2.stderr',
        'iterations/con_/0001/nul_.stderr',
        'daemons/evil.log',
        'daemons/evil-2.log',
      ].map((name) => `tmp-evil/${name}`),
    );
  });

  it('README says what is in it, what was cut, and what was redacted', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${Math.imul(i, 2_654_435_761) >>> 0}`);
    const detail = sampleDetail({
      iterations: [
        iterationDetail({
          findings: [finding()],
          lanes: [laneDetail('a', { log: logText(lines) }), laneDetail('b')],
        }),
      ],
      redactions: [{ kind: 'token', count: 3 }],
    });
    const { zip, cut } = bundleOf(detail, { upstream: null, limit: 150_000 });
    expect(zip.length).toBeLessThanOrEqual(150_000);
    const readme = strFromU8(unzipSync(zip)[`${top}/README.md`] ?? new Uint8Array());
    expect(cut).toHaveLength(1);
    expect(readme).toMatch(/- `iterations\/main\/0001\/a\.stderr`: \d+,\d{3} lines, about \d+\.\d kB\n/);
    expect(readme).toContain('token 3×');
    expect(readme).toMatch(
      /^# `chaos-1506`: reproduced\n\n`platform-drift` was reproduced in 5 of 5 iterations/,
    );
    expect(readme).toContain('`iterations/main/0001/` shows `platform-drift`');
    expect(readme).toContain('```sh\nbuildrace run');
  });

  it('README of a run in which nothing finished says so', () => {
    const files = unpacked(sampleDetail({ iterations: [], firstFailing: null, clean: null }));
    expect(files[`${top}/README.md`]).toContain('The run has no finished iteration.');
    expect(logsIn(files)).toEqual([]);
  });

  describe('README says what logs lack', () => {
    const leftOut = (more: Partial<RunDetail>): string => {
      const readme = unpacked(sampleDetail(more))[`${top}/README.md`] ?? '';
      return /## What was left out\n\n([\s\S]*?)\n\n## /.exec(readme)?.[1] ?? '';
    };
    const whole = 'Nothing: these logs are whole.';
    const unread: LogText = { files: [], lines: 0, bytes: 0, pieces: [] };

    it('nothing, where all of them are there', () => {
      expect(leftOut({})).toBe(whole);
      const silent = laneDetail('a', { log: logText([]) });
      expect(leftOut({ iterations: [iterationDetail({ lanes: [silent] })] })).toBe(whole);
    });

    it('a run in which nothing finished has none, and no folder of them', () => {
      const nothing = { iterations: [], firstFailing: null, clean: null };
      expect(leftOut(nothing)).toBe('There are no logs of builds: the run has no finished iteration.');
      const listed = (more: Partial<RunDetail>) => unpacked(sampleDetail(more))[`${top}/README.md`];
      const withDaemon = listed({ ...nothing, daemons: [{ name: 'd', log: logText(['x']) }] });
      expect(withDaemon).toContain('- `daemons/`');
      expect(withDaemon).not.toContain('- `iterations/`');
      expect(listed({})).toContain('- `iterations/`');
    });

    it('iterations that are in the run directory only', () => {
      expect(leftOut({ omitted: 9_800 })).toBe(
        'The logs of 9,800 of 9,802 iterations, which are in the run directory only.',
      );
    });

    it('logs that could not be read, the first of them by name', () => {
      const lanes = [laneDetail('a', { log: unread }), laneDetail('b')];
      expect(leftOut({ iterations: [iterationDetail({ lanes })] })).toBe(
        'Logs that are missing in the run directory or cannot be read:\n\n- `iterations/main/0001/a`',
      );
      const many = Array.from({ length: 25 }, (_, i) => laneDetail(`l${i}`, { log: unread }));
      const text = leftOut({ iterations: [iterationDetail({ lanes: many })] });
      expect(text).toMatch(/- `iterations\/main\/0001\/l19`\n- 5 more$/);
      // Of no log at all, there is no folder either.
      const readme = unpacked(sampleDetail({ iterations: [iterationDetail({ lanes: many })] }));
      expect(readme[`${top}/README.md`]).not.toContain('- `iterations/`');
    });

    it('lines that were shortened', () => {
      const log = (clipped: number) => ({ ...logText(['x']), clipped });
      const lanes = [laneDetail('a', { log: log(1) }), laneDetail('b')];
      expect(leftOut({ iterations: [iterationDetail({ lanes })] })).toBe(
        'The ends of 1 line, behind 4,096 characters: `…` stands for it.',
      );
      expect(
        leftOut({
          iterations: [iterationDetail({ lanes })],
          daemons: [{ name: 'daemon-1', log: log(1_999) }],
        }),
      ).toBe('The ends of 2,000 lines, behind 4,096 characters: `…` stands for them.');
      expect(maxTextLength).toBe(4096);
    });
  });

  it('README of a part of a plan says which part', () => {
    const detail = sampleDetail();
    const readmeOf = (result: RunDetail['result']) => unpacked({ ...detail, result })[`${top}/README.md`];
    expect(readmeOf({ ...detail.result, shard: { index: 1, of: 2 } })?.split('\n## ')[0]).toContain(
      '\n\nPart 1 of 2 of a plan.\n',
    );
    expect(readmeOf(detail.result)).not.toContain('of a plan');
  });

  it('README calls the script where its sentences say that it is', () => {
    const detail = sampleDetail();
    const { environment } = detail;
    const dockerfile = { path: 'Dockerfile', sha256: '', content: 'FROM a\n', encoding: 'utf8' } as const;
    const scenario = { ...environment.scenario, files: [dockerfile] };
    const files = unpacked({ ...detail, environment: { ...environment, scenario } });
    expect(files[`${top}/reproduce/reproduce.sh`]).toContain('#!/bin/sh');
    const readme = files[`${top}/README.md`];
    expect(readme).toContain('```sh\ncd reproduce && sh reproduce.sh\n```');
    expect(readme).not.toContain('sh reproduce/reproduce.sh');
  });

  it('a simulated run says so first', () => {
    const detail = sampleDetail();
    const files = unpacked({
      ...detail,
      result: { ...detail.result, builder: { ...detail.result.builder, simulated: true } },
    });
    expect(files[`${top}/README.md`]).toMatch(/^\*\*SIMULATED BUILDER/);
  });
});

describe('the answer', () => {
  const bundle = bundleOf(sampleDetail({ redactions: [{ kind: 'token', count: 2 }] }), { upstream: null });

  it('as a document names every file and its size', () => {
    const { file, bytes, entries, schemaVersion } = bundleAnswer(bundle, '/x/run.zip');
    expect({ file, bytes, schemaVersion }).toEqual({
      file: '/x/run.zip',
      bytes: bundle.zip.length,
      schemaVersion: 1,
    });
    const sizes = Object.entries(unzipSync(bundle.zip)).map(([name, { length }]) => ({
      name,
      bytes: length,
    }));
    expect(entries).toEqual(sizes);
  });

  it('as text fits 80 columns and names the file whole', () => {
    const text = bundleText(bundle, `${top}.zip`);
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(text.split('\n')[0]).toBe(`${top}.zip`);
    expect(text).toContain('token 2×');
  });
});
