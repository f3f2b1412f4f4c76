import path from 'node:path';
import {
  armLanes,
  type PlannedArm,
  type PlannedLane,
  type PlannedStep,
  type PlannedStepOf,
} from '../../scenario/plan.js';
import type { Helper } from './helpers.js';
import type { Call, Group, Program } from './programs/program.js';
import { filled, type Word, word } from './shell-word.js';

/** The commands of one iteration of an arm, and the shell functions that they call. */
export interface ArmLines {
  readonly lines: readonly string[];
  readonly helpers: readonly Helper[];
}

export interface Settings {
  readonly program: Program;
  readonly hasRegistry: boolean;
  /** Whether the script notes what made contexts hold. */
  readonly countsContents: boolean;
}

const files: Word = [{ variable: 'files' }];
const inScratch = (name: string): Word => [{ variable: 'scratch' }, `/${name}`];

/** What a lane's build is called with. */
export function callOf(
  arm: PlannedArm,
  lane: PlannedLane,
  { hasRegistry }: Pick<Settings, 'hasRegistry'>,
): Call {
  const { name, build } = lane;
  const folder = path.posix.dirname(build.dockerfile);
  return {
    build,
    dockerfile: {
      folder: folder === '.' ? files : [...files, `/${folder}`],
      name: path.posix.basename(build.dockerfile),
    },
    context: build.context === null ? files : contextOf(arm, build.context, name),
    fill: (template) => filled(template, { arm: arm.name, lane: name, hasRegistry }),
    folder: (template) => folderOf(template, name),
    metadata: [{ variable: 'logs' }, `/${name}.json`],
  };
}

const folderOf = (template: string, lane: string): Word =>
  inScratch(`folders/${template.replaceAll('{lane}', lane)}`);

function contextOf(arm: PlannedArm, context: string, lane: string): Word {
  const perLane = arm.steps.some(
    (step) => step.step === 'make-context' && step.name === context && step.each === 'lane',
  );
  return inScratch(`contexts/${context}${perLane ? `-${lane}` : ''}`);
}

/** @param common how many groups of each command the function `build` has already, in front and at the end. */
export function armLines(arm: PlannedArm, settings: Settings, common: Common): ArmLines {
  const helpers = new Set<Helper>();
  const linesOf = (step: PlannedStep): string[] => {
    switch (step.step) {
      case 'build':
        return buildLines(arm, step, settings, common, helpers);
      case 'make-context':
        return contextLines(arm, step, helpers);
      case 'prune':
        return [
          `${settings.program.prune} > "$logs/prune.out" 2>&1 || stop "the cache cannot be emptied: $logs/prune.out"`,
        ];
      case 'restart':
        return ['stop_daemon', 'start_daemon'];
      case 'check-cache':
        helpers.add('check_cache');
        return checkLines(arm, step.folder);
      case 'read-images':
        // The builds themselves write the digests.
        return [];
      case 'remove-folder':
        return [...byFolder(arm, step.folder).keys()].map((folder) => `rm -rf ${folder}`);
    }
  };
  const lines = arm.steps.flatMap(linesOf);
  return { lines: [...lines, ...removals(arm, settings)], helpers: [...helpers] };
}

function buildLines(
  arm: PlannedArm,
  step: PlannedStepOf<'build'>,
  settings: Settings,
  common: Common,
  helpers: Set<Helper>,
): string[] {
  const notes = settings.countsContents ? contentsLines(arm, step.lanes) : [];
  if (notes.length > 0) helpers.add('contents');
  const together = step.together && step.lanes.length > 1;
  const groups = together ? [step.lanes] : step.lanes.map((lane) => [lane]);
  return [...notes, ...groups.flatMap((lanes) => launchLines(arm, lanes, settings, common, helpers))];
}

/** All run in the background, as only `wait` lets a signal end the script at once. */
function launchLines(
  arm: PlannedArm,
  lanes: readonly PlannedLane[],
  settings: Settings,
  common: Common,
  helpers: Set<Helper>,
): string[] {
  const cancelled = lanes.filter(({ cancelAfterMs }) => cancelAfterMs !== null);
  const lines = lanes.map((lane) => {
    const delay = lanes.length > 1 && lane.delayMs > 0 ? `after ${seconds(lane.delayMs)} ` : '';
    if (delay !== '') helpers.add('after');
    const own = common.rest(settings.program.build(callOf(arm, lane, settings)));
    return wrapped([[`${delay}build`, lane.name], ...own], ' &');
  });
  for (const { name, delayMs, cancelAfterMs } of cancelled) {
    helpers.add('cancel_after');
    lines.push([`cancel_after ${seconds((cancelAfterMs ?? 0) + delayMs)} ${name} &`]);
  }
  return [
    ...lines.flat(),
    'wait',
    // It counts nowhere.
    ...cancelled.map(({ name }) => `rm -f "$logs/${name}.log" "$logs/${name}.exit"`),
  ];
}

const seconds = (ms: number): string => String(Number((ms / 1000).toFixed(3)));

function contentsLines(arm: PlannedArm, lanes: readonly PlannedLane[]): string[] {
  const byContext = new Map<string, string[]>();
  for (const { name, build } of lanes) {
    if (build.context === null) continue;
    const folder = word(...contextOf(arm, build.context, name));
    byContext.set(folder, [...(byContext.get(folder) ?? []), name]);
  }
  return [...byContext].map(([folder, names]) => `contents ${folder} ${names.join(' ')}`);
}

function contextLines(arm: PlannedArm, step: PlannedStepOf<'make-context'>, helpers: Set<Helper>): string[] {
  const lanes = step.each === 'lane' ? armLanes(arm).map(({ name }) => name) : [armLanes(arm)[0]?.name ?? ''];
  const { min, max } = step.bytes;
  helpers.add(step.like === null ? 'make_context' : 'make_context_like');
  return lanes.map((lane) => {
    const folder = word(...contextOf(arm, step.name, lane));
    return step.like === null
      ? `make_context ${folder} ${step.files} ${min} ${max}`
      : `make_context_like ${folder} ${word(...contextOf(arm, step.like, lane))}`;
  });
}

/** The folders that a name stands for, as words, each with the lanes that share it. */
function byFolder(arm: PlannedArm, folder: string): Map<string, PlannedLane[]> {
  const found = new Map<string, PlannedLane[]>();
  for (const lane of armLanes(arm)) {
    const at = word(...folderOf(folder, lane.name));
    found.set(at, [...(found.get(at) ?? []), lane]);
  }
  return found;
}

function checkLines(arm: PlannedArm, folder: string): string[] {
  return [...byFolder(arm, folder)].flatMap(([at, lanes]) => {
    const exporting = lanes.filter(({ build }) =>
      build.cacheTo.some((to) => to.type === 'local' && to.folder === folder),
    );
    if (exporting.length === 0) return [];
    return [`check_cache ${at} ${exporting.map(({ name }) => name).join(' ')}`];
  });
}

/** The images that the arm's builds leave are removed again. */
function removals(arm: PlannedArm, { program, hasRegistry }: Settings): string[] {
  if (program.removeImages === null) return [];
  const tags = armLanes(arm)
    .filter(({ build }) => build.push === null)
    .flatMap(({ name, build }) =>
      build.tags.map((tag) => word(...filled(tag, { arm: arm.name, lane: name, hasRegistry }))),
    );
  if (tags.length === 0) return [];
  return wrapped([[program.removeImages], ...[...new Set(tags)].map((tag) => [tag])], ' > /dev/null 2>&1');
}

/** What all commands of the script begin and end with. */
export interface Common {
  readonly front: readonly Group[];
  readonly back: readonly Group[];
  /** What is a command's own. */
  rest(command: readonly Group[]): readonly Group[];
}

export function commonOf(commands: readonly (readonly Group[])[]): Common {
  const [first = []] = commands;
  const text = (group: Group | undefined): string => JSON.stringify(group ?? null);
  const alike = (at: (command: readonly Group[]) => Group | undefined): boolean =>
    commands.every((command) => text(at(command)) === text(at(first)));
  const shortest = Math.min(...commands.map(({ length }) => length));
  let front = 0;
  while (front < shortest && alike((command) => command[front])) front++;
  let back = 0;
  while (front + back < shortest && alike((command) => command.at(-1 - back))) back++;
  return {
    front: first.slice(0, front),
    back: back === 0 ? [] : first.slice(-back),
    rest: (command) => command.slice(front, command.length - back),
  };
}

const width = 110;

/** A command on as many lines as it needs, in an indented body. */
export function wrapped(groups: readonly Group[], end: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const text of groups.map((group) => group.join(' '))) {
    if (line !== '' && line.length + text.length + 1 > width) {
      lines.push(`${line} \\`);
      line = `  ${text}`;
    } else line = line === '' ? text : `${line} ${text}`;
  }
  return [...lines, `${line}${end}`];
}
