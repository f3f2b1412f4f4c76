import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { listening, settingsOf } from '../../src/registry/settings.js';

it('listens on this machine only, on a port that the kernel picks, and takes whatever builders push', () => {
  const storage = '/a folder/with: "quotes"\n';
  expect(parse(settingsOf(storage, 's'))).toMatchObject({
    version: 0.1,
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 's' },
    validation: { disabled: true },
  });
  expect(parse(settingsOf(storage, 's')).http).not.toHaveProperty('debug');
});

it('reads where it listens from the logs of both versions', () => {
  const lines = [
    'time="2026-11-21T14:28:53.5Z" level=info msg="listening on 127.0.0.1:35199" go.version=go1.19.8 version=2.8.2+ds1',
    'time="2026-11-21T14:28:00.8Z" level=info msg="listening on 127.0.0.1:35199" go.version=go1.26.8 instance.id=f2f6 version=v3.0.0',
  ];
  for (const line of lines)
    expect(listening(`level=info msg="redis not configured"\n${line}\n`)).toBe('127.0.0.1:35199');
  expect(listening('level=info msg="redis not configured"\n')).toBeNull();
});
