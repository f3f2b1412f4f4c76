import { word } from '../shell-word.js';
import { anyStep, type Sign } from './sign.js';

export const duplicateStep: Sign = {
  signal: 'duplicate-step',
  means: 'a step that had to be carried out once was carried out more often in one build',
  readsSteps: true,
  helpers: ['carried_out', 'more_than_once'],
  sees: () => anyStep,
  perLane: ({ lanes }) => [
    ...new Set(
      lanes.flatMap(({ name, build }) =>
        build.mustRunOnce.map(
          (beginning) =>
            `[ "$lane" != ${word(name)} ] || carried_out "$log" ${word(beginning)} | more_than_once`,
        ),
      ),
    ),
  ],
};
