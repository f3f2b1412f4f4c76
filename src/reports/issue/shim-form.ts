import { appleEnvironment } from './apple-environment.js';
import { closing } from './closing.js';
import { appleBoxes } from './container-form.js';
import { about, actualBehaviour, expectedBehaviour, rates } from './description.js';
import { evidence } from './evidence.js';
import { checkboxes, field, type IssueForm } from './form.js';
import { joinedLogs } from './logs.js';
import { reproduction } from './reproduction.js';
import { setting, versionOutputs } from './versions.js';

/** apple/container-builder-shim: the logs are one field, which is rendered as shell. */
export const shimForm: IssueForm = {
  repository: 'apple/container-builder-shim',
  template: '01-bug.yml',
  takesBlank: false,
  titlePrefix: '[Bug]: ',
  commands: () => ['sw_vers', 'go version', 'xcodebuild -version'],
  fields: (detail, subject) => [
    checkboxes('I have done the following', appleBoxes.done),
    field('Steps to reproduce', reproduction(detail, subject)),
    field('Current behavior', [
      ...about(detail, subject),
      ...actualBehaviour(detail, subject),
      ...evidence(detail, subject),
      ...rates(detail, subject),
      ...versionOutputs(detail, [], ['sw_vers', 'xcodebuild -version', 'go version']),
      setting(detail, subject),
      ...closing(detail),
    ]),
    field('Expected behavior', expectedBehaviour(subject)),
    field('Environment', [appleEnvironment(detail, ['OS', 'Go', 'Xcode', 'Container', 'Builder'])]),
    field('Relevant log output', [joinedLogs(detail, subject, 'shell')]),
    checkboxes('Code of Conduct', appleBoxes.conduct),
  ],
};
