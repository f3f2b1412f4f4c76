import { anyLine, printed, type Sign } from './sign.js';

export const cacheMountShared: Sign = {
  signal: 'cache-mount-shared',
  means: 'a cache mount holds (holds=) files of another architecture than the step is for (of=)',
  sees: () => anyLine(`${printed}cache-mount +of=`),
  perLane: () => [
    `grep -E '${printed}cache-mount +of=[^ ]+ +holds=' "$log" |`,
    `  awk '{ of = holds = $0; sub(/.* of=/, "", of); sub(/ .*/, "", of); sub(/.* holds=/, "", holds)`,
    '    n = split(holds, held, /[, ]/); foreign = 0',
    '    for (k = 1; k <= n; k++) if (held[k] != "" && held[k] != of) foreign = 1',
    "    if (foreign) print }'",
  ],
};
