import { UserError } from '../errors.js';
import type { DetailedReport, Upstream } from '../reports/report.js';
import type { CliCommand } from './command.js';
import { aboutOption, oneArm, outOption, runPositional } from './options.js';
import { answerDocument, tell } from './output.js';
import { type OutputTarget, outputTarget, writeOutput } from './output-file.js';
import { type RedactionValues, redactionChoices, redactionOptions } from './redaction-options.js';
import { knownUpstream, upstreamOption } from './upstream-option.js';

interface Values extends RedactionValues {
  readonly run: string;
  readonly format: string;
  readonly arm: string | readonly string[] | undefined;
  readonly upstream: string | undefined;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly out: string;
}

export const reportCommand: CliCommand<Values> = {
  usage: 'report <run>',
  summary: 'A run as a report to read or attach',
  options: (yargs) =>
    yargs
      .positional('run', runPositional)
      .option('format', {
        type: 'string',
        default: 'md',
        requiresArg: true,
        describe: 'md, json, junit, html, or issue (the body of an upstream issue)',
      })
      .option('arm', aboutOption)
      .option('upstream', upstreamOption)
      .option('output', { type: 'string', requiresArg: true, describe: 'Write to FILE instead of stdout' })
      .option('force', { type: 'boolean', default: false, describe: 'Write over a FILE that is there' })
      .options(redactionChoices)
      .option('out', outOption),
  async run(values) {
    const render = await renderer(values);
    const { findRun } = await import('../results/directory.js');
    const run = await findRun(values.run, values.out);
    const target: OutputTarget =
      values.output === undefined
        ? { kind: 'stdout' }
        : await outputTarget(values.output, { force: values.force, run });
    const { text, notes } = await render(run);
    if (target.kind === 'stdout') answerDocument(text);
    else await writeOutput(target, text);
    // What is told may have lost its reader; the report is written by then.
    for (const note of notes) tell(note);
    return 0;
  },
};

interface Rendered {
  readonly text: string;
  /** What the person who asked for it has to know; a line each. */
  readonly notes: readonly string[];
}

async function renderer(values: Values): Promise<(run: string) => Promise<Rendered>> {
  const { detailedReports, reportFor, reportNames } = await import('../reports/index.js');
  const upstream = upstreamOf(values);
  const detailed = await detailedReports.get(values.format)?.();
  if (detailed !== undefined) return (run) => renderDetailed(run, detailed, upstream, values);
  const report = reportFor(values.format);
  if (report !== null && values.arm !== undefined)
    throw new UserError('--arm goes with --format html or issue');
  // Silence would be taken for a redacted report.
  for (const option of ['redact', 'keep'] as const)
    if (report !== null && values[option] !== undefined)
      throw new UserError(
        `--${option} goes with --format html or issue: ${values.format} is written as it is, unredacted`,
      );
  if (report === null)
    throw new UserError(`--format ${values.format}: expected one of ${reportNames.join(', ')}`);
  const { analyze } = await import('../analysis.js');
  return async (run) => ({ text: report.render(await analyze(run)), notes: [] });
}

async function renderDetailed(
  directory: string,
  report: DetailedReport,
  upstream: Upstream | null,
  values: Values,
): Promise<Rendered> {
  const { readDetails } = await import('../details/read-details.js');
  const { redactDetail } = await import('../redaction/redact.js');
  const detail = await redactDetail(
    await readDetails(directory, report.limits, oneArm(values.arm)),
    redactionOptions(values),
  );
  const text = report.render(detail, { upstream });
  const { redactedSentence } = await import('../reports/redacted.js');
  const { terminalText } = await import('../reports/escape.js');
  const hints = (report.hints?.(detail, { upstream }) ?? []).map((hint) => terminalText(hint));
  return { text, notes: [redactedSentence(detail.redactions ?? []), ...hints] };
}

function upstreamOf({ upstream, format }: Values): Upstream | null {
  const known = knownUpstream(upstream);
  if (known !== null && format !== 'issue') throw new UserError('--upstream goes with --format issue');
  return known;
}
