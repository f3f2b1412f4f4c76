import type { RunDetail } from '../../results/detail.js';
import { closing } from './closing.js';
import { about, actualBehaviour, expectedBehaviour, rates } from './description.js';
import { evidence } from './evidence.js';
import { checkboxes, field, type IssueForm } from './form.js';
import { foldedLogs } from './logs.js';
import { text } from './parts.js';
import { reproduction } from './reproduction.js';
import { setting, versionOutputs } from './versions.js';

/** What the form names, of those that this way of running BuildKit has. */
function commands({ plan }: RunDetail): string[] {
  const { kind, daemonVersion } = plan.builder;
  if (kind === 'buildx') return ['docker buildx version', 'docker buildx inspect'];
  if (kind === 'docker')
    return ['docker buildx version', 'docker buildx inspect', 'docker version', 'docker info'];
  // What a daemon that runs elsewhere says of itself stands for its own command.
  return kind === 'buildctl' && daemonVersion !== null
    ? ['buildctl --version']
    : ['buildctl --version', 'buildkitd --version'];
}

/** moby/buildkit: boxes, and one text with three headings that are filled in beforehand. */
export const buildkitForm: IssueForm = {
  repository: 'moby/buildkit',
  template: 'bug.yml',
  takesBlank: true,
  titlePrefix: '',
  commands,
  fields: (detail, subject) => [
    checkboxes('Contributing guidelines and issue reporting guide', [
      "I've read the [contributing guidelines](https://github.com/moby/buildkit/blob/master/.github/CONTRIBUTING.md) and wholeheartedly agree. I've also read the [issue reporting guide](https://github.com/moby/buildkit/blob/master/.github/issue_reporting_guide.md).",
    ]),
    checkboxes('Well-formed report checklist', [
      'I have found a bug that the documentation does not mention anything about my problem',
      'I have found a bug that there are no open or closed issues that are related to my problem',
      'I have provided version/information about my environment and done my best to provide a reproducer',
    ]),
    field('Description of bug', [
      text('## Bug description'),
      ...about(detail, subject),
      text('**Observed**'),
      ...actualBehaviour(detail, subject),
      ...evidence(detail, subject),
      text('**Expected**'),
      ...expectedBehaviour(subject),
      text('**How often**'),
      ...rates(detail, subject),
      text('## Reproduction'),
      ...reproduction(detail, subject),
      ...foldedLogs(detail, subject),
      text('## Version information'),
      ...versionOutputs(detail, commands(detail)),
      setting(detail, subject),
      ...closing(detail),
    ]),
  ],
};
