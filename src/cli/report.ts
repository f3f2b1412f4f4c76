import { UserError } from '../errors.js';
import type { DetailedReport, Upstream } from '../reports/report.js';
import type { CliCommand } from './command.js';
import { outOption, runPositional } from './options.js';
import { answer, answerToFile, tell } from './output.js';
import { type RedactionValues, redactionChoices, redactionOptions } from './redaction-options.js';

interface Values extends RedactionValues {
  readonly run: string;
  readonly format: string;
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
      .option('upstream', {
        type: 'string',
        requiresArg: true,
        describe: 'Whose issue form to fill: buildkit, buildx, container or container-builder-shim',
      })
      .option('output', { type: 'string', requiresArg: true, describe: 'Write to FILE instead of stdout' })
      .option('force', { type: 'boolean', default: false, describe: 'Write over a FILE that is there' })
      .options(redactionChoices)
      .option('out', outOption),
  async run(values) {
    const text = await rendered(values);
    if (values.output === undefined) answer(text);
    else await answerToFile(values.output, text, values.force);
    return 0;
  },
};

async function rendered(values: Values): Promise<string> {
  const { detailedReports, reportFor, reportNames } = await import('../reports/index.js');
  const { findRun } = await import('../results/directory.js');
  const detailed = await detailedReports[values.format]?.();
  if (detailed !== undefined) return renderDetailed(await findRun(values.run, values.out), detailed, values);
  const report = reportFor(values.format);
  if (report === null)
    throw new UserError(`--format ${values.format}: expected one of ${reportNames.join(', ')}`);
  const { analyze } = await import('../analysis.js');
  return report.render(await analyze(await findRun(values.run, values.out)));
}

async function renderDetailed(directory: string, report: DetailedReport, values: Values): Promise<string> {
  const upstream = await upstreamOf(values);
  const { readDetails } = await import('../details/read-details.js');
  const { redactDetail } = await import('../redaction/redact.js');
  const detail = await redactDetail(await readDetails(directory, report.limits), redactionOptions(values));
  const text = report.render(detail, { upstream });
  const { redactedSentence } = await import('../reports/redacted.js');
  const { terminalText } = await import('../reports/escape.js');
  tell(redactedSentence(detail.redactions ?? []));
  for (const hint of report.hints?.(detail, { upstream }) ?? []) tell(terminalText(hint));
  return text;
}

async function upstreamOf({ upstream, format }: Values): Promise<Upstream | null> {
  if (upstream === undefined) return null;
  const { upstreams } = await import('../reports/report.js');
  const known = upstreams.find((one) => one === upstream);
  if (known === undefined)
    throw new UserError(`--upstream ${upstream}: expected one of ${upstreams.join(', ')}`);
  if (format !== 'issue') throw new UserError('--upstream goes with --format issue');
  return known;
}
