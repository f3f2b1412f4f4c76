import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import type { DaemonRequest } from '../../../src/builders/builder.js';
import { configuration } from '../../../src/builders/buildkitd/configuration.js';

const home = { id: '0123456789abcdef', folder: '/tmp/a "b"' };
const bare: DaemonRequest = { snapshotter: null, flags: [], keepMegabytes: null, cpus: null, mirrors: [] };

describe('the configuration', () => {
  it('says where the daemon lives, and that it collects no garbage', () => {
    expect(parse(configuration(bare, home))).toEqual({
      root: '/tmp/a "b"/root',
      grpc: { address: ['unix:///tmp/a "b"/bk.sock'] },
      otel: { socketPath: '/tmp/a "b"/otel.sock' },
      worker: {
        oci: { enabled: true, networkMode: 'host', gc: false },
        containerd: { enabled: false },
      },
      registry: {},
    });
  });

  it('limits the cache in bytes, as a number; never by 0, which would be the daemon’s own choice', () => {
    const text = configuration({ ...bare, keepMegabytes: 500 }, home);
    expect(text).toContain('gc = true\ngckeepstorage = 500000000\n');
    expect(configuration({ ...bare, keepMegabytes: 0 }, home)).toContain('gckeepstorage = 1\n');
  });

  it('names the snapshotter and the mirrors, which are plain http', () => {
    const text = configuration({ ...bare, snapshotter: 'stargz', mirrors: ['127.0.0.1:5000'] }, home);
    expect(parse(text)).toMatchObject({
      worker: { oci: { snapshotter: 'stargz' } },
      registry: {
        'docker.io': { mirrors: ['127.0.0.1:5000'] },
        'ghcr.io': { mirrors: ['127.0.0.1:5000'] },
        '127.0.0.1:5000': { http: true, insecure: true },
      },
    });
  });
});
