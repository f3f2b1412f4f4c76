import { word } from '../shell-word.js';
import { anyStep, type Sign } from './sign.js';

export const cacheMiss: Sign = {
  signal: 'cache-miss',
  means: 'a step that had to come from the cache was carried out',
  readsSteps: true,
  helpers: ['carried_out'],
  sees: () => anyStep,
  perLane: ({ lanes }) => [
    ...new Set(
      lanes.flatMap(({ name, build }) =>
        build.mustBeCached.map((beginning) => {
          // v0.10 ends a fetched step with DONE as well: what a RUN step printed tells that it ran.
          const spoke = /^\s*RUN\b/i.test(beginning) ? ` | awk -F '\\t' '$2 > 0'` : '';
          return `[ "$lane" != ${word(name)} ] || carried_out "$log" ${word(beginning)}${spoke}`;
        }),
      ),
    ),
  ],
};
