import type { Judgement } from '../../judgement/judge.js';
import { terminalText } from '../../reports/escape.js';
import { durationText } from '../../scenario/duration.js';
import { type Plan, type PlannedArm, plannedIterations, type Stopping } from '../../scenario/plan.js';

/** The run in a line, before it begins. */
export function planText(
  plan: Plan,
  directory: string,
  finished: ReadonlyMap<string, number> = new Map(),
): string {
  const iterations = plan.arms.reduce(
    (sum, arm) => sum + (arm.skipped === null ? plannedIterations(arm, plan.shard) : 0),
    0,
  );
  const skipped = plan.arms
    .filter((arm) => arm.skipped !== null)
    .map((arm) => `  ${arm.name} is skipped: ${terminalText(arm.skipped ?? '')}\n`);
  const earlier = [...finished.values()].reduce((sum, count) => sum + count, 0);
  const done = earlier === 0 ? '' : `, ${earlier} of them finished earlier,`;
  const seed = plan.seed === null ? '' : ` in the order of seed ${plan.seed}`;
  return `${plan.scenario.name}: ${extent(plan, iterations)}${done}${seed}, kept in ${terminalText(directory)}\n${skipped.join('')}`;
}

/** `20 iterations`, or until when it goes on. */
function extent({ stopping, maxTimeMs, shard }: Plan, iterations: number): string {
  const all = iterations === 1 ? '1 iteration' : `${iterations} iterations`;
  const time = maxTimeMs === null ? '' : ` or ${durationText(maxTimeMs)}`;
  if (stopping.rule === 'first') return `until the first sight, at most ${all}${time},`;
  if (stopping.rule === 'verdict') return `until it is settled, at most ${all}${time},`;
  const part = shard === null ? '' : `, part ${shard.index} of ${shard.of}`;
  return `${all}${time === '' ? '' : `, at most${time.slice(3)}`}${part}`;
}

/** One iteration in a line, once it is judged: which lanes failed, what was seen where. */
export function iterationText(
  arm: PlannedArm,
  judgement: Judgement,
  stopping: Stopping = { rule: 'fixed' },
): string {
  const { event, lanes } = judgement.read;
  const head = `${arm.name} ${countText(event.iteration, arm, stopping)}`;
  const ends = lanes.map(({ record }) => {
    const took =
      record.endMs === null || record.startMs === null ? '' : ` ${seconds(record.endMs - record.startMs)}`;
    return `${record.lane} ${record.exitCode === 0 ? 'ok' : `exit ${record.exitCode ?? record.signal}`}${took}`;
  });
  // Where the builder was gone before, nothing was built.
  return [head, ...(ends.length === 0 ? [] : [ends.join(', ')]), sightText(judgement)].join(': ');
}

/** `2/5`; where the number hangs on what is seen, its limit would only mislead: `2`. */
export function countText(count: number, { iterations }: PlannedArm, { rule }: Stopping): string {
  return rule === 'fixed' ? `${count}/${iterations}` : `${count}`;
}

/** What an iteration showed, in a clause. */
export function sightText({ invalid, sights }: Judgement): string {
  if (invalid !== null) return `does not count: ${terminalText(invalid)}`;
  const seen = sights
    .filter((sight) => sight.findings.length > 0)
    .map(
      (sight) =>
        `${sight.signal} in ${[...new Set(sight.findings.map((finding) => finding.lane ?? 'the daemon’s log'))].join(', ')}`,
    );
  const blind = sights.filter((sight) => sight.findings.length === 0 && sight.blind.size > 0);
  // Blind is not clean, and what the scenario came for is what the watcher wants to know of.
  const unseen = blind.length > 0 ? [`blind for ${blind.map((sight) => sight.signal).join(', ')}`] : [];
  return [...(seen.length > 0 ? seen : ['nothing seen']), ...unseen].join('; ');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
