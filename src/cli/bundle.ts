import path from 'node:path';
import { UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { aboutOption, jsonOption, oneArm, outOption, runPositional } from './options.js';
import { answer, answerJson, answerWidth, tell } from './output.js';
import { outputTarget, writeOutput } from './output-file.js';
import { type RedactionValues, redactionChoices, redactionOptions } from './redaction-options.js';
import { knownUpstream, upstreamOption } from './upstream-option.js';

interface Values extends RedactionValues {
  readonly run: string;
  readonly arm: string | readonly string[] | undefined;
  readonly upstream: string | undefined;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly out: string;
  readonly json: boolean;
}

export const bundleCommand: CliCommand<Values> = {
  usage: 'bundle <run>',
  summary: 'A run as one zip to attach: reports, reproduction, logs; redacted',
  options: (yargs) =>
    yargs
      .positional('run', runPositional)
      .option('output', {
        type: 'string',
        requiresArg: true,
        describe: 'The zip (default: the run’s name with .zip, in this folder)',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Write over a FILE that is there' })
      .option('arm', aboutOption)
      .option('upstream', upstreamOption)
      .options(redactionChoices)
      .option('out', outOption)
      .option('json', jsonOption),
  async run(values) {
    const { force, json } = values;
    const upstream = knownUpstream(values.upstream);
    const { bundleLimits, bundleOf } = await import('../bundle/bundle.js');
    const { bundleAnswer, bundleText } = await import('../bundle/answer.js');
    const { withoutPlaces } = await import('../bundle/without-places.js');
    const { readDetails } = await import('../details/read-details.js');
    const { redactDetail } = await import('../redaction/redact.js');
    const { findRun } = await import('../results/directory.js');
    const { readRun } = await import('../results/read.js');
    const run = await findRun(values.run, values.out);
    const rules = { force, run };
    // Said now, and not after all logs have been read.
    const early = values.output ?? `${(await readRun(run)).plan.run}.zip`;
    if ((await outputTarget(early, rules)).kind === 'stdout' && json)
      throw new UserError('--json and the zip cannot both go to standard output');
    const bundle = bundleOf(
      await redactDetail(
        withoutPlaces(await readDetails(run, bundleLimits, oneArm(values.arm))),
        redactionOptions(values),
      ),
      { upstream },
    );
    const file = values.output ?? `${bundle.name}.zip`;
    const target = await outputTarget(file, rules);
    await writeOutput(target, bundle.zip);
    if (target.kind === 'stdout') tell(bundleText(bundle, 'standard output'));
    else if (json) await answerJson(bundleAnswer(bundle, path.resolve(file)));
    else answer(bundleText(bundle, file, answerWidth()));
    return 0;
  },
};
