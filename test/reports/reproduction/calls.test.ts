import { readdir } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import type { BuilderKind, Command } from '../../../src/builders/builder.js';
import { reproductionOf } from '../../../src/reports/reproduction/reproduction.js';
import type { RunDetail } from '../../../src/results/detail.js';
import { buildRequest } from '../../../src/runner/steps/build-request.js';
import type { IterationState } from '../../../src/runner/steps/step.js';
import { scenarioNames } from '../../../src/scenario/library.js';
import { armLanes, type PlannedArm, type PlannedStep } from '../../../src/scenario/plan.js';
import { bareBuilder, failingIn, plannedDetail, registry } from './planned-detail.js';
import { type Bench, reproduction, test } from './script-run.js';

const kinds: readonly BuilderKind[] = [
  ...(['buildctl', 'buildkitd', 'buildx', 'docker', 'docker-classic', 'container'] as const),
  ...(['buildah', 'podman'] as const),
];
const names = await scenarioNames();

/** Smaller contexts and shorter waits: the calls are the same. */
function quicker(detail: RunDetail): RunDetail {
  const arms = detail.plan.arms.map((arm) => ({ ...arm, steps: arm.steps.map(quickerStep) }));
  return { ...detail, plan: { ...detail.plan, arms } };
}

function quickerStep(step: PlannedStep): PlannedStep {
  if (step.step === 'make-context') return { ...step, files: Math.min(step.files, 8) };
  if (step.step !== 'build') return step;
  const lanes = step.lanes.map((lane) => ({
    ...lane,
    delayMs: lane.delayMs / 10,
    cancelAfterMs: lane.cancelAfterMs === null ? null : 50,
  }));
  return { ...step, lanes };
}

/** What the runner would call in an iteration: a list for each instant, sorted, as those of one instant have no order. */
function expectedCalls({ plan }: RunDetail, arm: PlannedArm, iteration: number): string[][][] {
  const builder = bareBuilder(plan.builder.kind);
  const contexts = new Map(
    arm.steps.flatMap((step) =>
      step.step !== 'make-context'
        ? []
        : [
            [
              step.name,
              {
                forLane: (lane: string) => ({
                  folder: `/scratch/contexts/${step.name}${step.each === 'lane' ? `-${lane}` : ''}`,
                  facts: { files: 0, sha256: '' },
                }),
              },
            ] as const,
          ],
    ),
  );
  const setting = { plan, dockerfiles: '/dockerfiles' };
  const state = { setting, arm, iteration, contexts, scratch: '/scratch' } as unknown as IterationState;
  const tags: string[] = [];
  const groups = arm.steps.flatMap((step): string[][][] => {
    if (step.step === 'prune') return [[asCall(builder.prune?.())]];
    if (step.step !== 'build') return [];
    const calls = step.lanes.map((lane) => {
      const request = buildRequest(lane, state);
      if (request.push === undefined) tags.push(...request.tags);
      return asCall(builder.build(request));
    });
    return step.together ? [calls.sort()] : calls.map((call) => [call]);
  });
  const removal = tags.length === 0 ? null : builder.removeImages([...new Set(tags)]);
  return [...groups, ...(removal === null ? [] : [[asCall(removal)]])];
}

const asCall = (command: Command | undefined): string[] =>
  command === undefined
    ? []
    : [
        ...Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${value}`),
        command.file,
        ...command.args,
      ];

/** The script's own paths and names, as the runner's. */
function normal(calls: readonly (readonly string[])[], { temporary, folder }: Bench): string[][] {
  return calls.map((call) =>
    call.map((word) =>
      word
        .replace(/repro-\d{14}-\d+/g, 'run-1')
        .replaceAll(new RegExp(`${temporary}/tmp\\.\\w+/iteration/`, 'g'), '/scratch/')
        .replaceAll(new RegExp(`${temporary}/tmp\\.\\w+/files`, 'g'), '/dockerfiles')
        .replaceAll(
          new RegExp(`(?:${folder}/)?logs/\\w+-\\d+/([\\w-]+)\\.json`, 'g'),
          '/scratch/metadata-$1.json',
        ),
    ),
  );
}

/** As many of the calls as each instant has, sorted within it. */
function inGroups(calls: readonly string[][], groups: readonly string[][][]): string[][][] {
  let at = 0;
  const cut = groups.map(({ length }) => {
    at += length;
    return calls.slice(at - length, at).sort();
  });
  return at < calls.length ? [...cut, calls.slice(at)] : cut;
}

async function compare(detail: RunDetail, mode: string, arm: PlannedArm, bench: Bench): Promise<void> {
  const { script } = reproduction(detail);
  // A build that is meant to fail and does not ends the script at its first iteration.
  const meant = armLanes(arm).filter(({ build }) => build.meantToFail);
  await bench.answers(
    Object.fromEntries(
      ['', ...meant.map(({ name }) => name)].map((lane) => [lane, { exitCode: meant.length === 0 ? 0 : 1 }]),
    ),
  );
  const ran = await bench.run(script, { args: [mode], env: { REGISTRY: registry, DESTRUCTIVE: '1' } });
  expect([0, 1, 2], ran.stderr).toContain(ran.exitCode);
  expect(ran.stdout).toMatch(/\nseen in \d of \d iterations$/);
  const isWarmed = !arm.steps.some(({ step }) => step === 'prune');
  // Where a failed build is all that the fault can be told by, iteration 0 is of what should be clean.
  const first = /if \[ "\$i" = 0 \]; then (control|alone); else/.exec(script)?.[1];
  const own = arm.role === 'reproduce' ? arm.name : arm.of;
  const warmed = detail.plan.arms.find(({ role, of }) => role === first && of === own) ?? arm;
  const expected = [...(isWarmed ? expectedCalls(detail, warmed, 0) : []), ...expectedCalls(detail, arm, 1)];
  expect(inGroups(normal(ran.calls, bench), expected)).toEqual(expected);
  expect(await readdir(bench.temporary)).toEqual([]);
}

describe.each(names)('%s', (name) => {
  test.for(kinds)('on %s: the script calls what the runner calls', async (kind, { bench }) => {
    const planned = await plannedDetail(name, kind);
    const detail = planned === null ? null : quicker(planned);
    const runnable = detail?.plan.arms.filter(
      ({ role, skipped }) => role === 'reproduce' && skipped === null,
    );
    if (detail === null || runnable === undefined || runnable.length === 0) {
      if (detail !== null) expect(reproductionOf(detail)).toHaveProperty('none');
      return;
    }
    // One kind of each family carries all arms out; the others differ in their flags only.
    const isWhole = kind === 'buildctl' || (kind === 'buildkitd' && name === 'lazy-cache-export');
    for (const arm of isWhole ? runnable : runnable.slice(0, 1)) {
      const failing = failingIn(detail, arm.name);
      const { script } = reproduction(failing);
      for (const shell of isWhole ? [['dash'], ['bash', '--posix']] : []) {
        const [file = '', ...flags] = shell;
        expect((await execa(file, [...flags, '-n'], { input: script })).stderr).toBe('');
      }
      await compare(failing, 'reproduce', arm, bench);
      if (!isWhole) continue;
      for (const other of detail.plan.arms.filter(({ of, skipped }) => of === arm.name && skipped === null)) {
        await compare(failing, other.role, other, bench);
      }
    }
  });
});
