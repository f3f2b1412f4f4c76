import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { appleBuilder, appleVersions, imageTag } from '../../src/builders/apple-json.js';
import { firstWorker } from '../../src/builders/buildkit-workers.js';
import { mountsBelow } from '../../src/builders/buildkitd/mounts.js';
import { allowedProcessors } from '../../src/builders/buildkitd/processors.js';
import { buildxInspect } from '../../src/builders/buildx-inspect.js';
import { dockerInfo, dockerVersions } from '../../src/builders/docker-json.js';
import { versionIn } from '../../src/builders/probe.js';
import { UserError } from '../../src/errors.js';
import { normalizePlatform } from '../../src/platforms.js';
import { parseVertexName } from '../../src/progress/vertex-name.js';
import { parseAddress } from '../../src/registry/address.js';
import { configSchema, indexSchema, json, manifestSchema, parseAs } from '../../src/registry/documents.js';
import { RegistryError } from '../../src/registry/errors.js';
import { readBaseline } from '../../src/results/baseline.js';
import { parseJournal } from '../../src/results/journal.js';
import { parseArrivals } from '../../src/results/line-times.js';
import { parseDuration } from '../../src/scenario/duration.js';
import { fromPlatforms } from '../../src/scenario/from-platforms.js';
import { loadScenario } from '../../src/scenario/load.js';
import { parseSweep } from '../../src/scenario/sweep.js';
import { changedJson } from './mutate-json.js';
import { changed } from './mutate-log.js';
import { Random } from './random.js';
import { seed, times } from './settings.js';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'buildrace-fuzz-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const scenarioTexts = readdirSync(scenarios)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(path.join(scenarios, name)));

/** What programs answer, and what is read by a parser of its own; each is given to every parser, as it may be anybody's. */
const answers = [
  '[{"version":"0.6.0","appName":"container","buildType":"release","commit":"abc"}]',
  '[{"status":"running","configuration":{"id":"buildkit","image":{"reference":"ghcr.io/apple/x:0.7.0@sha256:ab"}}}]',
  '{"Client":{"Version":"27.0.1","ApiVersion":"1.46"},"Server":{"Version":"27.0.1","Components":[{"Name":"x"}]}}',
  '{"ServerVersion":"27.0.1","Driver":"overlay2","OSType":"linux","Architecture":"x86_64","SecurityOptions":[]}',
  'Name:   default\nDriver: docker\n\nNodes:\nName: default\nEndpoint: default\nPlatforms: linux/amd64*, linux/386\n',
  'ID:\t\tabc\nPlatforms:\tlinux/amd64,linux/arm64\nBuildKit:\tgithub.com/moby/buildkit v0.32.2 abc\n',
  'buildctl github.com/moby/buildkit v0.32.2 abc\n',
  '{"schemaVersion":2,"config":{"digest":"sha256:ab"},"layers":[{"digest":"sha256:cd"}]}',
  '{"manifests":[{"digest":"sha256:ab","platform":{"os":"linux","architecture":"arm64"},"annotations":{"a":"b"}}]}',
  '{"moby.buildkit.cache.v0":"e30="}',
  '{"schemaVersion":1,"columns":["line","ms"]}\n[1,100]\n[7,500.5]\n',
  '{"schemaVersion":1,"at":"2026-01-02T03:04:05Z","event":"run-started"}\n',
  'overlay /a\\040b overlay rw 0 0\n/dev/x / ext4 rw 0 0\n',
  'Cpus_allowed_list:\t0-3,5,7-9\n',
  'FROM --platform=linux/arm64 alpine AS x\nRUN make \\\n  all\n',
  '[linux/arm64->linux/amd64 builder 2/3] ONBUILD COPY --from=a /b /c',
  ...['linux/arm64/v8', '1.5s', 'lanes=1,2,4', 'arg.X=a,b', 'localhost:5000', 'delay=0ms,50ms'],
];

const parsers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['appleVersions', appleVersions],
  ['appleBuilder', appleBuilder],
  ['imageTag', imageTag],
  ['dockerVersions', dockerVersions],
  ['dockerInfo', dockerInfo],
  ['buildxInspect', buildxInspect],
  ['firstWorker', firstWorker],
  ['versionIn', versionIn],
  ['mountsBelow', (text) => mountsBelow('/a', text)],
  ['allowedProcessors', allowedProcessors],
  ['manifest', (text) => parseAs(manifestSchema, text, 'it')],
  ['index', (text) => parseAs(indexSchema, text, 'it')],
  ['config', (text) => parseAs(configSchema, text, 'it')],
  ['json', (text) => JSON.stringify(json(text, 'it'))],
  ['parseArrivals', (text) => parseArrivals(text).at(3)],
  ['parseJournal', parseJournal],
  ['parseVertexName', parseVertexName],
  ['normalizePlatform', normalizePlatform],
  ['parseDuration', parseDuration],
  ['parseSweep', (text) => parseSweep([text])],
  ['parseAddress', (text) => parseAddress(text, '--registry')],
  ['fromPlatforms', fromPlatforms],
];

const anySeed = fc.integer({ min: 0, max: 0x7fff_ffff });
const isTyped = (error: unknown): boolean => error instanceof UserError || error instanceof RegistryError;

describe('what others answered, changed', () => {
  it('is read, or refused by a sentence', () => {
    fc.assert(
      fc.property(anySeed, (number) => {
        const random = new Random(number);
        const answer = random.pick(answers);
        const text = random.chance(2)
          ? changedJson(answer, random)
          : changed(Buffer.from(answer), random).toString();
        for (const [name, parse] of parsers) {
          try {
            parse(text);
          } catch (error) {
            expect(isTyped(error), `${name} of ${text.slice(0, 200)}: ${error}`).toBe(true);
          }
        }
      }),
      { seed, numRuns: times(100) },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('a scenario that was changed', () => {
  it('is loaded, or refused by sentences', async () => {
    const file = path.join(scratch, 'changed.yaml');
    await fc.assert(
      fc.asyncProperty(anySeed, async (number) => {
        const random = new Random(number);
        writeFileSync(file, changed(random.pick(scenarioTexts), random));
        await loadScenario(file).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      }),
      { seed, numRuns: times(25) },
    );
  });

  it.each([
    ['lists', `${'['.repeat(50_000)}`],
    ['closed lists', `title: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['keys', `${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['blocks', `a:\n${Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i + 1)}a:\n`).join('')}`],
    ['dashes', `${'- '.repeat(50_000)}x`],
    ['a signal', `title: x\narms: {a: {expects: [${'['.repeat(900)}${']'.repeat(900)}]}}`],
  ])('is refused where it is nested without end: %s', async (_, text) => {
    const file = path.join(scratch, 'deep.yaml');
    writeFileSync(file, text);
    await expect(loadScenario(file)).rejects.toBeInstanceOf(UserError);
  });
});

describe('a baseline that was changed', () => {
  it('is refused by a sentence where it is none', async () => {
    const file = path.join(scratch, 'baseline.json');
    const text = '{"schemaVersion":1,"name":"x","scenario":"s","arms":[{"name":"a","signals":[]}]}';
    await fc.assert(
      fc.asyncProperty(anySeed, async (number) => {
        writeFileSync(file, changedJson(text, new Random(number)));
        await readBaseline(file).catch((error: unknown) => expect(error).toBeInstanceOf(UserError));
      }),
      { seed, numRuns: times(25) },
    );
  });
});
