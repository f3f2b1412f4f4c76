import type { RunDetail } from '../../results/detail.js';
import { cut, terminalText } from '../escape.js';
import type { Upstream } from '../report.js';
import { behaviours } from './behaviour.js';
import type { IssueForm } from './form.js';
import type { Subject } from './subject.js';
import { outputOf } from './versions.js';

/** GitHub takes titles of 256 characters. */
const maxTitle = 200;

/**
 * A title for the issue: the scenario's, where it is about this fault alone, else the fault; and on which version. Both
 * assert the fault, so that a run which did not show it says that first.
 */
export function issueTitle({ result }: RunDetail, subject: Subject, { titlePrefix }: IssueForm): string {
  const [signal] = subject.signals;
  const fault =
    subject.isOneOfMany && signal !== undefined
      ? behaviours[signal].actual.replace(/\.$/, '')
      : terminalText(result.title).trim();
  const said = subject.isSeen ? fault : `${isRuledOut(subject) ? 'Not reproduced' : 'Not seen'}: ${fault}`;
  const { kind, version, daemonVersion } = result.builder;
  // What a client is says nothing of a daemon that does not tell.
  const shown = daemonVersion ?? (kind === 'buildctl' || kind === 'buildx' ? null : version);
  const tail = shown === null ? '' : ` (${cut(terminalText(shown), 40)})`;
  return `${titlePrefix}${cut(said, maxTitle - tail.length - titlePrefix.length)}${tail}`;
}

/** Whether the run settled that it does not show; where it stays open, it was only not seen. */
function isRuledOut({ arm, signals }: Subject): boolean {
  const own = (arm?.signals ?? []).filter(({ signal }) => signals.includes(signal));
  return own.length > 0 && own.every(({ verdict }) => verdict === 'not-reproduced');
}

/** What the reporter still has to do; a line each, raw text. */
export function issueHints(
  detail: RunDetail,
  subject: Subject,
  form: IssueForm,
  upstream: Upstream,
): readonly string[] {
  const { result } = detail;
  const address = `https://github.com/${form.repository}/issues/new`;
  const known = result.reports.slice(0, 5).map((one) => cut(one, 200));
  const missing = form.commands(detail).filter((command) => outputOf(detail, command) === null);
  return [
    `Title: ${issueTitle(detail, subject, form)}`,
    form.takesBlank
      ? `Paste it into a blank issue (${address}), or field by field into ${address}?template=${form.template}.`
      : `${form.repository} takes issues by its form: paste field by field into ${address}?template=${form.template}.`,
    'Before you send it: read it, and tick the boxes that hold, for nobody else can.',
    ...(known.length === 0
      ? []
      : [
          `The scenario stands for ${known.join(' and ')}: look there first, and comment there if it is the same.`,
        ]),
    ...(missing.length === 0
      ? []
      : [`The form asks for output that was not recorded: ${missing.join(', ')}.`]),
    ...(subject.isSeen
      ? []
      : [
          'This run did not show the fault, and the text says so: a run that shows it makes a better report.',
        ]),
    ...(isOwn(result.builder.kind, upstream)
      ? []
      : [
          `This run was made with ${terminalText(result.builder.kind)}, which is not ${upstream}: say why it is theirs.`,
        ]),
    `Attach what does not fit: buildrace bundle ${result.directory.split('/').at(-1) ?? ''}`,
  ].map((line) => cut(terminalText(line), 1_500));
}

/** Whether the upstream's own program was what built. */
function isOwn(kind: string, upstream: Upstream): boolean {
  if (upstream === 'container' || upstream === 'container-builder-shim') return kind === 'container';
  if (upstream === 'buildx') return kind === 'buildx' || kind === 'docker';
  return ['buildctl', 'buildkitd', 'buildx', 'docker'].includes(kind);
}
