import { appleEnvironment } from './apple-environment.js';
import { closing } from './closing.js';
import { about, actualBehaviour, expectedBehaviour, rates } from './description.js';
import { evidence } from './evidence.js';
import { checkboxes, field, type IssueForm } from './form.js';
import { foldedLogs } from './logs.js';
import { text } from './parts.js';
import { reproduction } from './reproduction.js';
import { setting, versionOutputs } from './versions.js';

/** Boxes that both of Apple's forms have. */
export const appleBoxes = {
  done: [
    'I have searched the existing issues',
    "If possible, I've reproduced the issue using the 'main' branch of this project",
  ],
  conduct: ["I agree to follow this project's Code of Conduct"],
} as const;

/** apple/container: the environment is three lines, rendered as Markdown source. */
export const containerForm: IssueForm = {
  repository: 'apple/container',
  template: '01-bug.yml',
  takesBlank: false,
  titlePrefix: '[Bug]: ',
  commands: () => ['sw_vers', 'xcodebuild -version', 'container --version'],
  fields: (detail, subject) => [
    checkboxes('I have done the following', appleBoxes.done),
    field('Steps to reproduce', [...reproduction(detail, subject)]),
    field('Problem description', [
      ...about(detail, subject),
      text('**Current behavior**'),
      ...actualBehaviour(detail, subject),
      ...evidence(detail, subject),
      text('**Expected behavior**'),
      ...expectedBehaviour(subject),
      ...rates(detail, subject),
      text('**Relevant logs**'),
      ...foldedLogs(detail, subject),
      ...versionOutputs(detail, [], ['sw_vers', 'xcodebuild -version', 'container --version']),
      setting(detail, subject),
      ...closing(detail),
    ]),
    field('Environment', [appleEnvironment(detail, ['OS', 'Xcode', 'Container'])]),
    checkboxes('Code of Conduct', appleBoxes.conduct),
  ],
};
