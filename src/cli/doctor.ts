import os from 'node:os';
import path from 'node:path';
import { exitCodes } from '../errors.js';
import type { CliCommand } from './command.js';
import { listenForStop } from './interrupt.js';
import { jsonOption, outOption } from './options.js';
import { answer, answerJson } from './output.js';

interface Values {
  readonly builder: string[] | undefined;
  readonly fix: boolean;
  readonly out: string;
  readonly json: boolean;
}

export const doctorCommand: CliCommand<Values> = {
  usage: 'doctor',
  summary: 'Which builders are here, what mends the others, and what killed runs left',
  options: (yargs) =>
    yargs
      .option('builder', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Look at KIND[:INSTANCE] only',
      })
      .option('fix', {
        type: 'boolean',
        default: false,
        describe: 'End and remove what killed runs left',
      })
      .option('out', outOption)
      .option('json', jsonOption),
  async run({ builder, fix, out, json }) {
    // What probes started has groups of its own, and would outlive a Ctrl-C.
    const interrupt = listenForStop({ atOnce: true });
    const { probeAll, probeRegistry } = await import('./probes.js');
    const { clearRemains, findRemains } = await import('../remains.js');
    const { terminalLines } = await import('../reports/escape.js');
    const scratch = await scratchHere();
    const remains = await (fix ? clearRemains(out) : findRemains(out));
    const [probes, registry] = await Promise.all([probeAll(builder), probeRegistry()]);
    if (json)
      await answerJson({ schemaVersion: 1, builders: probes.map(withoutOutput), registry, scratch, remains });
    else
      answer(
        [
          ...probes.map(paragraph),
          registryParagraph(registry),
          ...scratchParagraph(scratch),
          ...remainsParagraph(remains.flatMap(terminalLines), fix),
        ].join('\n'),
      );
    interrupt.release();
    const isAsked = builder !== undefined;
    return isAsked && probes.some((probe) => !probe.answers) ? exitCodes.noBuilder : exitCodes.done;
  },
};

/** Nothing where nothing is left. */
function remainsParagraph(remains: readonly string[], isFixed: boolean): string[] {
  if (remains.length === 0) return [];
  const lines = ['killed runs:', ...remains.map((line) => `  ${line}`)];
  return [[...lines, ...(isFixed ? [] : ['  mend:    buildrace doctor --fix'])].join('\n')];
}

type Probe = import('../builders/builder.js').Probe;
type Scratch = Pick<Probe, 'missing'> & { readonly folder: string };
type RegistryProgram = import('../registry/program.js').RegistryProgram;

function withoutOutput({ versionOutput: _, ...probe }: Probe): unknown {
  return probe;
}

function paragraph(probe: Probe): string {
  const name = probe.instance === null ? probe.kind : `${probe.kind}:${probe.instance}`;
  const state = probe.answers ? 'ready' : probe.found ? 'does not answer' : 'not found';
  const facts = [
    probe.version === null ? null : `version ${probe.version}`,
    probe.daemonVersion === null ? null : `daemon ${probe.daemonVersion}`,
    probe.platforms === null ? null : `platforms ${probe.platforms.join(', ')}`,
  ].filter((fact) => fact !== null);
  return [`${name}: ${state}`, ...facts.map((fact) => `  ${fact}`), ...lacking(probe)].join('\n');
}

/** The program that scenarios which push are given a registry with; it is no builder, and nothing else needs it. */
function registryParagraph(registry: RegistryProgram): string {
  const facts = [registry.program, registry.version && `version ${registry.version}`].filter(Boolean);
  const state = registry.found ? 'ready' : 'not found';
  return [`registry: ${state}`, ...facts.map((fact) => `  ${fact}`), ...lacking(registry)].join('\n');
}

/** Where runs put their temporary files, and what is in the way there. */
async function scratchHere(): Promise<Scratch> {
  const { scratchMend, whyNoScratch } = await import('../runner/scratch.js');
  const folder = path.resolve(os.tmpdir());
  const why = whyNoScratch();
  return { folder, missing: why === null ? [] : [{ what: `${folder} (${why})`, mend: scratchMend }] };
}

/** Nothing where it can be written. */
function scratchParagraph(scratch: Scratch): string[] {
  return scratch.missing.length === 0 ? [] : [['temporary files: no place', ...lacking(scratch)].join('\n')];
}

function lacking({ missing }: Pick<Probe, 'missing'>): string[] {
  return missing.map(({ what, mend }) => `  missing: ${what}\n  mend:    ${mend}`);
}
