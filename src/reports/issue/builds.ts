import path from 'node:path';
import type { IterationDetail, LaneDetail, RunDetail } from '../../results/detail.js';
import type { ArmResult } from '../../results/result.js';
import { type PlannedArm, type PlannedStep, stepText } from '../../scenario/plan.js';
import { shellWord } from '../escape.js';
import { counted } from '../numbers.js';
import { type CodePart, chunk, linesAsLog } from './parts.js';
import type { Subject } from './subject.js';

/** A step of 64 lanes is told by the first of them. */
const maxLanes = 4;

/** The commands of one iteration of the arm, as they were called, with what happens between them as comments. */
export function buildCommands(detail: RunDetail, subject: Subject): CodePart | null {
  const lines = [
    ...iterationLines(detail, subject),
    ...subject.beside.flatMap((arm) => besideLines(detail, subject, arm)),
  ];
  if (lines.length === 0) return null;
  return { kind: 'code', summary: null, language: 'sh', chunks: [chunk(linesAsLog(lines))] };
}

function iterationLines({ iterations }: RunDetail, { arm, planned, failing }: Subject): string[] {
  if (arm === null) return [];
  const shown = failing ?? iterations.find((one) => one.arm === arm.name && one.invalid === null) ?? null;
  if (shown === null || planned === null) return commandLines(arm.command, {});
  return stepLines(planned, shown);
}

function stepLines({ steps }: PlannedArm, { lanes }: IterationDetail): string[] {
  let build = 0;
  return steps.flatMap((step) => {
    if (step.step !== 'build') return [`# ${stepText(step)}`];
    const own = lanes.filter((lane) => lane.step === build);
    build++;
    return [`# ${howStarted(step)}`, ...own.slice(0, maxLanes).flatMap(laneLines), ...others(own)];
  });
}

function laneLines({ record }: LaneDetail): string[] {
  return commandLines(record.command, record.env);
}

function others(lanes: readonly LaneDetail[]): string[] {
  return lanes.length > maxLanes ? [`# and ${counted(lanes.length - maxLanes, 'build')} more`] : [];
}

/** `builds a and b, started together; b 200 ms later`. */
function howStarted({ together, lanes }: Extract<PlannedStep, { step: 'build' }>): string {
  const shown = lanes.slice(0, maxLanes).map(({ name }) => name);
  const names = [...shown, ...(lanes.length > maxLanes ? ['…'] : [])].join(', ');
  if (lanes.length === 1) return `build ${names}`;
  if (!together) return `builds ${names}, one after the other`;
  const late = lanes.filter(({ delayMs }) => delayMs > 0).slice(0, maxLanes);
  return [
    `builds ${names}, started at the same instant`,
    ...late.map(({ name, delayMs }) => `${name} ${delayMs} ms later`),
  ].join('; ');
}

/** The build of a control that stands beside the last one shown: the first ones are often the same. */
function besideLines({ iterations }: RunDetail, { failing }: Subject, arm: ArmResult): string[] {
  // One at a time, the commands are the same.
  if (arm.role !== 'control') return [];
  const last = failing?.lanes.at(-1)?.record.lane;
  const lanes = iterations.find((one) => one.arm === arm.name && one.invalid === null)?.lanes ?? [];
  const lane = lanes.find(({ record }) => record.lane === last) ?? lanes.at(-1);
  if (lane === undefined && arm.command === null) return [];
  const which = lane === undefined ? 'the first build' : `build ${lane.record.lane}`;
  return [
    '',
    `# for comparison, ${which} of ${arm.name} (control)`,
    ...(lane === undefined ? commandLines(arm.command, {}) : laneLines(lane)),
  ];
}

/** As it is called in the folder of the Dockerfile, program by its name: where things lay helps nobody else. */
function commandLines(command: readonly string[] | null, env: Readonly<Record<string, string>>): string[] {
  if (command === null) return [];
  const [program = '', ...args] = command;
  const set = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const relative = relativeTo(dockerfileFolder(args), withoutPrivateAddress(args));
  return [[...set, path.basename(program), ...relative.map(shellWord)].join(' ')];
}

/** The socket of a daemon of the run's own lies in a folder of its own, which is gone. */
function withoutPrivateAddress(args: readonly string[]): string[] {
  const isPrivate = (i: number): boolean =>
    args[i] === '--addr' && /^unix:.*\/buildrace-\d+-\w+\/.*\.sock$/.test(args[i + 1] ?? '');
  return args.filter((_, i) => !isPrivate(i) && !isPrivate(i - 1));
}

/** From `--local dockerfile=FOLDER` (buildctl) or `-f FILE` (all others); null where neither is there. */
function dockerfileFolder(args: readonly string[]): string | null {
  const local = args.find((one, i) => args[i - 1] === '--local' && one.startsWith('dockerfile='));
  if (local !== undefined) return local.slice('dockerfile='.length);
  const file = args.find((_, i) => args[i - 1] === '-f');
  return file === undefined ? null : path.dirname(file);
}

function relativeTo(folder: string | null, args: readonly string[]): string[] {
  if (folder === null || folder.length < 2) return [...args];
  return args.map((one) => {
    if (one === folder || one.endsWith(`=${folder}`)) return `${one.slice(0, -folder.length)}.`;
    return one.startsWith(`${folder}/`) ? one.slice(folder.length + 1) : one;
  });
}
