import type { RunDetail } from '../../results/detail.js';
import { armLanes } from '../../scenario/plan.js';
import type { Signal } from '../../signals.js';
import type { Settings } from './arm-lines.js';
import { type Chosen, chooseArms, type Mode } from './choose-arms.js';
import { type BuiltFiles, builtFiles, filesFolder } from './kept-files.js';
import { lookingFor } from './look.js';
import { wantsOwnDaemon } from './own-daemon.js';
import { programs } from './programs/index.js';
import type { Program } from './programs/program.js';
import { placeholderClauses, scriptText } from './script.js';

/** A file of the reproduction, by a path relative to its folder. */
export interface ReproductionFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable: boolean;
}

/** The builds of a run as a shell script that needs nothing of this tool, with the files that it builds from. */
export interface Reproduction {
  /** `reproduce.sh`: whole in itself, as it writes the other files where they are missing (unless they are large). */
  readonly script: string;
  /** What is built: Dockerfiles and their contexts. */
  readonly files: readonly ReproductionFile[];
  /** How it is called, and what it needs: a sentence each, in Markdown and in words of ours alone. */
  readonly usage: readonly string[];
  /** What of the run the script does not do, a clause each; empty: it does all that matters. */
  readonly leavesOut: readonly string[];
}

/** The reproduction of a run, or why there can be none (one clause). */
export function reproductionOf(detail: RunDetail): Reproduction | { readonly none: string } {
  const { plan, environment } = detail;
  const program = programs.get(plan.builder.kind);
  if (plan.builder.simulated || program === undefined)
    return { none: 'the run was on a simulated builder, which nobody else has' };
  const chosen = chooseArms(detail);
  if (chosen === null) return { none: 'no arm of the run was carried out to show a fault' };
  const hasOwnDaemon = wantsOwnDaemon(plan.builder.kind, chosen);
  const cannot = whyImpossible(chosen, program, hasOwnDaemon);
  if (cannot !== null) return { none: cannot };
  const lanes = chosen.modes.flatMap(({ arm }) => armLanes(arm));
  const built = builtFiles(environment.scenario.files, lanes);
  if ('none' in built) return built;
  const looked = { lanes, hasOwnDaemon, wake: program.wake };
  const looking = lookingFor(chosen.signals, looked, program.printsVertices);
  const settings: Settings = {
    program,
    hasRegistry: plan.registry !== null,
    countsContents: looking.helpers.includes('contents'),
  };
  const needsRegistry = plan.registry !== null && JSON.stringify(chosen.modes).includes('{registry}');
  const emptiesCache =
    !hasOwnDaemon && chosen.modes.some(({ arm }) => arm.steps.some(({ step }) => step === 'prune'));
  const needs = { hasOwnDaemon, needsRegistry, emptiesCache };
  const parts = { detail, chosen, settings, built, looking, ...needs };
  const { script, placeholders } = scriptText(parts);
  return {
    script,
    files: built.files,
    usage: usageOf(detail, chosen, program, built, needs),
    leavesOut: [
      ...placeholderClauses(placeholders),
      ...looking.leavesOut,
      ...built.leavesOut,
      ...leftOut(detail, chosen, program),
    ],
  };
}

function whyImpossible({ modes }: Chosen, program: Program, hasOwnDaemon: boolean): string | null {
  const steps = modes.flatMap(({ arm }) => arm.steps.map(({ step }) => step));
  if (steps.includes('prune') && program.prune === null)
    return 'no command empties the cache of that builder, and the run did';
  if (!hasOwnDaemon && steps.includes('restart')) return 'that builder cannot be restarted, and the run did';
  return null;
}

interface Needs {
  readonly hasOwnDaemon: boolean;
  readonly needsRegistry: boolean;
  /** It prunes a builder that is not its own. */
  readonly emptiesCache: boolean;
}

function usageOf(
  detail: RunDetail,
  { modes: [first, ...others], signals }: Chosen,
  program: Program,
  { isInlined }: BuiltFiles,
  { hasOwnDaemon, needsRegistry, emptiesCache }: Needs,
): string[] {
  const isSeen = countsOf(detail, first, signals).some(({ count }) => count > 0);
  return [
    isSeen
      ? '`sh reproduce.sh` shows the fault.'
      : '`sh reproduce.sh` carries out the builds; the run did not see the fault.',
    ...others.map((mode) => otherMode(detail, mode, signals)),
    ...(emptiesCache
      ? [
          'Careful: it empties the whole cache of the builder, again and again; it only does so where `DESTRUCTIVE=1` is set.',
        ]
      : []),
    '`ITERATIONS` says how often (without it, as often as the run did, 10 times at most), `LOGS` in which folder the logs are kept (`logs`).',
    hasOwnDaemon
      ? 'It needs `buildkitd` and `buildctl` on `PATH` and root, and starts a daemon of its own; `BUILDKITD_CONFIG` names a `buildkitd.toml` for it, with mirrors for example.'
      : `It needs ${program.needs.map((one) => `\`${one}\``).join(' and ')} on \`PATH\`. ${program.place}`,
    ...(needsRegistry ? ['`REGISTRY` is the `HOST:PORT` of a registry that takes pushes.'] : []),
    ...(isInlined ? [] : [`The folder \`${filesFolder}\` has to lie beside it.`]),
    'It ends with 0 where the fault was seen, 1 where it was not, and 2 where it could not be tried.',
  ];
}

function countsOf({ result }: RunDetail, { arm }: Mode, signals: readonly Signal[]) {
  const found = result.arms.find(({ name }) => name === arm.name)?.signals ?? [];
  return found
    .filter(({ signal, iterations }) => signals.includes(signal) && iterations.of > 0)
    .map(({ signal, iterations: { count, of } }) => ({ signal, count, of }));
}

/** What the run saw of an arm beside it; nothing is promised of another machine. */
function otherMode(detail: RunDetail, mode: Mode, signals: readonly Signal[]): string {
  const counts = countsOf(detail, mode, signals);
  const call = `\`sh reproduce.sh ${mode.name}\``;
  const what = mode.name === 'control' ? 'carries out the control' : 'carries out the builds one at a time';
  if (counts.length === 0) return `${call} ${what}, of which the run tells nothing.`;
  const each = counts.map(({ signal, count, of }) => {
    const named = counts.length === 1 ? '' : ` (\`${signal}\`)`;
    return mode.name === 'control'
      ? `clean in ${of - count} of ${of} iterations${named}`
      : `in ${count} of ${of} iterations${named}`;
  });
  const saw = mode.name === 'control' ? 'which in the run was' : 'which in the run showed it';
  return `${call} ${what}, ${saw} ${each.join(' and ')}.`;
}

function leftOut({ plan }: RunDetail, { modes }: Chosen, program: Program): string[] {
  const lanes = modes.flatMap(({ arm }) => armLanes(arm));
  const skipped = plan.arms.filter(({ of, skipped }) => of === modes[0].arm.name && skipped !== null);
  const other = plan.arms.filter(
    ({ role, name, skipped }) => role === 'reproduce' && name !== modes[0].arm.name && skipped === null,
  );
  return [
    ...(lanes.some(({ build }) => build.progress !== 'plain') && program.printsVertices
      ? ['progress is printed plain, whatever the run asked for']
      : []),
    ...(modes[0].arm.steps.some((step) => step.step === 'build' && step.together && step.lanes.length > 1)
      ? ['builds that go together are started by the shell, some milliseconds apart, and not through a gate']
      : []),
    ...(modes[0].arm.steps.some(({ step }) => step === 'prune')
      ? [
          'one arm has the builder to itself, where in the run arms took turns and left each other base images',
        ]
      : []),
    ...skipped.map(({ name }) => `arm ${name} is not in it, as the run skipped it`),
    ...(other.length === 0
      ? []
      : [`other reproduce arms are not in it: ${other.map(({ name }) => name).join(', ')}`]),
  ];
}
