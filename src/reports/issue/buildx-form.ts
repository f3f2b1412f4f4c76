import type { RunDetail } from '../../results/detail.js';
import { codeSpan, cut } from '../escape.js';
import { closing } from './closing.js';
import { about, actualBehaviour, expectedBehaviour, inShort, rates } from './description.js';
import { evidence } from './evidence.js';
import { checkboxes, field, type IssueForm } from './form.js';
import { joinedLogs } from './logs.js';
import { type Part, text } from './parts.js';
import { reproduction } from './reproduction.js';
import { notRecorded, outputField, outputText, setting, versionOutputs } from './versions.js';

/** docker/buildx: a field for each thing; logs and outputs of commands are rendered as text. */
export const buildxForm: IssueForm = {
  repository: 'docker/buildx',
  template: 'bug.yml',
  takesBlank: true,
  titlePrefix: '',
  commands: () => ['docker buildx version', 'docker info', 'docker buildx ls'],
  fields: (detail, subject) => [
    checkboxes('Contributing guidelines', [
      "I've read the [contributing guidelines](https://github.com/docker/buildx/blob/master/.github/CONTRIBUTING.md) and wholeheartedly agree",
    ]),
    checkboxes("I've found a bug and checked that ...", [
      '... the documentation does not mention anything about my problem',
      '... there are no open or closed issues that are related to my problem',
    ]),
    field('Description', inShort(detail, subject)),
    field('Expected behaviour', expectedBehaviour(subject)),
    field('Actual behaviour', [
      ...actualBehaviour(detail, subject),
      ...evidence(detail, subject),
      ...rates(detail, subject),
    ]),
    field('Buildx version', [buildxVersion(detail)]),
    field('Docker info', outputField(detail, 'docker info')),
    field('Builders list', outputField(detail, 'docker buildx ls')),
    field('Configuration', reproduction(detail, subject)),
    field('Build logs', [joinedLogs(detail, subject, 'text')]),
    field('Additional info', [
      ...about(detail, subject).slice(1),
      ...versionOutputs(detail, [], ['docker buildx version', 'docker info', 'docker buildx ls']),
      setting(detail, subject),
      ...closing(detail),
    ]),
  ],
};

function buildxVersion(detail: RunDetail): Part {
  const command = 'docker buildx version';
  const output = outputText(detail, command);
  return text(output === null ? notRecorded([command]) : codeSpan(cut(output.split('\n')[0] ?? '', 300)));
}
