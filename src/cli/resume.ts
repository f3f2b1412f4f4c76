import path from 'node:path';
import { clearRemains } from '../remains.js';
import type { Plan } from '../scenario/plan.js';
import type { CliCommand } from './command.js';
import { tellGithub } from './github.js';
import { type Interrupt, listenForStop, stoppedWith } from './interrupt.js';
import type { Watch } from './live/view.js';
import { choices, failOnOption, jsonOption, outOption, runPositional } from './options.js';
import { answer, answerJson, goOnWithoutReader, tell } from './output.js';
import { resumeTexts } from './resume-text.js';
import type { BaselineChoice } from './run/baseline.js';
import { type Holder, heldExitCode, holdNothing, tellComparison } from './run/holder.js';

interface Values {
  readonly run: string;
  readonly destructive: boolean;
  readonly out: string;
  readonly 'fail-on': Plan['failOn'] | undefined;
  readonly json: boolean;
}

export const resumeCommand: CliCommand<Values> = {
  usage: 'resume <run>',
  summary: 'Go on with a run that was stopped or killed, by its own plan',
  options: (yargs) =>
    yargs
      .positional('run', runPositional)
      .option('destructive', choices.destructive)
      .option('out', outOption)
      .option('fail-on', {
        ...failOnOption,
        describe: 'The verdict that ends with exit code 1 (default: what the run was begun with)',
      })
      .option('json', jsonOption) as never,
  async run(values) {
    const interrupt = listenForStop({ atOnce: true });
    const { findRun } = await import('../results/directory.js');
    const { readRun } = await import('../results/read.js');
    const directory = await findRun(values.run, values.out);
    const { plan } = await readRun(directory);
    if (plan.window?.phase === 'search') tell(searchText);
    for (const sentence of await clearRemains(path.dirname(directory))) tell(sentence);
    const holder = await holderFor(plan, path.dirname(directory));
    goOnWithoutReader();
    try {
      const { resume, repeat } = await import('../resume.js');
      const once = async (work: typeof resume) => {
        const result = await carriedOut(work, directory, values.destructive, interrupt);
        if (!values.json) answer((await import('./result-table.js')).resultTable(result));
        return result;
      };
      const result = await once(resume);
      const held = await holder.hold(result, () => once(repeat), interrupt.abort);
      if (values.json) await answerJson({ schemaVersion: 1, runs: held.runs });
      else await tellComparison(held);
      await tellGithub(held.runs);
      for (const sentence of resumeTexts(held.runs)) tell(sentence);
      return interrupt.exitCode() ?? heldExitCode(held, values['fail-on'] ?? plan.failOn);
    } catch (error) {
      return stoppedWith(error, interrupt);
    } finally {
      interrupt.release();
    }
  },
};

const searchText =
  'this run is one stage of a search for an offset (--find-window): its iterations are brought to their end, and the search itself does not go on';

type Resume = typeof import('../resume.js').resume;

async function carriedOut(work: Resume, directory: string, destructive: boolean, interrupt: Interrupt) {
  const { chooseBuilders } = await import('./probes.js');
  const { systemSurroundings } = await import('../builders/surroundings.js');
  const { createRun } = await import('../builders/run.js');
  const { watchRun } = await import('./live/watch.js');
  const { env } = systemSurroundings();
  const watches: Watch[] = [];
  return work({
    ...{ directory, destructive, env, abort: interrupt.abort, aside: createRun(env) },
    choose: async (named) => {
      const [chosen] = (await chooseBuilders([named])).chosen;
      if (chosen === undefined) throw new Error(`no builder was chosen for ${named}`);
      // Until the builder answered, which may take long, nothing is there to be ended in order.
      interrupt.begin();
      return chosen;
    },
    watch: async (chosen) => {
      const watch = await watchRun(chosen);
      watches.push(watch);
      return watch.hooks;
    },
  }).finally(() => {
    for (const watch of watches) watch.end();
  });
}

async function holderFor({ baseline, ...plan }: Plan, results: string): Promise<Holder> {
  if (baseline === null) return holdNothing;
  const { makeHolder } = await import('./run/hold-against.js');
  const { soughtOf } = await import('./run/sought.js');
  const choice: BaselineChoice = baseline;
  return makeHolder(choice, results, [soughtOf({ ...plan, baseline })]);
}
