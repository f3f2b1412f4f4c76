import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armOf, type RunDocument, signalOf } from '../e2e/contract.js';
import { type LabRun, labVariable, resultsFolder, runInLab } from './lab.js';

const results = resultsFolder();
afterAll(() => results.remove());

interface Expected {
  readonly arm: string;
  readonly control: string;
  readonly signal: string;
  /** Seen in every iteration here; elsewhere it is enough that it was seen. */
  readonly always: boolean;
}

/** What the newest BuildKit shows, by scenario. */
const shown: Readonly<Record<string, readonly Expected[]>> = {
  'lazy-cache-export': [{ arm: 'stargz', control: 'overlayfs', signal: 'cache-miss', always: true }],
  'inline-cache-digest': [
    { arm: 'inline-emptied', control: 'apart-emptied', signal: 'digest-drift', always: false },
  ],
  'cache-mount-architecture': [
    { arm: 'one-after-the-other', control: 'apart', signal: 'cache-mount-shared', always: true },
    { arm: 'in-one-build', control: 'in-one-build-apart', signal: 'cache-mount-shared', always: true },
  ],
  'copy-from-image-splits-stage': [
    { arm: 'from-image', control: 'from-stage', signal: 'duplicate-step', always: true },
  ],
  'no-cache-empties-mount': [
    { arm: 'no-cache', control: 'with-cache', signal: 'cache-mount-lost', always: false },
  ],
  'shared-cache-destination': [
    { arm: 'one-folder', control: 'folder-each', signal: 'build-failed', always: false },
  ],
  'cache-tag-reset': [
    { arm: 'one-folder', control: 'folder-each', signal: 'cache-export-incomplete', always: false },
  ],
  'context-by-size-and-mtime': [
    { arm: 'same-size-and-time', control: 'other-size', signal: 'content-mismatch', always: true },
  ],
  'lost-output': [{ arm: 'identical', control: 'different', signal: 'source-lost', always: false }],
};

const daemonOf = (version: string): string => `buildkitd:${labVariable(`LAB_BUILDKIT_${version}_BIN`)}`;
const iterations = 5;

function run(
  scenario: string,
  builder: string,
  more: readonly string[] = [],
  count = iterations,
): Promise<LabRun> {
  const args = [scenario, '--builder', builder, '--iterations', String(count), ...more];
  return runInLab(args, results.folder);
}

/** Reproduced, beside a control that looked as often and saw nothing. */
function shows(document: RunDocument, { arm, control, signal, always }: Expected): void {
  const seen = signalOf(armOf(document, arm), signal);
  expect(seen, `${arm} ${signal}`).toMatchObject({ verdict: 'reproduced', controlDirty: false });
  if (always) expect(seen.iterations).toMatchObject({ count: iterations, of: iterations, blind: 0 });
  const clean = signalOf(armOf(document, control), signal);
  expect(clean.iterations, `${control} ${signal}`).toMatchObject({ count: 0, of: iterations, blind: 0 });
}

describe.each(Object.entries(shown))('%s on a private BuildKit v0.32.2', (scenario, expected) => {
  let ran: LabRun;
  beforeAll(async () => {
    ran = await run(scenario, daemonOf('0_32_2'));
  });

  it('ends well, and is the version that it says', () => {
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.run).toMatchObject({
      verdict: 'reproduced',
      builder: { kind: 'buildkitd', daemonVersion: 'v0.32.2', simulated: false },
    });
  });

  it.each(expected)('$arm shows $signal, $control does not', (one) => shows(ran.run, one));
});

describe('where versions differ', () => {
  it('v0.10.4 loses the output of a failing step as well, and v0.32.2 does not', async () => {
    const { run: document } = await run('lost-output', daemonOf('0_10_4'));
    for (const signal of ['output-lost', 'source-lost']) {
      shows(document, { arm: 'identical', control: 'different', signal, always: false });
    }
  });

  it('v0.10.4 and v0.23.2 cannot reset a cache: every arm is skipped, and says why', async () => {
    const { run: document, exitCode } = await run('cache-tag-reset', daemonOf('0_23_2'));
    expect(exitCode).toBe(4);
    for (const { skipped } of document.arms) expect(skipped).toContain('cannot reset a local cache');
  });

  it.each(['0_10_4', '0_23_2'])('%s leaves layers out of a lazy export, too', async (version) => {
    const { run: document } = await run('lazy-cache-export', daemonOf(version));
    shows(document, { arm: 'stargz', control: 'overlayfs', signal: 'cache-miss', always: false });
  });
});

describe('context-race', () => {
  it('is clean on BuildKit, which looked', async () => {
    const arms = 'two-builds,two-builds-apart,four-builds,four-builds-apart,rebuilt,rebuilt-apart';
    const { run: document } = await run('context-race', daemonOf('0_32_2'), ['--arm', arms]);
    expect(document.verdict).toBe('not-reproduced');
    for (const arm of document.arms) {
      for (const signal of ['context-failed', 'copy-from-failed', 'content-mismatch']) {
        expect(signalOf(arm, signal).iterations, `${arm.name} ${signal}`).toMatchObject({
          count: 0,
          blind: 0,
        });
      }
    }
  });

  it('shows its fault on the simulated builder whose cache of contexts has it', async () => {
    const arms = ['--arm', 'two-builds,two-builds-apart'];
    // It shows in some of the iterations only, as on the real one.
    const { run: document } = await run('context-race', 'simulated:apple-shim', arms, 24);
    expect(document.builder.simulated).toBe(true);
    expect(document.verdict).toBe('reproduced');
    const apart = armOf(document, 'two-builds-apart');
    for (const { signal, iterations } of apart.signals) expect(iterations.count, signal).toBe(0);
  });
});

describe('the same on builders of others', () => {
  it('cache-mount-architecture through buildx', async () => {
    const { run: document } = await run('cache-mount-architecture', `buildx:${labVariable('LAB_BUILDX')}`);
    for (const one of shown['cache-mount-architecture'] ?? []) shows(document, one);
  });

  it('shared-cache-destination through buildx', async () => {
    const { run: document } = await run('shared-cache-destination', `buildx:${labVariable('LAB_BUILDX')}`);
    for (const one of shown['shared-cache-destination'] ?? []) shows(document, one);
  });

  it('an arm that empties the cache is skipped there without --destructive', async () => {
    const { run: document } = await run(
      'inline-cache-digest',
      `buildctl:${labVariable('LAB_BUILDKIT_0_32_2')}`,
    );
    expect(armOf(document, 'inline-emptied').skipped).toContain('--destructive');
    expect(armOf(document, 'inline').skipped).toBeNull();
  });
});
