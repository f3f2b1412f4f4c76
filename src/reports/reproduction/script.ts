// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's

import type { RunDetail } from '../../results/detail.js';
import { armLanes, type PlannedArm } from '../../scenario/plan.js';
import { terminalText } from '../escape.js';
import { hasOtherDelays, launchText } from '../launch-text.js';
import {
  type ArmLines,
  armLines,
  type Common,
  callOf,
  commonOf,
  type Settings,
  wrapped,
} from './arm-lines.js';
import type { Chosen } from './choose-arms.js';
import { comment } from './comment.js';
import { helperLines } from './helpers.js';
import { type BuiltFiles, filesFolder, needsBase64, writeFiles } from './kept-files.js';
import type { Looking } from './look.js';
import { daemonLines, daemonNeeds } from './own-daemon.js';
import { word } from './shell-word.js';
import type { Sign } from './signs/sign.js';

export interface Parts {
  readonly detail: RunDetail;
  readonly chosen: Chosen;
  readonly settings: Settings;
  readonly built: BuiltFiles;
  readonly looking: Looking;
  readonly hasOwnDaemon: boolean;
  readonly needsRegistry: boolean;
  /** It prunes a builder that is not its own. */
  readonly emptiesCache: boolean;
}

export interface Text {
  readonly script: string;
  /** What stands in it, or in the files beside it, for values that were taken out. */
  readonly placeholders: readonly string[];
}

/** The script, from the top to the bottom. */
export function scriptText(parts: Parts): Text {
  const { chosen, settings, looking } = parts;
  const commands = chosen.modes.flatMap(({ arm }) =>
    armLanes(arm).map((lane) => settings.program.build(callOf(arm, lane, settings))),
  );
  const common = commonOf(commands);
  const arms = chosen.modes.map(({ name, arm }) => ({ name, arm, ...armLines(arm, settings, common) }));
  const blocks: readonly (readonly string[])[] = [
    preamble(parts),
    ...(parts.hasOwnDaemon ? [daemonLines(chosen.modes)] : []),
    ...helperLines(helpersOf(parts, arms)),
    filesBlock(parts.built),
    buildFunction(settings, common, arms),
    ...arms.map(({ name, arm, lines }) => [
      ...comment(titleOf(parts.detail, arm)),
      `${name}() {`,
      ...indented(lines),
      '}',
    ]),
    lookFunction(looking),
    loop(parts),
  ];
  const body = blocks.map((block) => block.join('\n')).join('\n\n');
  const beside = parts.built.isInlined ? [] : parts.built.files.map(({ content }) => String(content));
  const placeholders = placeholdersIn([body, ...beside].join('\n'));
  const top = ['#!/bin/sh', ...head(parts, placeholders), 'set -u'].join('\n');
  return { script: `${top}\n\n${body}\n`, placeholders };
}

/** In the form of `redaction/placeholders.ts`. */
function placeholdersIn(text: string): string[] {
  return [...new Set(text.match(/\bREDACTED-[a-z-]+-\d+(?!\d)/g) ?? [])];
}

/** A clause about all of them; nothing where there are none. */
export function placeholderClauses(placeholders: readonly string[]): string[] {
  const [first, ...others] = placeholders;
  if (first === undefined) return [];
  if (others.length === 0) return [`${first} stands for a value that was taken out: put your own in`];
  const names = `${placeholders.slice(0, -1).join(', ')} and ${placeholders.at(-1)}`;
  return [`${names} stand for values that were taken out: put your own in`];
}

/** What the arm does; a title does not know of delays that it was given by options. */
function titleOf({ plan }: RunDetail, arm: PlannedArm): string {
  return hasOtherDelays(plan, arm) ? `${arm.name}: ${launchText(arm)}` : (arm.title ?? arm.name);
}

/** Only what stands on a line of its own is indented: a quoted word may hold line breaks. */
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function helpersOf({ built, looking }: Parts, arms: readonly ArmLines[]) {
  return [
    ...(built.isInlined && needsBase64(built.files) ? (['from_base64'] as const) : []),
    ...arms.flatMap(({ helpers }) => helpers),
    ...looking.helpers,
  ];
}

function head(
  { detail, chosen, hasOwnDaemon, emptiesCache }: Parts,
  placeholders: readonly string[],
): string[] {
  const { plan } = detail;
  const modes = chosen.modes.map(({ name, arm }) => {
    const call = name === 'reproduce' ? 'sh reproduce.sh' : `sh reproduce.sh ${name}`;
    return `#   ${call.padEnd(26)} ${terminalText(titleOf(detail, arm))}`;
  });
  return [
    ...comment(plan.scenario.title),
    ...plan.scenario.reports.flatMap((report) => comment(report)),
    '#',
    ...modes,
    '#',
    ...seenBefore(detail, chosen).flatMap((sentence) => comment(sentence)),
    '# Exit code: 0 the fault was seen, 1 it was not, 2 it could not be tried.',
    ...placeholderClauses(placeholders).flatMap((clause) => comment(`${clause}.`)),
    ...(emptiesCache
      ? [
          '# CAREFUL: it EMPTIES THE WHOLE CACHE of the builder, again and again. DESTRUCTIVE=1 says that it may.',
        ]
      : []),
    ...(hasOwnDaemon
      ? ['# It starts a buildkitd of its own, for which it has to run as root on Linux.']
      : []),
  ];
}

/** Builders that are one program. */
const daemonless = new Set(['buildah', 'podman']);

/** What the run saw, by arm. */
function seenBefore({ result, plan }: RunDetail, { modes, signals }: Chosen): string[] {
  const { kind, version, daemonVersion } = plan.builder;
  if (plan.stopping.rule === 'first')
    return ['The run stopped at the first sight of it, and measured no rate.'];
  const counts = signals.flatMap((signal) => {
    const ofModes = modes.flatMap(({ name, arm }) => {
      const found = result.arms.find((one) => one.name === arm.name)?.signals;
      const seen = found?.find((one) => one.signal === signal)?.iterations;
      return seen === undefined || seen.of === 0 ? [] : [`${name} ${seen.count} of ${seen.of}`];
    });
    return ofModes.length === 0 ? [] : [`${signal}: ${ofModes.join(', ')}`];
  });
  if (counts.length === 0) return [];
  // A client's version tells nothing of the daemon that builds.
  const daemon = daemonless.has(kind) ? null : `(daemon ${daemonVersion ?? 'of a version not known'})`;
  const who = [kind, version, daemon];
  return [`Iterations that showed it with ${who.filter(Boolean).join(' ')}: ${counts.join('; ')}.`];
}

function preamble({ detail, chosen, settings, hasOwnDaemon, needsRegistry, emptiesCache }: Parts): string[] {
  const { program } = settings;
  const names = chosen.modes.map(({ name }) => name);
  const needs = [...program.needs, ...(hasOwnDaemon ? daemonNeeds(chosen.modes) : []), 'awk'];
  return [
    `ITERATIONS=\${ITERATIONS:-${defaultIterations(detail, chosen)}}`,
    'LOGS=${LOGS:-logs} # a folder',
    'case $LOGS in -*) LOGS=./$LOGS ;; esac',
    'mode=${1:-reproduce}',
    'stop() { echo "reproduce.sh: $1" >&2; exit 2; }',
    `case $#:$mode in 0:* | ${names.map((name) => `1:${name}`).join(' | ')}) ;;`,
    `  *) stop 'usage: sh reproduce.sh [${names.join(' | ')}]' ;;`,
    'esac',
    "case $ITERATIONS in '' | *[!0-9]* | 0*) stop 'ITERATIONS is a number from 1 on' ;; esac",
    ...(needsRegistry
      ? [
          '# HOST:PORT of a registry that takes pushes, such as 127.0.0.1:5000 (docker run -p 5000:5000 registry).',
          '[ -n "${REGISTRY:-}" ] || stop \'REGISTRY is to be the HOST:PORT of a registry that takes pushes\'',
        ]
      : []),
    ...(emptiesCache
      ? [
          '[ "${DESTRUCTIVE:-}" = 1 ] || stop \'it empties the whole cache of the builder: set DESTRUCTIVE=1 if it may\'',
        ]
      : []),
    ...(hasOwnDaemon ? ['[ "$(id -u)" = 0 ] || stop \'it starts a buildkitd, and has to run as root\''] : []),
    `for program in ${needs.join(' ')}; do`,
    '  command -v "$program" > /dev/null || stop "$program is not on PATH"',
    'done',
    "work=$(mktemp -d) || stop 'no temporary folder can be made'",
    'clean_up() {',
    "  trap '' INT TERM HUP",
    '  jobs -p > "$work/jobs"',
    '  for job in $(cat "$work/jobs"); do kill "$job"; done 2> /dev/null',
    '  wait 2> /dev/null',
    ...(hasOwnDaemon ? ['  stop_daemon'] : []),
    '  rm -rf "$work"',
    '}',
    'trap clean_up EXIT',
    "trap 'exit 130' INT",
    "trap 'exit 143' TERM",
    "trap 'exit 129' HUP",
    "ending='{ kill $!; wait; } 2> /dev/null; exit 143' # how a build in the background ends what it has started",
    'scratch=$work/iteration',
    'run=repro-$(date +%Y%m%d%H%M%S)-$$ # in names and build arguments: new to every builder',
    'mkdir -p "$LOGS" || stop "$LOGS cannot be made"',
  ];
}

function defaultIterations({ plan }: RunDetail, { modes }: Chosen): number {
  return plan.stopping.rule === 'fixed' ? Math.min(modes[0].arm.iterations, 10) : 10;
}

function filesBlock({ files, isInlined }: BuiltFiles): string[] {
  const first = word({ variable: 'files' }, `/${files[0]?.path.slice(filesFolder.length + 1) ?? ''}`);
  const beside = `files=$(dirname "$0")/${filesFolder}`;
  if (!isInlined)
    return [
      '# What is built is too large for this script.',
      beside,
      `[ -f ${first} ] || stop "the folder ${filesFolder} is not beside this script"`,
    ];
  return [
    `# What is built. A folder ${filesFolder} beside this script takes its place.`,
    beside,
    `if [ ! -f ${first} ]; then`,
    'files=$work/files',
    'mkdir "$files"',
    ...writeFiles(files),
    'fi',
  ];
}

function buildFunction({ program }: Settings, { front, back }: Common, arms: readonly ArmLines[]): string[] {
  const cancels = arms.some(({ helpers }) => helpers.includes('cancel_after'));
  const env = program.env === null ? [] : [[program.env]];
  const command = wrapped([...env, ...front, ['"$@"'], ...back], '');
  return [
    '# build NAME [FLAG...]: one build, whose log and exit code go to $logs.',
    'build() {',
    '  name=$1; shift',
    '  trap "$ending" TERM',
    ...indented(command.slice(0, -1)),
    `  ${command.at(-1)} > "$logs/$name.log" 2>&1 &`,
    ...(cancels ? ['  echo $! > "$logs/$name.pid"'] : []),
    '  wait $!',
    '  echo $? > "$logs/$name.exit"',
    ...(cancels ? ['  rm -f "$logs/$name.pid"'] : []),
    '}',
  ];
}

function lookFunction({ signs, bodies }: Looking): string[] {
  const told = signs.map(({ signal, means }) => comment(`${signal}: ${means}.`));
  if (signs.length === 1)
    return [
      ...told.flat(),
      '# look: prints what shows it, and fails where it cannot tell.',
      'look() {',
      ...indented(bodies.flat()),
      '}',
    ];
  return [
    '# look SIGNAL: prints what shows it, and fails where it cannot tell.',
    'look() {',
    '  case $1 in',
    ...signs.flatMap(({ signal, means }, i) => [
      ...comment(`${means}.`, '  '),
      `  ${signal})`,
      ...indented(indented(bodies[i] ?? [])),
      '    ;;',
      ...(i === signs.length - 1 ? ['  esac'] : []),
    ]),
    '}',
  ];
}

function loop(parts: Parts): string[] {
  const { chosen, settings, hasOwnDaemon, looking } = parts;
  const { program } = settings;
  const prunes = chosen.modes.some(({ arm }) => arm.steps.some(({ step }) => step === 'prune'));
  const usesDaemonLog = looking.signs.some(({ signal }) => signal === 'daemon-error');
  const names = looking.signs.map(({ signal }) => signal).join(' ');
  const isSeveral = looking.signs.length > 1;
  return [
    ...(hasOwnDaemon
      ? ['start_daemon']
      : program.wake === null
        ? []
        : [
            `${program.wake} > "$work/wake" 2>&1 || { cat "$work/wake" >&2; stop 'the builder does not answer'; }`,
          ]),
    ...(isSeveral ? [': > "$work/tally"'] : []),
    prunes
      ? 'seen=0 counted=0 i=1'
      : 'seen=0 counted=0 i=0 # iteration 0 pulls the base images, and does not count',
    'while [ "$i" -le "$ITERATIONS" ]; do',
    '  logs=$LOGS/$mode-$i',
    '  rm -rf "$logs" "$scratch"',
    '  mkdir -p "$logs" "$scratch/folders" "$scratch/contexts" || stop "$logs cannot be made"',
    ...(usesDaemonLog ? ['  daemon_lines=$(($(wc -l < "$LOGS/daemon.log")))'] : []),
    `  ${firstLaunch(parts, prunes)}`,
    ...indented(isSeveral ? lookForEach(names) : ['looked=yes', 'look > "$logs/seen" || looked=""']),
    ...indented(exitCodes(chosen)),
    '  if [ "$i" = 0 ]; then',
    '    echo "iteration 0 (exit codes: $exits) does not count"',
    ...(prunes ? [] : indented(indented(warmUp(parts)))),
    '  elif [ -s "$logs/seen" ]; then',
    '    seen=$((seen + 1)) counted=$((counted + 1))',
    ...(isSeveral ? ['    cat "$logs/tally" >> "$work/tally"'] : []),
    '    echo "iteration $i (exit codes: $exits): seen"',
    '    head -n 4 "$logs/seen" | cut -c 1-160 | sed \'s/^/    /\'',
    '  elif [ -n "$failed" ]; then',
    '    echo "iteration $i (exit codes: $exits) does not count: a build ended otherwise than it should, see $logs"',
    '  elif [ -z "$looked" ]; then',
    '    echo "iteration $i (exit codes: $exits) does not count: blind, the logs have nothing to tell it by"',
    '  else',
    '    counted=$((counted + 1))',
    ...(isSeveral ? ['    cat "$logs/tally" >> "$work/tally"'] : []),
    '    echo "iteration $i (exit codes: $exits): not seen"',
    '  fi',
    '  i=$((i + 1))',
    'done',
    ...(isSeveral
      ? [
          `for signal in ${names}; do`,
          '  echo "$signal: seen in $(grep -c "^$signal seen" "$work/tally") of $(grep -c "^$signal " "$work/tally")"',
          'done',
        ]
      : []),
    'echo "seen in $seen of $counted iterations"',
    '[ "$counted" -gt 0 ] || exit 2',
    '[ "$seen" -gt 0 ]',
  ];
}

function lookForEach(names: string): string[] {
  return [
    'looked=""',
    `for signal in ${names}; do`,
    '  look "$signal" > "$logs/$signal" || continue',
    '  looked=yes',
    '  if [ -s "$logs/$signal" ]; then echo "$signal seen"; else echo "$signal not"; fi >> "$logs/tally"',
    '  sed "s/^/$signal: /" "$logs/$signal" >> "$logs/seen"',
    'done',
  ];
}

function exitCodes({ modes }: Chosen): string[] {
  const lanes = modes.flatMap(({ arm }) => armLanes(arm)).filter(({ build }) => build.meantToFail);
  const meant = [...new Set(lanes.map(({ name }) => name))];
  const works = '[ "$code" = 0 ]';
  const asMeant =
    meant.length === 0
      ? works
      : `case $name in ${meant.join(' | ')}) [ "$code" != 0 ] ;; *) ${works} ;; esac`;
  return [
    'exits="" failed="" worked=""',
    'for file in "$logs"/*.exit; do',
    '  name=$(basename "$file" .exit) code=$(cat "$file")',
    '  exits="$exits${exits:+, }$name $code"',
    `  if ${asMeant}; then worked=yes; else failed=yes; fi`,
    'done',
  ];
}

/**
 * What iteration 0 carries out. Where the fault may be that builds fail, all of them, it is what should be clean: then a
 * failure there is something else.
 */
function firstLaunch({ chosen, looking }: Parts, prunes: boolean): string {
  const clean = chosen.modes.find(({ name }) => name !== 'reproduce')?.name;
  if (prunes || clean === undefined || !looking.signs.some(goesByExitCode)) return '"$mode"';
  return `if [ "$i" = 0 ]; then ${clean}; else "$mode"; fi`;
}

function goesByExitCodes({ signs }: Parts['looking']): boolean {
  return signs.every(goesByExitCode);
}

function goesByExitCode(sign: Sign): boolean {
  return sign.goesByExitCode === true;
}

/** Where nothing works, all iterations would be alike: not of the fault, unless that is seen already. */
function warmUp({ chosen, looking }: Parts): string[] {
  const byExitCode = goesByExitCodes(looking);
  // With nothing that should be clean, a failure may be the fault as well as anything else.
  if (byExitCode && chosen.modes.length === 1) return [];
  return [
    `if [ -z "$worked" ]${byExitCode ? '' : ' && [ ! -s "$logs/seen" ]'}; then`,
    '  tail -n 5 "$logs"/*.log >&2',
    '  stop "no build ended as it should: $logs"',
    'fi',
  ];
}
