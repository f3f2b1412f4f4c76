import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { armOf, signalOf } from '../e2e/contract.js';
import { type LabRun, lab, resultsFolder, runInLab } from './lab.js';

const results = resultsFolder();
afterAll(() => results.remove());

/** Names of images in the storage, which buildah's are in as well. */
async function names(): Promise<string[]> {
  const { stdout } = await execa('podman', ['images', '--format', '{{.Repository}}:{{.Tag}}'], { env: lab });
  return stdout.split('\n').filter((name) => name !== '' && name !== '<none>:<none>');
}

describe('podman', () => {
  let ran: LabRun;
  let before: string[];
  beforeAll(async () => {
    before = await names();
    ran = await runInLab(['chaos-1506', '--builder', 'podman', '--iterations', '2'], results.folder);
  });

  it('is told with its version', () => {
    expect(ran.run.builder).toMatchObject({ kind: 'podman', simulated: false });
    expect(ran.run.builder.version).toMatch(/^\d+\.\d+/);
  });

  it('says what could be seen', () => {
    // One platform, and no step carries it: nothing can be said of drift.
    expect(signalOf(armOf(ran.run, 'as-reported'), 'platform-drift')).toMatchObject({
      iterations: { count: 0, of: 0, blind: 2 },
      interval: null,
      verdict: 'inconclusive',
    });
    for (const name of ['copy-context', 'copy-context-apart', 'copy-context-alone']) {
      const arm = armOf(ran.run, name);
      expect(arm, name).toMatchObject({ skipped: null, iterations: { valid: 2, invalid: 0 } });
      for (const signal of ['copy-from-failed', 'context-failed', 'content-mismatch'])
        expect(signalOf(arm, signal).iterations, `${name} ${signal}`).toMatchObject({
          count: 0,
          of: 2,
          blind: 0,
        });
    }
    // Of several platforms each step carries its own, as podman spells it.
    const variant = armOf(ran.run, 'explicit-variant');
    expect(variant).toMatchObject({ skipped: null, iterations: { valid: 2, invalid: 0 } });
    expect(signalOf(variant, 'platform-drift').iterations).toMatchObject({ count: 0, of: 2, blind: 0 });
  });

  it('leaves none of its images', async () => {
    expect((await names()).filter((name) => !before.includes(name) && !/\/alpine:/.test(name))).toEqual([]);
  });
});
