import { describe, expect, it } from 'vitest';
import {
  allowedProcessors,
  onProcessors,
  type ProcessorFacts,
  processorRefusal,
} from '../../../src/builders/buildkitd/processors.js';
import { daemonRefusal } from '../../../src/builders/buildkitd/refusals.js';
import { request } from './kit.js';

const facts: ProcessorFacts = {
  allowed: [0, 1, 4, 5],
  kernel: '6.18.44-fc',
  runtimeVersion: '1.1.5+ds1',
  hasTaskset: true,
};

describe('the processors that may be used', () => {
  it.each([
    ['0-3', [0, 1, 2, 3]],
    ['2', [2]],
    ['0,4-6,9', [0, 4, 5, 6, 9]],
  ])('%s', (list, numbers) => {
    expect(allowedProcessors(`Cpus_allowed:\tf\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`)).toEqual(
      numbers,
    );
  });

  it('are not guessed', () => {
    expect(allowedProcessors('')).toBeNull();
  });
});

describe('a daemon on fewer processors', () => {
  it('is started on the first that may be used', () => {
    expect(onProcessors(2, 'buildkitd', ['--debug'], [1, 4, 5])).toEqual({
      file: 'taskset',
      args: ['-c', '1,4', 'buildkitd', '--debug'],
    });
  });

  it.each([null, 3, 4])('is started as ever where %s are asked for of 3', (cpus) => {
    expect(onProcessors(cpus, 'buildkitd', ['--debug'], [1, 4, 5])).toEqual({
      file: 'buildkitd',
      args: ['--debug'],
    });
  });

  it.each([
    ['more than there are', 5, {}, 'it asks for 5 processors, and this machine has 4'],
    [
      'a system that does not say',
      1,
      { allowed: null },
      'it asks for 1 processor, and this system does not say',
    ],
    ['no taskset', 1, { hasTaskset: false }, 'install taskset (util-linux)'],
    ['an old kernel', 1, { kernel: '5.15.0-91-generic' }, 'the kernel 5.15.0-91-generic'],
    ['a newer runc', 1, { runtimeVersion: '1.2.7' }, 'runc 1.2.7 gives the steps of builds all of them'],
    ['a newer runc', 1, { runtimeVersion: '1.3.1' }, 'runc 1.3.1 gives'],
    ['the newest runc', 1, { runtimeVersion: '1.4.0' }, 'runc 1.4.0 gives'],
    ['a runc of which nothing is known', 1, { runtimeVersion: null }, 'runc of an unknown version gives'],
  ])('is refused: %s', (_, cpus, changes, why) => {
    expect(processorRefusal(cpus, { ...facts, ...changes })).toContain(why);
  });

  it.each([
    ['nothing is asked for', null, { allowed: null, hasTaskset: false, runtimeVersion: null }],
    ['all are asked for', 4, { hasTaskset: false, runtimeVersion: '1.4.0', kernel: '5.4.0' }],
    ['runc keeps to them', 1, {}],
    ['runc keeps to them', 3, { runtimeVersion: '1.2.6' }],
    ['runc keeps to them', 3, { runtimeVersion: '1.3.0' }],
  ])('is not refused where %s', (_, cpus, changes) => {
    expect(processorRefusal(cpus, { ...facts, ...changes })).toBeNull();
  });

  it('is asked for by its request', () => {
    expect(daemonRefusal(request({ cpus: 5 }), undefined, facts)).toContain('this machine has 4');
    expect(daemonRefusal(request({ cpus: 1 }), undefined, facts)).toBeNull();
  });
});
