import { describe, expect, it } from 'vitest';
import { type RedactionOptions, redactDetail } from '../../src/redaction/redact.js';
import { Redactor } from '../../src/redaction/redactor.js';
import type { RunDetail } from '../../src/results/detail.js';
import {
  finding,
  iterationDetail,
  laneDetail,
  logText,
  sampleDetail,
  timedStep,
} from '../reports/sample-detail.js';
import {
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  sampleEnvironment,
  samplePlan,
} from '../results/sample-run.js';
import { named, planted, privateKeyLines, random } from './planted.js';

const options: RedactionOptions = {
  redact: [],
  keep: [],
  environment: {},
  user: { name: 'adalove', home: '/home/adalove', host: 'adas-laptop.acme.example' },
};

/** Details that hold a text in every place that a log, a scenario or a user can fill. */
function holding(text: string, more: Partial<Record<string, string>> = {}): RunDetail {
  const line = text.replaceAll('\n', ' ');
  const build = { ...plannedBuild, buildArgs: { LABEL: text, ...more }, tags: [`app:${line}`] };
  const lane = plannedLane('a', { build });
  const step = timedStep(1, {
    name: `[a 1/2] RUN ${line}`,
    text: `RUN ${line}`,
    error: `exit code: ${line}`,
    stage: line,
  });
  const record = laneRecord('a', {
    command: ['buildctl', 'build', '--opt', `build-arg:LABEL=${text}`],
    env: { LABEL: text },
  });
  const data = Buffer.from(`says ${line}\n`).toString('base64');
  const log = logText(['#1 [a 1/2] RUN x', `#1 0.123 ${line}`, `{"logs":[{"vertex":"x","data":"${data}"}]}`]);
  const base = sampleDetail();
  const arm = plannedArm({ title: line, steps: [{ step: 'build', together: true, lanes: [lane] }] });
  return {
    ...base,
    result: {
      ...base.result,
      warnings: [text],
      again: `buildrace run x --${line}`,
      stopped: line,
      title: line,
      failures: [
        {
          text: line,
          builds: 1,
          arms: ['main'],
          example: { arm: 'main', iteration: 1, lane: 'a', file: `${line}.stderr`, line: 1, text: line },
        },
      ],
    },
    plan: samplePlan({ again: `buildrace run ${line}`, arms: [arm] }),
    environment: {
      ...sampleEnvironment(),
      versionOutput: [{ command: `x ${line}`, output: text }],
      scenario: {
        file: `/srv/${line}.yaml`,
        text: `title: ${text}\n`,
        files: [
          {
            path: `files/${line}`,
            sha256: 'abc',
            content: `FROM alpine:3.20\nRUN ${line}\n`,
            encoding: 'utf8',
          },
          {
            path: 'b',
            sha256: 'abd',
            content: Buffer.from(`\xff\xfe${text}\xff`, 'latin1').toString('base64'),
            encoding: 'base64',
          },
        ],
      },
    },
    iterations: [
      iterationDetail({
        findings: [finding({ message: `saw ${line}`, evidence: [{ line: 2, text: `#1 0.123 ${line}` }] })],
        lanes: [laneDetail('a', { record, steps: [step], log, error: { line: 3, text: `error: ${line}` } })],
        daemonLog: logText([`level=error msg="${line}"`], 'd.log'),
        builderGone: line,
        invalid: line,
      }),
    ],
    daemons: [{ name: 'daemon-1', log: logText([line], 'e.log') }],
    redactions: null,
  };
}

/** All that a report can show of the details, with base64 and URLs read too. */
function shown(detail: RunDetail): string {
  const text = JSON.stringify(detail);
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)].map(([one]) =>
    Buffer.from(one, 'base64').toString('latin1'),
  );
  return [
    text,
    ...decoded,
    text.replace(/%([0-9A-F]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
  ].join('\n');
}

/** The halves of a secret, and its base64. */
function remainsOf(secret: string): string[] {
  const middle = Math.floor(secret.length / 2);
  return [
    secret,
    secret.slice(0, middle),
    secret.slice(middle),
    Buffer.from(secret).toString('base64').slice(0, 12),
    encodeURIComponent(secret),
  ].filter((one) => one.length >= 8 && !/^(?:registry|ghp_|grace)$/.test(one));
}

function expectGone(detail: RunDetail, secret: string): void {
  const text = shown(detail);
  for (const one of remainsOf(secret)) expect(text.includes(one) ? one : null).toBeNull();
}

describe('secrets that are told by themselves', () => {
  it.each(planted)('a $kind is taken out wherever it stands', async ({ value }) => {
    const redacted = await redactDetail(
      holding(`x ${value.includes('registry') ? `${value}:5000/app` : value} y`),
      options,
    );
    expectGone(redacted, value);
    expect(redacted.redactions?.length).toBeGreaterThan(0);
    expect(redacted.redactions?.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(20);
  });

  it.each(planted)('a $kind has one placeholder in all places', async ({ value }) => {
    const redacted = await redactDetail(
      holding(`x ${value.includes('registry') ? `${value}:5000/app` : value} y`),
      options,
    );
    const names = new Set(JSON.stringify(redacted).match(/REDACTED-[a-z-]+-\d+/g));
    expect([...names]).toHaveLength(1);
  });
});

describe('secrets that are told by their names', () => {
  it.each(named)('$name', async ({ text }) => {
    const secret = random(18, 30);
    const redacted = await redactDetail(holding(text(secret)), options);
    expectGone(redacted, secret);
  });

  it.each(named)('$name: what it holds goes where nothing names it too', async ({ text }) => {
    const secret = random(18, 31);
    const detail = sampleDetail({
      daemons: [
        { name: 'a', log: logText([text(secret)], 'a.log') },
        {
          name: 'b',
          log: logText(
            [
              `plain ${secret} here`,
              `%7B${encodeURIComponent(secret)}`,
              Buffer.from(`ab${secret}cd`).toString('base64'),
            ],
            'b.log',
          ),
        },
      ],
    });
    expectGone(await redactDetail(detail, options), secret);
  });

  it('values of the environment, of build arguments and of options go everywhere', async () => {
    const [own, argument, option] = [random(12, 3), 'correct horse battery', random(14, 5)];
    const base = holding(`a ${own} b ${argument} c ${option} d`, { DB_PASSWORD: argument });
    const detail = {
      ...base,
      iterations: base.iterations.map((one) => ({
        ...one,
        lanes: one.lanes.map((lane) => ({
          ...lane,
          record: { ...lane.record, command: ['x', '--registry-token', option] },
        })),
      })),
    };
    const redacted = await redactDetail(detail, { ...options, environment: { DEPLOY_TOKEN: own } });
    for (const secret of [own, argument, option]) expectGone(redacted, secret);
  });

  it('a word as a password goes in its place, and stays elsewhere', async () => {
    const redactor = await Redactor.from(sampleDetail(), options);
    expect(redactor.text('POSTGRES_PASSWORD=postgres docker.io/library/postgres:16')).toBe(
      'POSTGRES_PASSWORD=REDACTED-secret-1 docker.io/library/postgres:16',
    );
  });

  it('an environment value that looks like a secret goes, whatever its name', async () => {
    const value = random(40, 7);
    const redacted = await redactDetail(holding(`x ${value} y`), { ...options, environment: { FOO: value } });
    expectGone(redacted, value);
  });
});

describe('private keys', () => {
  it.each([
    ['whole', privateKeyLines],
    ['without its end', privateKeyLines.slice(0, 5)],
    ['without its beginning', privateKeyLines.slice(3)],
  ])('a key %s', async (_, lines) => {
    const mixed = lines.flatMap((line, i) =>
      i === 2 ? ['#8 0.2 something else', `#7 0.1 ${line}`] : [`#7 0.1 ${line}`],
    );
    const log = logText(['#7 [a 1/2] RUN cat key', ...mixed, '#7 DONE 0.3s', '#9 [b 1/1] COPY a b']);
    const redacted = await redactDetail(sampleDetail({ daemons: [{ name: 'd', log }] }), options);
    for (const line of lines.filter((one) => !one.startsWith('-')))
      expect(JSON.stringify(redacted)).not.toContain(line.slice(0, 12));
    const left = redacted.daemons[0]?.log.pieces[0]?.lines ?? [];
    expect(left).toHaveLength(log.lines);
    expect(left).toContain('#8 0.2 something else');
    expect(left.slice(-2)).toEqual(['#7 DONE 0.3s', '#9 [b 1/1] COPY a b']);
  });

  it('a key on one line', async () => {
    const redactor = await Redactor.from(sampleDetail(), options);
    const text = redactor.text(`{"key":"${privateKeyLines.join('\\n')}","n":1}`);
    expect(text).toBe('{"key":"REDACTED-private-key-1","n":1}');
  });
});

describe('the first line of a private key', () => {
  it.each([
    (key: string) => `SSH_PRIVATE_KEY=${key}`,
    (key: string) => `PRIVATE_KEY: ${key}`,
    (key: string) => `key-secret ${key}`,
  ])('goes as a whole beside a name that says secret: %s', async (named) => {
    const first = privateKeyLines[0] ?? '';
    const detail = sampleDetail({ daemons: [{ name: 'd', log: logText([named(first), first]) }] });
    const redacted = await redactDetail(detail, { ...options, environment: { A_SECRET: first } });
    expect(JSON.stringify(redacted.daemons)).not.toMatch(/BEGIN|RSA|KEY-----/);
  });
});

describe('names', () => {
  it.each([
    ['/home/adalove/src/app', '~/src/app'],
    ['/Users/grace/Library', '~/Library'],
    ['C:\\Users\\grace\\app', '~\\app'],
    ['WORKDIR /home/node/app', 'WORKDIR /home/node/app'],
    ['by adalove at adas-laptop', 'by REDACTED-user-1 at REDACTED-host-1'],
    ['ADAS-LAPTOP.acme.example up', 'REDACTED-host-1 up'],
    ['adaloveless', 'adaloveless'],
    ['FROM registry.corp.example:5000/team/app:1', 'FROM REDACTED-host-1:5000/team/app:1'],
    ['pushing to harbor:8443/app', 'pushing to REDACTED-host-1:8443/app'],
    [
      'dial tcp: lookup git.acme.example on 10.0.0.2:53: no such host',
      'dial tcp: lookup REDACTED-host-1 on REDACTED-host-2:53: no such host',
    ],
    ['git clone git@git.acme.example:team/app.git', 'git clone git@REDACTED-host-1:team/app.git'],
    ['ssh://git@git.acme.example:22/x', 'ssh://git@REDACTED-host-1:22/x'],
    ['https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/', 'https://REDACTED-host-1/v2/'],
    ['https://bot:hunter2@ghcr.io/v2/', 'https://REDACTED-login-1@ghcr.io/v2/'],
    ['https://bot:hunter2@git.acme.example/v2/', 'https://REDACTED-login-1@REDACTED-host-1/v2/'],
    ['[fd12:3456:789a::1]:5000 fe80::1', '[REDACTED-host-1]:5000 REDACTED-host-2'],
  ])('%s', async (text, expected) => {
    const redactor = await Redactor.from(sampleDetail(), options);
    expect(redactor.text(text)).toBe(expected);
  });

  it('a host that an image names goes where it stands alone', async () => {
    const detail = holding('FROM registry.corp.example/app and [auth] app:pull at registry.corp.example.');
    expect(shown(await redactDetail(detail, options))).not.toContain('corp.example');
  });

  it.each(['root', 'runner', 'main', 'builder', 'ad'])(
    '%s as a user is a word as any other',
    async (name) => {
      const redactor = await Redactor.from(sampleDetail(), {
        ...options,
        user: { name, home: `/home/${name}`, host: 'vm' },
      });
      const text = `main of ad by runner and root: builder on vm`;
      expect(redactor.text(text)).toBe(text);
      expect(redactor.text(`/home/${name}/x`)).toBe('~/x');
    },
  );
});
