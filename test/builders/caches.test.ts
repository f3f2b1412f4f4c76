import { describe, expect } from 'vitest';
import { buildctlFactory } from '../../src/builders/buildctl.js';
import type { BuildRequest, CacheTarget } from '../../src/builders/builder.js';
import { buildxFactory } from '../../src/builders/buildx.js';
import { cacheFlags, metadataFlags, pushOutput } from '../../src/builders/caches.js';
import { builderFactories } from '../../src/builders/index.js';
import { probeOf } from '../../src/builders/probe.js';
import { cacheRefusal, localCacheRefusal } from '../../src/builders/refusals.js';
import { bareRequest, test } from './place.js';

type LocalCache = Extract<CacheTarget, { type: 'local' }>;
const local: LocalCache = { type: 'local', folder: '/c', mode: 'max', tag: 'one', reset: true };
const asking: Partial<BuildRequest> = {
  cacheFrom: [
    { type: 'local', folder: '/a, "b"', tag: null },
    { type: 'local', folder: '/a', tag: 'one' },
    { type: 'registry', image: '127.0.0.1:5000/cache:1' },
  ],
  cacheTo: [
    { type: 'inline' },
    { type: 'registry', image: '127.0.0.1:5000/cache:1', mode: 'min' },
    local,
    { type: 'local', folder: '/d', mode: 'min', tag: null, reset: false },
  ],
  push: '127.0.0.1:5000/chain:run-1',
  metadataFile: '/m.json',
};

describe('the flags', () => {
  test('carry every cache, a folder with a comma as one field', () => {
    expect(cacheFlags(bareRequest(asking), { from: '--from', to: '--to' })).toEqual([
      ...['--from', 'type=local,"src=/a, ""b"""'],
      ...['--from', 'type=local,src=/a,tag=one'],
      ...['--from', 'type=registry,ref=127.0.0.1:5000/cache:1'],
      ...['--to', 'type=inline'],
      ...['--to', 'type=registry,ref=127.0.0.1:5000/cache:1,mode=min'],
      ...['--to', 'type=local,dest=/c,mode=max,tag=one,reset=true'],
      ...['--to', 'type=local,dest=/d,mode=min'],
    ]);
  });

  test('are none where nothing is asked for', () => {
    expect(cacheFlags(bareRequest(), { from: '--from', to: '--to' })).toEqual([]);
    expect(metadataFlags(bareRequest())).toEqual([]);
  });

  test('are buildctl’s own', ({ place }) => {
    const { args } = buildctlFactory.create(null, place.surroundings()).build(bareRequest(asking));
    expect(args).toContain('--import-cache');
    expect(args).toContain('--export-cache');
    expect(args.join(' ')).toContain(`--output ${pushOutput('127.0.0.1:5000/chain:run-1')}`);
    expect(args.join(' ')).toContain('--metadata-file /m.json');
  });

  test('are buildx’s own, and a tag does not take the place of the name to push', ({ place }) => {
    const { args } = buildxFactory.create(null, place.surroundings()).build(bareRequest(asking));
    expect(args).toContain('--cache-from');
    expect(args).toContain('--cache-to');
    expect(args.join(' ')).toContain('--output type=image,name=127.0.0.1:5000/chain:run-1,push=true');
    expect(args.join(' ')).toContain('--metadata-file /m.json');
    expect(args).not.toContain('-t');
    expect(args.at(-1)).toBe('/scenario');
  });
});

describe('refusals', () => {
  const without = builderFactories.filter(({ kind }) =>
    ['container', 'docker', 'docker-classic', 'buildah', 'simulated'].includes(kind),
  );
  test.for(without.map((factory) => [factory.kind, factory] as const))(
    '%s has none of it',
    ([, factory], { place }) => {
      const builder = factory.create(null, place.surroundings());
      const reason = (changes: Partial<BuildRequest>) =>
        builder.refuses(bareRequest(changes), probeOf(factory.kind, null, {}));
      expect(reason({})).toBeNull();
      expect(reason({ cacheFrom: asking.cacheFrom ?? [] })).toContain('imports no cache: take');
      expect(reason({ cacheTo: asking.cacheTo ?? [] })).toContain('exports no cache: take');
      expect(reason({ push: 'a' })).toContain('pushes no image');
      expect(reason({ metadataFile: '/m' })).toContain('metadata file');
    },
  );

  test('empty lists ask for nothing', () => {
    expect(cacheRefusal(bareRequest({ cacheFrom: [], cacheTo: [] }), 'it')).toBeNull();
  });

  test('name the version that brought an attribute that older clients silently ignore', () => {
    const since = { tag: '0.11.0', reset: '0.31.0' };
    const reason = (version: string | null, changes: Partial<LocalCache>) =>
      localCacheRefusal(bareRequest({ cacheTo: [{ ...local, ...changes }] }), 'buildctl', version, since);
    expect(reason('v0.23.2', {})).toBe('buildctl v0.23.2 cannot reset a local cache (that came with 0.31.0)');
    expect(reason('v0.31.0', {})).toBeNull();
    expect(reason(null, {})).toBeNull();
    expect(reason('v0.10.4', { reset: false })).toBe(
      'buildctl v0.10.4 cannot tag a local cache (that came with 0.11.0)',
    );
    expect(reason('v0.10.4', { reset: false, tag: null })).toBeNull();
  });
});

describe('prune', () => {
  test('empties the whole cache', ({ place }) => {
    expect(buildctlFactory.create('tcp://b:1', place.surroundings()).prune?.()).toEqual({
      file: 'buildctl',
      args: ['--addr', 'tcp://b:1', 'prune', '--all'],
    });
    expect(buildxFactory.create('lab', place.surroundings()).prune?.()).toEqual({
      file: 'docker',
      args: ['buildx', 'prune', '--builder', 'lab', '--all', '--force'],
    });
  });
});
