import { describe, expect, it } from 'vitest';
import {
  type Builder,
  type BuilderFactory,
  type BuilderKind,
  builderKinds,
  type Probe,
  type Surroundings,
} from '../../src/builders/builder.js';
import { findBuilder, parseBuilders, probeAll } from '../../src/builders/find.js';
import { builderFactories } from '../../src/builders/index.js';
import { probeOf } from '../../src/builders/probe.js';
import { UserError } from '../../src/errors.js';

type State = 'answers' | 'absent' | 'asleep';

const surroundings = (platform: NodeJS.Platform): Surroundings => ({
  platform,
  env: {},
  run: () => Promise.reject(new Error('nothing is to be run here')),
});

/** Factories of every kind in the states given (else absent), and the list of who was asked. */
function machine(states: Partial<Record<string, State>>) {
  const asked: string[] = [];
  const factories = builderFactories.map(
    (real): BuilderFactory => ({
      ...real,
      create: (instance) => {
        const name = instance === null ? real.kind : `${real.kind}:${instance}`;
        const probe = async () => {
          asked.push(name);
          return probeIn(states[name] ?? 'absent', real.kind, instance);
        };
        return { kind: real.kind, instance, probe } as Partial<Builder> as Builder;
      },
    }),
  );
  return { asked, factories };
}

function probeIn(state: State, kind: BuilderKind, instance: string | null): Probe {
  const missing = [{ what: `${kind} is ${state}`, mend: `mend ${kind}` }];
  if (state === 'answers') return probeOf(kind, instance, { found: true, answers: true });
  if (state === 'absent') return probeOf(kind, instance, { missing });
  return probeOf(kind, instance, { found: true, asleep: true, missing });
}

async function chosen(text: string, platform: NodeJS.Platform, states: Partial<Record<string, State>>) {
  const { builder } = await findBuilder(text, surroundings(platform), machine(states).factories);
  return builder.instance === null ? builder.kind : `${builder.kind}:${builder.instance}`;
}

async function failure(text: string, platform: NodeJS.Platform, states: Partial<Record<string, State>> = {}) {
  const error = await findBuilder(text, surroundings(platform), machine(states).factories).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('parseBuilders', () => {
  it.for([
    ['auto', [{ kind: 'auto', instance: null }]],
    ['buildctl:unix:///run/b.sock', [{ kind: 'buildctl', instance: 'unix:///run/b.sock' }]],
    ['buildx:a b', [{ kind: 'buildx', instance: 'a b' }]],
    ['buildx:--help', [{ kind: 'buildx', instance: '--help' }]],
    [
      'docker-classic, auto ,simulated:apple',
      [
        { kind: 'docker-classic', instance: null },
        { kind: 'auto', instance: null },
        { kind: 'simulated', instance: 'apple' },
      ],
    ],
  ] as const)('reads %s', ([text, choices]) => {
    expect(parseBuilders(text)).toEqual(choices);
  });

  it.for([
    [
      'kaniko',
      /no builder kaniko: choose one of auto, container, buildx, buildctl, buildkitd, docker, docker-classic/,
    ],
    ['', /no builder ''/],
    ['buildx,,docker', /no builder ''/],
    ['Buildx', /no builder Buildx/],
    ['buildx:', /names no instance/],
    ['auto:x', /auto takes no instance/],
    ['container:x', /container takes no instance/],
    ['constructor', /no builder constructor/],
  ] as const)('refuses %j', ([text, message]) => {
    expect(() => parseBuilders(text)).toThrow(message);
    expect(() => parseBuilders(text)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe('findBuilder', () => {
  it('takes the first that answers, in the order of the list', async () => {
    const states = { docker: 'answers', 'buildx:lab': 'answers', buildah: 'answers' } as const;
    expect(await chosen('buildctl,buildx:lab,docker', 'linux', states)).toBe('buildx:lab');
    expect(await chosen('buildah,buildx:lab', 'linux', states)).toBe('buildah');
  });

  it('goes through all kinds for auto, Apple’s first on macOS and nowhere else', async () => {
    const all = Object.fromEntries(builderKinds.map((kind) => [kind, 'answers'])) as Record<string, State>;
    expect(await chosen('auto', 'darwin', all)).toBe('container');
    expect(await chosen('auto', 'linux', all)).toBe('buildx');
    const { container, buildx, ...rest } = all;
    expect(await chosen('auto', 'darwin', rest)).toBe('buildctl');
    const { buildctl, ...fewer } = rest;
    expect(await chosen('auto', 'linux', fewer)).toBe('docker');
    expect(await chosen('auto', 'linux', { 'docker-classic': 'answers', buildah: 'answers' })).toBe(
      'buildah',
    );
    expect([container, buildx, buildctl]).toEqual(['answers', 'answers', 'answers']);
  });

  it('never takes the simulated builder for auto, and takes it where it is named', async () => {
    expect((await failure('auto', 'linux', { simulated: 'answers' })).exitCode).toBe(3);
    expect(await chosen('auto,simulated', 'linux', { simulated: 'answers' })).toBe('simulated');
    const { asked, factories } = machine({ buildah: 'answers' });
    await findBuilder('auto', surroundings('linux'), factories);
    expect(asked.sort()).toEqual(['buildah', 'buildctl', 'buildx', 'docker']);
  });

  it('does not test something else for auto while Apple’s services are stopped', async () => {
    const states = { container: 'asleep', buildx: 'answers', simulated: 'answers' } as const;
    for (const text of ['auto', 'auto,simulated', 'container,auto']) {
      const error = await failure(text, 'darwin', states);
      expect(error.exitCode).toBe(3);
      expect(error.message).toContain('`mend container`');
    }
    // Named, it is only the first of the user's own order; and what answered before it is taken.
    expect(await chosen('container,buildx', 'darwin', states)).toBe('buildx');
    expect(await chosen('buildx,auto', 'darwin', states)).toBe('buildx');
    expect(await chosen('auto', 'linux', states)).toBe('buildx');
  });

  it('lists what was looked for, and what mends it', async () => {
    const error = await failure('buildx:a b,auto', 'linux');
    expect(error.exitCode).toBe(3);
    expect(error.message.split('\n')).toEqual([
      'No builder answers. What was looked for, and what would mend it:',
      "  buildx:'a b': buildx is absent; mend: mend buildx",
      '  buildx: buildx is absent; mend: mend buildx',
      '  buildctl: buildctl is absent; mend: mend buildctl',
      '  docker: docker is absent; mend: mend docker',
      '  buildah: buildah is absent; mend: mend buildah',
    ]);
  });

  it('asks each once', async () => {
    const { asked, factories } = machine({ buildah: 'answers' });
    await findBuilder('docker,auto,auto,docker', surroundings('linux'), factories);
    expect(asked.sort()).toEqual(['buildah', 'buildctl', 'buildx', 'docker']);
  });

  it('lets an instance that makes no sense end it before anything is asked', async () => {
    await expect(findBuilder('buildx,simulated:nonsense', surroundings('linux'))).rejects.toThrow(
      'no profile nonsense',
    );
  });
});

describe('the list of factories', () => {
  it('has every kind once', () => {
    expect(builderFactories.map(({ kind }) => kind).sort()).toEqual([...builderKinds].sort());
  });

  it('is what probeAll goes through, in order', async () => {
    const { factories } = machine({ docker: 'answers' });
    const probes = await probeAll(surroundings('linux'), factories);
    expect(probes.map(({ kind }) => kind)).toEqual(factories.map(({ kind }) => kind));
    expect(probes.filter(({ answers }) => answers).map(({ kind }) => kind)).toEqual(['docker']);
  });
});
