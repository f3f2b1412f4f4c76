import { UserError } from '../../errors.js';
import type { RunDetail } from '../../results/detail.js';
import type { DetailedReport, DetailedReportOptions, Upstream } from '../report.js';
import { isSimulated } from '../simulated.js';
import { fitted } from './fit.js';
import type { Field, IssueForm } from './form.js';
import { forms } from './forms.js';
import { guessedUpstream } from './guess.js';
import { issueHints } from './hints.js';
import { type Part, text } from './parts.js';
import { type Subject, subjectOf } from './subject.js';

/**
 * The body of an upstream issue: that project's form as GitHub writes it when it is sent, each label a heading over what
 * was filled in; at most 60,000 characters.
 */
export const issueReport: DetailedReport = {
  name: 'issue',
  extension: 'md',
  limits: { iterations: 6, lanes: 24, logCharacters: 400_000 },
  render(detail, options) {
    const { form, subject } = prepared(detail, options);
    return fitted(form.fields(detail, subject).flatMap(fieldParts));
  },
  hints(detail, options) {
    const { form, subject, upstream } = prepared(detail, options);
    return issueHints(detail, subject, form, upstream);
  },
};

/** @throws {UserError} where there is no form, or the run is no upstream's business. */
function prepared(
  detail: RunDetail,
  { upstream }: DetailedReportOptions,
): { form: IssueForm; subject: Subject; upstream: Upstream } {
  if (isSimulated(detail))
    throw new UserError(
      'this run was made with the simulated builder, whose faults are made up: run it with a real one to report it',
    );
  const subject = subjectOf(detail);
  const chosen = upstream ?? guessedUpstream(detail, subject);
  return { form: forms[chosen], subject, upstream: chosen };
}

function fieldParts({ label, parts, boxes }: Field): Part[] {
  const heading = `### ${label}`;
  if (boxes.length > 0) return [text([heading, boxes.map((box) => `- [ ] ${box}`).join('\n')].join('\n\n'))];
  return [text(heading), ...parts];
}
