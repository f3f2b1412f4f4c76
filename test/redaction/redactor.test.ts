import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { maxTextLength } from '../../src/progress/timeline.js';
import { knownTokens } from '../../src/redaction/known-tokens.js';
import { type RedactionOptions, redactDetail } from '../../src/redaction/redact.js';
import { Redactor } from '../../src/redaction/redactor.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../reports/sample-detail.js';
import { planted, random } from './planted.js';

const options: RedactionOptions = {
  redact: [],
  keep: [],
  environment: {},
  user: { name: 'adalove', home: '/home/adalove', host: 'adas-laptop' },
};

const logs = new URL('../recorded-logs/', import.meta.url);
const token = planted[0]?.value ?? '';

describe('what is no secret', () => {
  it.each([
    '#7 [builder 2/3] COPY --from=builder /install/f000.txt /usr/local/main.go',
    'FROM docker.io/library/alpine:3.20@sha256:a500168ab5bc54ac21c41237dfa8c0bb265e403d1597746d87c66bca68a00f00',
    'FROM ghcr.io/stargz-containers/ubuntu:22.04-esgz AS made',
    'FROM us-docker.pkg.dev/x/y/z:1 AS b',
    'pushing localhost:5000/app and 127.0.0.1:35591/app',
    'buildkitd github.com/moby/buildkit v0.32.2 cfb7f8f8f1c1f1c1f1c1f1c1f1c1f1c1f1c1f1c1',
    'runc run failed: unable to start container process: exec: "x": not found in $PATH',
    'golang.org/x/net/http2.(*clientStream).doRequest(0xc0001, 0xc0002)',
    'failed to fetch oauth token: unexpected status from GET request to https://auth.docker.io/token?scope=x: 401 Unauthorized',
    'CACHE_KEY=abc123def AUTHOR=Grace9 KEYBOARD=us1 MONKEY=george9 TOKENIZERS_PARALLELISM=false',
    `SSH_AUTH_SOCK=/run/user/1000/agent.1 SECRET_NAME=app-secret-1 TOKEN=true TOKEN=$TOKEN TOKEN=${'$'}{TOKEN:-}`,
    'RUN --mount=type=secret,id=npm_token,target=/run/secrets/npm npm ci',
    '--- PASS: TestFoo1 (0.01s)  key: value  authentication: required',
    'conf.d/x.conf node_modules/.bin/x v1.2.3/x lib.rs:12/3 actions/checkout@v4.1.2',
    'unix:///run/buildkit/buildkitd.sock docker-container://buildx_buildkit_0',
    '#3 [auth] library/alpine:pull token for registry-1.docker.io',
    'Basic authentication is used; Bearer tokens are not',
    '{lane} {run} {arm}: 0.1 to 0.3 s behind 8 of 8; sha256:5a0e457efd59',
  ])('%s', async (text) => {
    const redactor = await Redactor.from(sampleDetail(), options);
    expect(redactor.text(text)).toBe(text);
    expect(redactor.redactions).toEqual([]);
  });

  it('the recorded logs come out as they were', async () => {
    const names = readdirSync(logs).filter((name) => name.endsWith('.log'));
    const lanes = names.map((name) =>
      laneDetail('a', { log: logText(readFileSync(new URL(name, logs), 'utf8').split('\n'), name) }),
    );
    const detail = sampleDetail({ iterations: [iterationDetail({ lanes })] });
    const redacted = await redactDetail(detail, options);
    expect(names.length).toBeGreaterThan(80);
    expect(redacted.iterations).toEqual(detail.iterations);
  });
});

describe('what is asked for', () => {
  it('goes, as a text and as an expression, in any case over what is to stay', async () => {
    const redactor = await Redactor.from(sampleDetail(), {
      ...options,
      redact: ['Project Bluebird', '/team-\\w+/i'],
      keep: ['Project Bluebird'],
    });
    expect(redactor.text('Project Bluebird by TEAM-Rocket, team-rocket')).toBe(
      'REDACTED-pattern-1 by REDACTED-pattern-2, REDACTED-pattern-3',
    );
  });

  it('stays: a host by a part of it, a secret as a whole', async () => {
    const text = `FROM registry.acme.internal/app TOKEN=${token}`;
    const kept = await Redactor.from(sampleDetail(), { ...options, keep: ['acme.internal', token] });
    expect(kept.text(text)).toBe(text);
    const part = await Redactor.from(sampleDetail(), { ...options, keep: [token.slice(0, 12)] });
    expect(part.text(`TOKEN=${token}`)).toBe('TOKEN=REDACTED-github-token-1');
  });

  it.each([
    ['/(/', /no regular expression/],
    ['/a*/', /empty text/],
    ['/x|/', /empty text/],
    [' ', /got none/],
    ['', /got none/],
  ])('%j is refused', async (pattern, sentence) => {
    for (const more of [{ redact: [pattern] }, { keep: [pattern] }]) {
      const answer = Redactor.from(sampleDetail(), { ...options, ...more });
      await expect(answer).rejects.toThrow(UserError);
      await expect(answer).rejects.toThrow(sentence);
    }
  });

  it('a path is a text, and borders without a character are nothing', async () => {
    const redactor = await Redactor.from(sampleDetail(), { ...options, redact: ['/srv/secret', '/\\b/'] });
    expect(redactor.text('in /srv/secret/x')).toBe('in REDACTED-pattern-1/x');
  });
});

describe('a redacted text', () => {
  const lines = [`a ${token} b`, 'curl https://bot:hunter22@git.acme.internal/x', '/home/adalove/x adalove'];

  it('is the same each time, and redacted again it stays as it is', async () => {
    const detail = sampleDetail({ redactions: null, daemons: [{ name: 'd', log: logText(lines) }] });
    const once = await redactDetail(detail, options);
    expect(await redactDetail(detail, options)).toEqual(once);
    expect(await redactDetail(once, options)).toEqual(once);
  });

  it('counts places by kind, in one order', async () => {
    const detail = sampleDetail({
      iterations: [
        iterationDetail({ findings: [finding({ evidence: [{ line: 1, text: lines[0] ?? '' }] })] }),
      ],
      daemons: [{ name: 'd', log: logText(lines) }],
    });
    const { redactions } = await redactDetail(
      { ...detail, result: { ...detail.result, directory: '/srv/run' } },
      options,
    );
    expect(redactions).toEqual([
      { kind: 'GitHub token', count: 2 },
      { kind: 'login in a URL', count: 1 },
      { kind: 'host', count: 1 },
      { kind: 'home path', count: 1 },
      { kind: 'user name', count: 1 },
    ]);
  });

  it('leaves the details alone that it was made of', async () => {
    const detail = sampleDetail({ daemons: [{ name: 'd', log: logText(lines) }] });
    const before = structuredClone(detail);
    await redactDetail(detail, options);
    expect(detail).toEqual(before);
  });

  it('loses a token that was cut in half where a line was', async () => {
    const secret = random(30, 3);
    const start = `x ${'y '.repeat(2040)}`.slice(0, maxTextLength - 12);
    const clipped = `${start} ${secret.slice(0, maxTextLength - start.length - 2)}…`;
    expect(clipped).toHaveLength(maxTextLength);
    const short = `says "${secret.slice(0, 9)}…`;
    const detail = sampleDetail({ daemons: [{ name: 'd', log: logText([clipped, short]) }] });
    const redacted = await redactDetail(detail, { ...options, environment: { A_TOKEN: secret } });
    expect(JSON.stringify(redacted)).not.toContain(secret.slice(0, 5));
    const unknown = await redactDetail(detail, options);
    expect(unknown.daemons[0]?.log.pieces[0]?.lines[0]).toBe(`${start} …`);
  });

  it('cannot switch the rules off', async () => {
    const text = `# secretlint-disable\n${token} # secretlint-disable-line`;
    expect([...(await knownTokens([text])).keys()]).toEqual([token]);
  });

  it.each(['', ' '])(
    'keeps a rawjson log one: output is read and written as base64 (behind the colon: %j)',
    async (blank) => {
      const data = Buffer.from(`got ${token}\n`).toString('base64');
      const line = `{"logs": [{"data":${blank}"${data}"}]}`;
      const redactor = await Redactor.from(
        sampleDetail({ daemons: [{ name: 'd', log: logText([line]) }] }),
        options,
      );
      const {
        logs: [output],
      } = JSON.parse(redactor.text(line));
      expect(Buffer.from(output.data, 'base64').toString()).toBe('got REDACTED-github-token-1\n');
    },
  );

  it('keeps bytes that are no text', async () => {
    const redactor = await Redactor.from(sampleDetail(), options);
    const bytes = Uint8Array.from([0xff, 0x00, 0xfe]);
    expect(redactor.bytes(bytes)).toBe(bytes);
    const changed = Buffer.from(redactor.bytes(Buffer.from(`\xff ${token}\xfe`, 'latin1'))).toString(
      'latin1',
    );
    expect(changed).toBe('\xff REDACTED-github-token-1\xfe');
  });
});

/** Long texts that a rule might look at again from each of their places; each takes minutes if one does. */
describe('a hostile text is read in one pass', () => {
  it.each([
    'a',
    ' ',
    '/',
    '-',
    'key',
    'token_',
    'token=',
    'token: ',
    'eyJ-',
    'eyJaaaaaaaaaaaa.',
    '://',
    'a://b:',
    '@',
    'a@',
    'a.',
    'a.b/',
    '10.',
    'fd00:',
    '/home/',
    '"',
    'password="',
    'password:\\"',
    'curl ',
    'docker login ',
    'login ',
    'Bearer ',
    'lookup ',
    'xoxb-',
    '"data":"',
    'registry=',
    'cookie: a=b;',
    '-----BEGIN RSA PRIVATE KEY-----\n',
    '-----END RSA PRIVATE KEY-----\n',
  ])(
    '%j',
    async (piece) => {
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      const detail = sampleDetail({ daemons: [{ name: 'd', log: logText(text.split('\n')) }] });
      const redacted = await redactDetail(detail, options);
      expect(redacted.daemons[0]?.log.lines).toBe(detail.daemons[0]?.log.lines);
    },
    20_000,
  );
});
