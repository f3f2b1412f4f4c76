import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { judgeIteration } from '../../src/judgement/judge.js';
import { iterationFinished, laneRecord, plannedArm, plannedLane, samplePlan } from '../results/sample-run.js';
import { type Folder, test } from '../scenario/folder.js';

const recorded = (name: string): Promise<Buffer> =>
  readFile(new URL(`../recorded-logs/${name}`, import.meta.url));
const drifting = 'shim-0.12.0.c8-shared-cold-v8.i11-b2.log';
const plain = 'shim-0.12.0.A-c2-copyfrom-cold-arm64-nodrift.i2-b1.log';

/** Judges an iteration whose lanes a and b printed these recorded logs, or that text. */
async function judge(
  folder: Folder,
  logs: readonly [string, string],
  {
    signals = samplePlan().signals,
    exitCode = 0,
    ...event
  }: { signals?: ReturnType<typeof samplePlan>['signals']; exitCode?: number; spoilt?: string } = {},
) {
  for (const [i, log] of logs.entries()) {
    await folder.write(
      `iterations/main/0001/${'ab'[i]}.stderr`,
      log.endsWith('.log') ? await recorded(log) : log,
    );
  }
  const lanes = ['a', 'b'].map((lane) => laneRecord(lane, { exitCode }));
  return judgeIteration(
    folder.path,
    samplePlan({ signals }),
    plannedArm(),
    iterationFinished({ lanes, ...event }),
  );
}

const bothBlind = (reason: string) => new Map(['a', 'b'].map((lane) => [lane, reason]));

describe('an iteration', () => {
  test('is looked at by every detector whose signal the plan looks for, and no other', async ({ folder }) => {
    const { sights, invalid } = await judge(folder, [drifting, drifting], {
      signals: ['build-failed', 'platform-drift'],
    });
    expect(invalid).toBeNull();
    // In the detectors' order, not in the plan's.
    expect(sights.map(({ signal }) => signal)).toEqual(['platform-drift', 'build-failed']);
  });

  test('shows what its logs show, lane by lane, with lines of the log', async ({ folder }) => {
    const { sights, read } = await judge(folder, [drifting, plain], { signals: ['platform-drift'] });
    const [drift] = sights;
    expect(drift?.findings.map(({ lane }) => lane)).toEqual(['a']);
    const lines = (await recorded(drifting)).toString('utf8').split('\n');
    for (const { line, text } of drift?.findings[0]?.evidence ?? []) expect(lines[line - 1]).toContain(text);
    expect(drift?.findings[0]?.evidence.length).toBeGreaterThan(1);
    expect(read.lanes).toHaveLength(2);
  });

  test('is blind for what it is asked about and could not show, and has no sight of what nobody asked', async ({
    folder,
  }) => {
    await judge(folder, [plain, plain]);
    const lanes = ['a', 'b'].map((lane) => laneRecord(lane));
    const judged = (arm: ReturnType<typeof plannedArm>) =>
      judgeIteration(
        folder.path,
        samplePlan({ signals: ['output-lost', 'digest-drift'], arms: [arm] }),
        arm,
        iterationFinished({ lanes }),
      );
    expect((await judged(plannedArm())).sights).toEqual([]);
    const { invalid, sights } = await judged(plannedArm({ expects: ['output-lost', 'digest-drift'] }));
    expect(invalid).toBeNull();
    expect(sights).toEqual([
      { signal: 'digest-drift', findings: [], blind: bothBlind('no build left an image') },
      { signal: 'output-lost', findings: [], blind: bothBlind('no builds that ran together failed') },
    ]);
  });

  test('is blind for what it could not show also where no lane counts', async ({ folder }) => {
    const lanes = [laneRecord('a', { cancelled: true })];
    const arm = plannedArm({
      expects: ['daemon-error'],
      steps: [{ step: 'build', together: false, lanes: [plannedLane('a', { cancelAfterMs: 100 })] }],
    });
    const plan = samplePlan({ signals: ['daemon-error'], arms: [arm] });
    const { invalid, sights } = await judgeIteration(folder.path, plan, arm, iterationFinished({ lanes }));
    expect(invalid).toBeNull();
    const blind = new Map([[null, 'the daemon’s log was not kept']]);
    expect(sights).toEqual([{ signal: 'daemon-error', findings: [], blind }]);
  });

  test('is blind in lanes that show nothing because nothing can be seen in them', async ({ folder }) => {
    const { sights } = await judge(folder, [drifting, 'Sending build context to Docker daemon\n'], {
      signals: ['platform-drift'],
    });
    expect(sights[0]?.findings.map(({ lane }) => lane)).toEqual(['a']);
    expect([...(sights[0]?.blind.keys() ?? [])]).toEqual(['b']);
  });

  test('that does not count is not looked at', async ({ folder }) => {
    const { sights, invalid } = await judge(folder, [drifting, drifting], {
      spoilt: 'no space left on the device',
    });
    expect(invalid).toBe('no space left on the device');
    expect(sights).toEqual([]);
  });

  test('is not looked at by a detector whose signal has no meaning in it', async ({ folder }) => {
    const { sights } = await judge(folder, [plain, plain], {
      signals: ['content-mismatch', 'platform-drift'],
    });
    // No context was made, so that none can be missing.
    expect(sights.map(({ signal }) => signal)).toEqual(['platform-drift']);
  });
});
