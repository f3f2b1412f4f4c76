import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildArguments, stateArguments } from '../../src/simulator/arguments.js';
import { UsageError } from '../../src/simulator/errors.js';

describe('buildArguments', () => {
  it('takes what a builder takes', () => {
    const args =
      '--state s --profile buildkit --pace 0.5 --seed x -f d/Dockerfile.x -t a -t b:1 --platform linux/amd64,linux/arm64 ' +
      '--platform linux/386 --build-arg A=1=2 --build-arg B= --target t --no-cache --progress auto context';
    const { profile, buildArguments: given, ...rest } = buildArguments(args.split(' '));
    expect(profile.name).toBe('buildkit');
    expect([...given]).toEqual([
      ['A', '1=2'],
      ['B', ''],
    ]);
    expect(rest).toEqual({
      state: path.resolve('s'),
      pace: 0.5,
      seed: 'x',
      dockerfile: path.resolve('d/Dockerfile.x'),
      context: path.resolve('context'),
      tags: ['a', 'b:1'],
      platforms: ['linux/amd64', 'linux/arm64', 'linux/386'],
      target: 't',
      noCache: true,
    });
  });

  it('has defaults: apple, the Dockerfile of the context, as fast as a real builder', () => {
    expect(buildArguments(['--state', 's', 'c'])).toMatchObject({
      profile: { name: 'apple' },
      pace: 1,
      seed: null,
      dockerfile: path.resolve('c/Dockerfile'),
      tags: [],
      platforms: [],
      target: null,
      noCache: false,
    });
  });

  it.each([
    ['.', '--state FOLDER'],
    ['--state= .', '--state FOLDER'],
    ['--state s', 'one context folder'],
    ['--state s a b', 'one context folder'],
    [
      '--state s --profile docker .',
      'there is no profile docker: choose one of apple, apple-fixed, apple-shim, buildkit',
    ],
    ['--state s --progress rawjson .', 'there is no progress rawjson'],
    ['--state s --pace=-1 .', '--pace'],
    ['--state s --pace=1001 .', '--pace'],
    ['--state s --pace= .', '--pace'],
    ['--state s --pace x .', '--pace'],
    ['--state s --build-arg X .', '--build-arg takes NAME=VALUE, not X'],
    ['--state s --build-arg =x .', '--build-arg takes NAME=VALUE'],
    ['--state s --unknown .', '--unknown'],
    ['--state s . -f', '-f'],
  ])('refuses %j', (args, message) => {
    expect(() => buildArguments(args.split(' '))).toThrow(UsageError);
    expect(() => buildArguments(args.split(' '))).toThrow(message);
  });
});

describe('stateArguments', () => {
  it('takes the state folder, names and --force', () => {
    expect(stateArguments(['--state', 's', '--force', 'a', 'b'])).toEqual({
      state: path.resolve('s'),
      force: true,
      names: ['a', 'b'],
    });
    expect(() => stateArguments(['a'])).toThrow(UsageError);
  });
});
