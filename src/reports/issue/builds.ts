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
  const lines = [...iterationLines(detail, subject), ...subject.beside.flatMap(besideLines)];
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

function besideLines({ name, role, command }: ArmResult): string[] {
  // One at a time, the commands are the same.
  if (role !== 'control' || command === null) return [];
  return ['', `# for comparison, the first build of ${name} (control)`, ...commandLines(command, {})];
}

/** The program by its name: which one it was, the versions tell, and where it lay helps nobody else. */
function commandLines(command: readonly string[] | null, env: Readonly<Record<string, string>>): string[] {
  if (command === null) return [];
  const [program = '', ...args] = command;
  const set = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  return [[...set, ...[path.basename(program), ...args].map(shellWord)].join(' ')];
}
