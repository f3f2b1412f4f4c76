import path from 'node:path';
import type { RunDetail } from '../../results/detail.js';
import type { PlannedArm } from '../../scenario/plan.js';
import { codeSpan, terminalLines } from '../escape.js';
import { type CodePart, chunk, linesAsLog, type Part, text } from './parts.js';
import type { Subject } from './subject.js';
import { shortProse } from './words.js';

type Output = RunDetail['environment']['versionOutput'][number];

/** Outputs of more lines than that are folded. */
const maxUnfolded = 12;
const maxOutputs = 10;

/** Output of a command, as the form spells it (`docker buildx inspect`), or null where the run did not record it. */
export function outputOf({ environment }: RunDetail, command: string): Output | null {
  return environment.versionOutput.find((one) => spelled(one.command) === command) ?? null;
}

/** Its lines as one text; null where it is not recorded. */
export function outputText(detail: RunDetail, command: string): string | null {
  const output = outputOf(detail, command);
  return output === null ? null : terminalLines(output.output.trim()).join('\n');
}

/** The command without the folder of its program and without flags that only say which daemon. */
function spelled(command: string): string {
  const [program = '', ...args] = command.split(' ');
  const kept = args.filter((one, i) => !addressed.has(one) && !addressed.has(args[i - 1] ?? ''));
  return [path.basename(program), ...kept].join(' ');
}
const addressed = new Set(['--addr', '--context', '--host', '--builder']);

/**
 * Version outputs, as a terminal shows them, the short ones in one fence; and which of those wanted are missing.
 * @param shown commands whose output stands elsewhere in the form
 */
export function versionOutputs(
  { environment }: RunDetail,
  wanted: readonly string[],
  shown: readonly string[] = [],
): Part[] {
  const outputs = environment.versionOutput
    .filter(({ command }) => !shown.includes(spelled(command)))
    .slice(0, maxOutputs)
    .map((one) => ({
      title: `$ ${spelled(one.command)}`,
      lines: terminalLines(one.output.trim()),
    }));
  const short = outputs.filter(({ lines }) => lines.length <= maxUnfolded);
  const long = outputs.filter((one) => !short.includes(one));
  const missing = wanted.filter(
    (one) => !environment.versionOutput.some(({ command }) => spelled(command) === one),
  );
  const part = (own: typeof outputs, summary: string | null): CodePart => ({
    kind: 'code',
    summary,
    language: 'text',
    chunks: own.map(({ title, lines }) => chunk(linesAsLog(lines), [], title)),
  });
  return [
    ...(short.length === 0 ? [] : [part(short, null)]),
    ...(long.length === 0 ? [] : [part(long, 'More output of version commands')]),
    ...(missing.length === 0 ? [] : [text(notRecorded(missing))]),
  ];
}

/** One output in a fence of its own, for a field that is one. */
export function outputField(detail: RunDetail, command: string): Part[] {
  const output = outputOf(detail, command);
  if (output === null) return [text(notRecorded([command]))];
  const log = linesAsLog(terminalLines(output.output.trim()));
  return [{ kind: 'code', summary: null, language: 'text', chunks: [chunk(log)] }];
}

export function notRecorded(commands: readonly string[]): string {
  return `Not recorded; run ${commands.map(codeSpan).join(' and ')}.`;
}

/** Which way the builder was run, on what machine. */
export function setting({ result, plan, environment: env }: RunDetail, { planned }: Subject): Part {
  const { builder } = result;
  const versions = [
    ...(builder.version === null ? [] : [`client ${codeSpan(builder.version.slice(0, 100))}`]),
    ...(builder.daemonVersion === null
      ? builder.kind === 'buildctl' || builder.kind === 'buildx'
        ? ['version of the daemon not known']
        : []
      : [`daemon ${codeSpan(builder.daemonVersion.slice(0, 100))}`]),
  ];
  const told = versions.length === 0 ? '' : ` (${versions.join(', ')})`;
  const gibibytes = (env.memoryBytes / 2 ** 30).toFixed(1);
  return text(
    [
      `- Built with: ${howRun(plan.builder.kind)}${told}${daemonText(planned)}`,
      `- Machine: ${env.arch.replace(/\W/g, '')}, ${env.cpus} CPUs (${shortProse(env.cpuModel, 100)}), ${gibibytes} GiB, kernel ${codeSpan(env.kernel.slice(0, 100))}, load ${env.load.toFixed(2)} at the start`,
    ].join('\n'),
  );
}

function howRun(kind: string): string {
  const known: Readonly<Record<string, string>> = {
    buildctl: '`buildctl build`, against a `buildkitd` that was running',
    buildkitd:
      '`buildctl build`, against a `buildkitd` of its own that was started for this run with an empty root',
    buildx: '`docker buildx build`',
    docker: '`docker build` (BuildKit)',
    'docker-classic': '`docker build` (classic builder)',
    container: '`container build`',
    buildah: '`buildah build`',
    podman: '`podman build`',
  };
  return known[kind] ?? codeSpan(kind.slice(0, 50));
}

function daemonText(planned: PlannedArm | null): string {
  const daemon = planned?.daemon ?? null;
  if (daemon === null) return '';
  return [
    ...(daemon.snapshotter === null ? [] : [`snapshotter ${codeSpan(daemon.snapshotter)}`]),
    ...(daemon.flags.length === 0 ? [] : [`flags ${codeSpan(daemon.flags.join(' ').slice(0, 300))}`]),
    ...(daemon.keepMegabytes === null ? [] : [`cache limit ${daemon.keepMegabytes} MB`]),
    ...(daemon.cpus === null ? [] : [`on ${daemon.cpus} CPUs`]),
  ]
    .map((one) => `, ${one}`)
    .join('');
}
