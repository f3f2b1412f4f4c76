import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/redaction/redactor.js';
import { logText, sampleDetail } from '../reports/sample-detail.js';

const options = {
  redact: [],
  keep: [],
  environment: {},
  user: { name: 'adalove', home: '/home/adalove', host: 'adas-laptop' },
};
const secret = `Netrc${2024}pwXkqLm7`;
const login64 = Buffer.from(`ada:${secret}`).toString('base64');

describe('a password that no name stands in front of', () => {
  it.each([
    ['machine github.com login ada password %', '.netrc'],
    ['machine github.com login ada account x password %', '.netrc with an account'],
    ['machine github.com login ada\n#7 0.1 password %', '.netrc by lines'],
    ['//registry.npmjs.org/:_auth=%64', 'npmrc'],
    ['_auth = %64', 'npmrc with blanks'],
    ['npm config set //registry.npmjs.org/:_authToken %', 'npm config'],
    ['//registry.npmjs.org/:_authToken %', 'npmrc with a blank'],
    ['pip config set global.password %', 'pip config'],
    ['curl -sSu ada:% https://github.com/x', 'curl, flags together'],
    ['echo % | docker login -u ada --password-stdin', 'standard input'],
    ["printf '%s' % | docker login -u ada --password-stdin ghcr.io", 'printf'],
    ['AWS Secret Access Key [None]: %', 'aws configure'],
    ['GET /c/f?sv=2020-08-04&ss=b&sig=%&se=2026', 'shared access signature'],
    ['AWS4-HMAC-SHA256 Credential=x/2026, Signature=%', 'AWS signature'],
    ['http_proxy=ada:%@localhost:3128', 'proxy without a scheme'],
    ["sshpass -p '%' ssh x", 'sshpass'],
    ['sshpass -p% ssh x', 'sshpass in one word'],
    ['redis-cli -h x -a % ping', 'redis-cli'],
    ['az login --service-principal -u 0000 -p % --tenant x', 'az login'],
    ['jdbc:oracle:thin:ada/%@localhost:1521:x', 'JDBC'],
    ['<password>%</password>', 'XML'],
    ['<add key="ApiKey" value="%"/>', 'XML attributes'],
    ['<server name=\\"db.password\\" value=\\"%\\"/>', 'XML in JSON'],
    ['goto https%3A%2F%2Fada%3A%%40github.com%2Fx', 'an encoded address'],
  ])('%s (%s)', async (form, _) => {
    const line = form.replace(/%64/, login64).replace(/%(?![0-9A-F]{2}|s')/, secret);
    const lines = [...`#7 0.1 ${line}`.split('\n'), `#7 0.2 got ${secret} there`];
    const redactor = await Redactor.from(
      sampleDetail({ daemons: [{ name: 'd', log: logText(lines) }] }),
      options,
    );
    const text = redactor.text(lines.join('\n'));
    expect(text).not.toContain(secret);
    expect(text).not.toContain(login64);
    expect(text).toMatch(/got REDACTED-(?:secret|login)-\d+ there$/);
  });

  it.each([
    'echo $TOKEN | docker login -u ada --password-stdin',
    'curl -sSu $USER:$TOKEN https://github.com/x and wget -qO- https://github.com/x:y',
    'the password of ada is long',
    'password required',
    '<name>value</name> <token/> <key>a</key>',
    'git config user.name Ada',
    'redis-cli ping',
    'GET /x?sig=abc',
    'https%3A%2F%2Fgithub.com%2Fx',
  ])('%s holds none', async (line) => {
    const redactor = await Redactor.from(sampleDetail(), options);
    expect(redactor.text(line)).toBe(line);
  });
});

/** As in `redactor.test.ts`: each takes minutes if an expression looks at a text from each of its places. */
describe('a hostile text is read in one pass', () => {
  it.each([
    'echo --password-stdin ',
    'echo a|',
    'machine a login b ',
    'login a ',
    'password ',
    'password\n',
    'config set ',
    'config --a ',
    '&sig=',
    'Signature=',
    'http_proxy=a:',
    'jdbc:oracle:thin:a/',
    '<password>',
    'key="token" ',
    '%3A%2F%2F',
    '%3A%2F%2Fa%3A',
    'sshpass redis-cli -',
    'curl -',
    'az login ',
  ])(
    '%j',
    async (piece) => {
      const text = piece.repeat(Math.ceil(300_000 / piece.length));
      const redactor = await Redactor.from(sampleDetail(), options);
      expect(redactor.text(text).length).toBeGreaterThan(0);
    },
    20_000,
  );
});
