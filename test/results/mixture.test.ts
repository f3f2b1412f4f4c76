import { describe, expect, test } from 'vitest';
import type { JournalEvent, NewEvent } from '../../src/results/journal.js';
import { machineFacts } from '../../src/results/machine-differences.js';
import { type Mixture, mixtureOf } from '../../src/results/mixture.js';
import { iterationFinished, sampleEnvironment } from './sample-run.js';

const environment = sampleEnvironment();
const here = machineFacts(environment);
const of = (...events: NewEvent[]): Mixture =>
  mixtureOf({
    environment,
    journal: {
      events: events.map((event) => ({ schemaVersion: 1, at: '', ...event }) as JournalEvent),
      unreadable: [],
    },
  });
const resumed = (more: Partial<Extract<NewEvent, { event: 'run-resumed' }>>): NewEvent => ({
  ...{ event: 'run-resumed', toolVersion: '0.1.0', warnings: [] },
  ...more,
});
const merged = (more: Partial<Extract<NewEvent, { event: 'runs-merged' }>>): NewEvent => ({
  ...{ event: 'runs-merged', runs: ['a', 'b'], warnings: [] },
  ...more,
});
const done = iterationFinished({ arm: 'main', iteration: 1 });
const one: Mixture = { severalMachines: false, severalBuilders: false };
const machines: Mixture = { ...one, severalMachines: true };
const builders: Mixture = { ...one, severalBuilders: true };
const elsewhere = 'it was resumed on another machine: cpus 2 and 8';
const replaced =
  'the builder was v1 when the run began and v2 when it ended: a rate over two builders says nothing of either';

describe('a run is of several machines', () => {
  test.for([
    ['cpus', { cpus: here.cpus + 1 }],
    ['CPU', { cpuModel: 'another' }],
    ['kernel', { kernel: 'another' }],
    ['architecture', { arch: 'another' }],
    ['host', { host: 'another' }],
  ] as const)('where it went on under another %s', ([, more]) => {
    const away = resumed({ machine: { ...here, ...more } });
    expect(of(done, away, done)).toEqual(machines);
    // Nor does it help that it came back.
    expect(of(away, done, resumed({ machine: here }), done)).toEqual(machines);
  });

  test('but not where nothing was finished there', () => {
    const away = resumed({ machine: { ...here, cpus: here.cpus + 1 } });
    expect(of(done, away)).toEqual(one);
    expect(of(done, away, resumed({ machine: here }), done)).toEqual(one);
  });

  test('but not where it went on on its own, whatever a sentence says', () => {
    expect(of(resumed({ machine: here }), done)).toEqual(one);
    expect(of(resumed({ machine: here, warnings: [elsewhere] }), done)).toEqual(one);
  });

  test('but not where it was not recorded on which host it began', () => {
    const journal = {
      events: [{ schemaVersion: 1, at: '', ...resumed({ machine: here }) }, done],
      unreadable: [],
    };
    expect(mixtureOf({ environment: { ...environment, host: null }, journal } as never)).toEqual(one);
  });

  test('where its parts were', () => {
    expect(of(merged({ severalMachines: true, severalBuilders: false }))).toEqual(machines);
    expect(of(merged({ severalMachines: false, severalBuilders: false }))).toEqual(one);
  });
});

describe('a run is of several builders', () => {
  test('where its builder was replaced', () => {
    expect(of({ event: 'builder-changed', version: 'v2', daemonVersion: null })).toEqual(builders);
  });

  test('where that of a part was', () => {
    expect(of(merged({ severalMachines: false, severalBuilders: true }))).toEqual(builders);
  });

  test('but not where it was started again', () => {
    expect(of({ event: 'daemon-restarted', daemon: 'daemon-1', reason: 'gone' })).toEqual(one);
  });
});

describe('of a journal of old times, that has sentences only', () => {
  test('they tell', () => {
    expect(of(resumed({ warnings: [elsewhere] }), done)).toEqual(machines);
    expect(of(merged({ warnings: ['parts 1/2 and 2/2 ran on different machines: cpus 2 and 64'] }))).toEqual(
      machines,
    );
    expect(of(merged({ warnings: [`part 2/2: ${elsewhere}`] }))).toEqual(machines);
    expect(of(merged({ warnings: [`part 2/2: ${replaced}`] }))).toEqual(builders);
  });

  test('others do not', () => {
    expect(of(resumed({ warnings: ['it was begun with buildrace 0.0.9 and resumed with 0.1.0'] }))).toEqual(
      one,
    );
    const warnings = [
      'parts 1/2 and 2/2 ran on builders of different names: "x" and "ran on different machines: "',
      'part 2/2: the run ended early and was resumed, after 3 iterations',
    ];
    expect(of(merged({ warnings }))).toEqual(one);
  });

  test('where there are facts, no sentence does', () => {
    const warnings = ['parts 1/2 and 2/2 ran on different machines: x', `part 2/2: ${replaced}`];
    expect(of(merged({ severalMachines: false, severalBuilders: false, warnings }))).toEqual(one);
  });
});
