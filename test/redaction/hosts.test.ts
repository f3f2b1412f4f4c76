import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/redaction/redactor.js';
import { logText, sampleDetail } from '../reports/sample-detail.js';

const options = {
  redact: [],
  keep: [],
  environment: {},
  user: { name: 'grace', home: '/home/grace', host: 'vm' },
};

async function redacted(text: string): Promise<string> {
  const detail = sampleDetail({ daemons: [{ name: 'd', log: logText(text.split('\n')) }] });
  return (await Redactor.from(detail, options)).text(text);
}

describe('hosts and people that are taken out', () => {
  it.each([
    [
      'worker.hostname:\t\tadas-laptop\nup on adas-laptop',
      'worker.hostname:\t\tREDACTED-host-1\nup on REDACTED-host-1',
    ],
    ['copied to \\\\fileserver\\share\\x', 'copied to \\\\REDACTED-host-1\\share\\x'],
    ['FROM registry.acme.health/x/app:1', 'FROM REDACTED-host-1/x/app:1'],
    ['pushing registry.acme.bio:443/x/app:1', 'pushing REDACTED-host-1:443/x/app:1'],
    ['type=registry,ref=registry.acme.xn--p1ai/app', 'type=registry,ref=REDACTED-host-1/app'],
    ['Signed-off-by: Ada <ada45@acme.museum>', 'Signed-off-by: Ada <REDACTED-email-1>'],
    ['as=ada%40acme.com', 'as=REDACTED-email-1'],
    ['ping build04.acme.local', 'ping REDACTED-host-1'],
    ['NO_PROXY=.acme.lan,acme.corp', 'NO_PROXY=.REDACTED-host-1,REDACTED-host-2'],
    ['"auths":{"r.acme.corp":{}}', '"auths":{"REDACTED-host-1":{}}'],
    ['//npm.acme.com/:always-auth=true', '//REDACTED-host-1/:always-auth=true'],
    ['machine nexus.acme.com login', 'machine REDACTED-host-1 login'],
    ['ssh ada.lovelace@build01 ls', 'ssh REDACTED-user-1@REDACTED-host-1 ls'],
    ['dial tcp 203.0.113.77:443: i/o timeout', 'dial tcp REDACTED-host-1:443: i/o timeout'],
    ['dial tcp [2001:db8:1::5]:443: refused', 'dial tcp [REDACTED-host-1]:443: refused'],
    ['to git.acme.com/team/x', 'to REDACTED-host-1/team/x'],
    ['x%3A%2F%2Fgit.acme.corp%2Fx', 'x%3A%2F%2FREDACTED-host-1%2Fx'],
  ])('%j', async (text, expected) => {
    expect(await redacted(text)).toBe(expected);
  });
});

describe('names that are no secret hosts', () => {
  it.each([
    ...['modernc.org/sqlite v1 filippo.io/edwards25519 v1.1.0 dario.cat/mergo google.golang.org/grpc'],
    ...[
      'org.eclipse.jetty.io/x node_modules/socket.io/lib socket.io/dist System.Net/x System.IO/x ASP.NET/core',
    ],
    ...[
      'config.name/default cmd.run/x setup.run/x hello.in/x index.tr/x test.id/x user.name/foo Gemfile.me/x',
    ],
    ...['https://storage.googleapis.com/x https://deb.nodesource.com/x https://bootstrap.pypa.io/get-pip.py'],
    ...['http://deb.debian.org/debian http://archive.ubuntu.com https://dl-cdn.alpinelinux.org/alpine'],
    ...[
      'https://registry.npmjs.org/x https://proxy.golang.org https://pypi.org https://files.pythonhosted.org/x',
    ],
    ...[
      'https://crates.io https://static.rust-lang.org https://rubygems.org https://repo.maven.apache.org/x',
    ],
    ...['https://packages.microsoft.com https://download.docker.com/linux https://nodejs.org/dist'],
    ...[
      'https://raw.githubusercontent.com/x https://objects.githubusercontent.com/x https://sts.amazonaws.com',
    ],
    ...['version 10.15.7.1 SDK 10.0.22621.3958 and 10.0.26100.1742', 'asked 8.8.8.8:53 and 127.0.0.1:443'],
    ...['tokens=4096 max_tokens=100 token_count=12 API_KEY=<your key>', 'worker.hostname: vm'],
    ...[
      'getty@tty1.service foo@1.2.3 at jdk.internal.misc and settings.local // a/b c.d/e',
      'FROM alpine/git.x',
    ],
    ...['printf "\\\\nfoo\\\\nbar" and s/\\\\d/x/', 'com.acme.internal.Main.run(x) 1.2.3.4-alpine'],
    ...['ssh git@github.com and scp root@localhost:/x', '//registry.npmjs.org/:always-auth=true // see x'],
  ])('%s', async (text) => {
    expect(await redacted(text)).toBe(text);
  });
});

describe('a hostile text is read in one pass', () => {
  it.each([
    'ssh ',
    'ssh a ',
    'ssh a@',
    '.local',
    'a.corp',
    '//a',
    '\\\\',
    '\\\\aaa',
    'worker.hostname',
    '[a:',
    '1.1.1.1:',
    'a%40',
    '%40',
    'image ',
    'FROM a.b/',
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
