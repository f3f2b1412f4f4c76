import { describe, expect, it } from 'vitest';
import { type RedactionOptions, redactDetail } from '../../src/redaction/redact.js';
import type { RunDetail } from '../../src/results/detail.js';
import { iterationDetail, laneDetail, logText, sampleDetail } from '../reports/sample-detail.js';
import { laneRecord, plannedArm, plannedBuild, plannedLane, samplePlan } from '../results/sample-run.js';

const options: RedactionOptions = {
  redact: [],
  keep: [],
  environment: {},
  user: { name: 'adalove', home: '/home/adalove', host: 'adas-laptop' },
};

const hex = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** A run whose build has an argument, and whose step prints lines. */
function printing(buildArgs: Record<string, string>, lines: readonly string[]): RunDetail {
  const lane = plannedLane('warmup', { build: { ...plannedBuild, buildArgs, tags: ['shop/checkout:1'] } });
  const command = Object.entries(buildArgs).flatMap(([name, value]) => [
    '--opt',
    `build-arg:${name}=${value}`,
  ]);
  return sampleDetail({
    plan: samplePlan({ arms: [plannedArm({ steps: [{ step: 'build', together: true, lanes: [lane] }] })] }),
    iterations: [
      iterationDetail({
        lanes: [laneDetail('warmup', { record: laneRecord('warmup', { command }), log: logText(lines) })],
      }),
    ],
  });
}

async function linesOf(
  detail: RunDetail,
  environment: RedactionOptions['environment'] = {},
): Promise<readonly string[]> {
  const { iterations } = await redactDetail(detail, { ...options, environment });
  return iterations[0]?.lanes[0]?.log.pieces[0]?.lines ?? [];
}

const values = [
  hex,
  'correcthorse',
  '98765432109876',
  'Tr0ub',
  '/S3cretPassAB12',
  'v1.2.3-s3cr3tPassphraseXYZ',
  'wombatkangaroo',
  '1234567',
];

describe('a word of many names that say secret', () => {
  const wordOf = (names: number): string => `${'token:'.repeat(names)}x`;

  it('keeps what names no value, as long as somebody may have written it', async () => {
    expect(await linesOf(printing({}, [`#7 0.1 ${wordOf(20)} y`]))).toEqual([`#7 0.1 ${wordOf(20)} y`]);
    const lines = [`#7 0.1 ${wordOf(15)} ${wordOf(15)}`];
    expect(await linesOf(printing({}, lines))).toEqual(lines);
  });

  it('is taken out from there on where nobody would, so that none of it is looked at again and again', async () => {
    const [line = ''] = await linesOf(printing({}, [`#7 0.1 ${wordOf(500)} y`]));
    expect(line).toMatch(/^#7 0\.1 (?:token:){20}tokenREDACTED-secret-1 y$/);
  });
});

describe('the value of a name that says secret is taken out where a step prints it', () => {
  const printed = (value: string): string[] => [
    `#7 0.1 connecting with ${value}.`,
    `#7 0.2 "\\n${value}" ok`,
  ];

  it.each(values)('of a build argument: %s', async (value) => {
    const detail = printing({ DB_PASSWORD: value }, printed(value));
    expect(JSON.stringify(await redactDetail(detail, options))).not.toContain(value);
    expect(await linesOf(detail)).toEqual([
      '#7 0.1 connecting with REDACTED-secret-1.',
      '#7 0.2 "\\nREDACTED-secret-1" ok',
    ]);
  });

  it.each(values)('of the environment: %s', async (value) => {
    const lines = await linesOf(printing({}, printed(value)), { Q_PASSWORD: value });
    expect(lines.join('\n')).not.toContain(value);
  });

  it.each(values)('of a line of the log: %s', async (value) => {
    const lines = await linesOf(printing({}, [`#7 0.1 SESSION_SECRET=${value}`, ...printed(value)]));
    expect(lines.join('\n')).not.toContain(value);
  });

  it('a short one as a word, and not as a part of others', async () => {
    const lines = ['saw Tr0ub_le and Tr0uble', 'correcthorses xcorrecthorse 01234567 1234567'];
    const detail = printing({ A_KEY_SECRET: 'Tr0ub', B_SECRET: 'correcthorse', C_SECRET: '1234567' }, lines);
    expect(await linesOf(detail)).toEqual([
      expect.stringMatching(/^saw REDACTED-secret-\d_le and Tr0uble$/),
      expect.stringMatching(/^correcthorses xcorrecthorse 01234567 REDACTED-secret-\d$/),
    ]);
  });
});

describe('the value of such a name stays where it stands alone', () => {
  it.each([
    ['an image', 'alpine:3.20', 'FROM alpine:3.20'],
    ['a lane', 'warmup', 'lane warmup ended'],
    ['a tag of the plan', 'checkout', 'naming to docker.io/shop/checkout:1'],
    ['an image of a log', 'wildduck', 'load metadata for docker.io/library/wildduck:4, wildduck'],
    ['a digest', hex, `FROM alpine@sha256:${hex}`],
    ['a platform', 'linux/arm64', '[linux/arm64 1/2] RUN x'],
    ['a version', '1.27.3-alpine', 'nginx 1.27.3-alpine'],
    ['a path', '/run/secrets/token', 'reading /run/secrets/token'],
    ['an address of everybody', 'https://auth.docker.io/token', 'GET https://auth.docker.io/token: 401'],
    ['a word', 'production', 'mode production'],
    ['a few characters', 'a1b2', 'at a1b2'],
    ['a small number', '8080', 'port 8080'],
  ])('%s', async (_, value, line) => {
    expect(await linesOf(printing({ DB_PASSWORD: value }, [line]))).toEqual([line]);
  });

  it.each([
    ['TOKEN_IMAGE', 'alpine:3.20'],
    ['AUTH_MODE', 'tokenless'],
    ['TOKEN_URL', 'https://auth.docker.io/token'],
    ['PASSWORD_FILE', '/run/secrets/pw'],
    ['SECRET_NAME', 'checkout-db'],
    ['API_KEY_ID', 'checkout-key-7'],
    ['TOKEN_REGISTRY', 'ghcr.io/shop'],
  ])('%s says something about a secret, and holds none', async (name, value) => {
    const lines = [`#7 0.1 ${name}=${value}`, `FROM ${value}`];
    const detail = printing({ [name]: value }, lines);
    const redacted = await redactDetail(detail, options);
    expect(redacted.iterations).toEqual(detail.iterations);
    expect(redacted.plan).toEqual(detail.plan);
  });
});
