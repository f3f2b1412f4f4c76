import { UserError } from '../../errors.js';
import { type Comparable, isStoppedBySight } from '../../results/comparable.js';
import { partText } from '../../results/merge/parts.js';

/** What has to be alike; known of a run before its first build. */
export type Subject = Pick<Comparable, 'name' | 'scenario' | 'contentSha256'> & {
  readonly builder: Pick<Comparable['builder'], 'simulated'>;
};

/** @throws {UserError} for two sides that are not of one thing. */
export function refuseUnlike(base: Subject, run: Subject): void {
  if (base.scenario !== run.scenario) {
    throw new UserError(
      `${base.name} is of the scenario ${base.scenario} and ${run.name} of ${run.scenario}; compare runs of one scenario`,
    );
  }
  if (base.contentSha256 !== run.contentSha256) {
    throw new UserError(
      `the scenario ${run.scenario} was changed between ${base.name} and ${run.name}; run it again on the base, or save a new baseline`,
    );
  }
  if (base.builder.simulated !== run.builder.simulated) {
    const [simulated, real] = base.builder.simulated ? [base, run] : [run, base];
    throw new UserError(
      `${simulated.name} is of the simulated builder and ${real.name} of a real one; compare like with like`,
    );
  }
}

/** @throws {UserError} for a side that has nothing to hold the other against. */
export function refuseEmpty({ name, arms }: Comparable): void {
  if (arms.some(({ valid }) => valid > 0)) return;
  throw new UserError(`${name} has no valid iteration, so there is nothing to compare`);
}

/** @throws {UserError} for a side whose iterations are of many offsets, chosen by what was seen. */
export function refuseSearch({ name, phase }: Pick<Comparable, 'name' | 'phase'>): void {
  if (phase !== 'search') return;
  throw new UserError(
    `${name} only searched for an offset, so its counts are of no one rate; compare the run that measured there, or one at a --delay`,
  );
}

type Measured = Pick<Comparable, 'machine' | 'ofSeveralMachines' | 'ofSeveralBuilders'>;

/** Why no difference of their rates is one of the builders, in a sentence; null where nothing is known to speak against it. */
export function notOfBuilders(base: Measured, run: Measured): string | null {
  const reasons = [otherMachine(base, run), changedBuilder(base, run)].filter((one) => one !== null);
  return reasons.length === 0 ? null : reasons.join('; ');
}

function changedBuilder(base: Measured, run: Measured): string | null {
  const sides = sidesOf(base.ofSeveralBuilders, run.ofSeveralBuilders);
  return sides === null ? null : `the iterations of ${sides} ran on different versions of the builder`;
}

/** What differs between the machines that rates hang on, in a sentence; null where nothing is known to. */
function otherMachine(there: Measured, here: Measured): string | null {
  const sides = sidesOf(there.ofSeveralMachines, here.ofSeveralMachines);
  if (sides !== null) return `the iterations of ${sides} ran on different machines`;
  const { machine: base } = there;
  const { machine: run } = here;
  const facts = [
    ['CPU model', base.cpuModel, run.cpuModel],
    ['number of CPUs', base.cpus, run.cpus],
    ['kernel', base.kernel, run.kernel],
    ['operating system', base.os, run.os],
    ['architecture', base.arch, run.arch],
  ] as const;
  const different = facts.filter(([, there, here]) => there !== here);
  const named = different.map(([what, there, here]) => `${what} ${there} there, ${here} here`);
  const isOtherHost = base.host !== null && run.host !== null && base.host !== run.host;
  if (isOtherHost) named.push('another host');
  return named.length === 0 ? null : `the machine differs: ${named.join('; ')}`;
}

/** Why the counts of one side say less than they seem to, or null. */
export function unfairSample(base: Comparable, run: Comparable): string | null {
  const sides = sidesOf(isStoppedBySight(base.stopping), isStoppedBySight(run.stopping));
  return sides === null ? null : `${sides} ended because of what showed, so the counts are no fair sample`;
}

/** The sides that something is so of; null: of neither. */
function sidesOf(ofBase: boolean, ofRun: boolean): string | null {
  if (!ofBase) return ofRun ? 'the run' : null;
  return ofRun ? 'the base and the run' : 'the base';
}

/** What the two sides do not share and may be compared over all the same: a sentence each. */
export function differences(base: Comparable, run: Comparable): string[] {
  const kinds = [base.builder.kind, run.builder.kind] as const;
  const isOtherKind = kinds[0] !== kinds[1];
  const isOtherCount = base.countedBy !== run.countedBy;
  return [
    ...incomplete('base', base),
    ...incomplete('run', run),
    ...(isOtherKind ? [`the base is of the builder ${kinds[0]}, the run of ${kinds[1]}`] : []),
    ...(isOtherKind ? [] : otherName(base.builder, run.builder)),
    ...(isOtherCount
      ? [
          `the base was counted by buildrace ${base.countedBy}, the run by ${run.countedBy}: a detector may have changed`,
        ]
      : []),
  ];
}

/** Two builders of one kind, or two profiles of the simulated one. */
function otherName(
  { kind, name: there }: Comparable['builder'],
  { name: here }: Comparable['builder'],
): string[] {
  if (there === null || here === null || there === here) return [];
  return [`the base is of the builder ${kind} ${there}, the run of ${here}`];
}

/** What a side lacks of its plan. */
function incomplete(side: string, { shard, stopped }: Comparable): string[] {
  return [
    ...(shard === null ? [] : [`the ${side} is part ${partText(shard)} of a plan only`]),
    ...(stopped === null ? [] : [`the ${side} did not come to its end (${stopped})`]),
  ];
}
