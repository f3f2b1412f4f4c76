import { anyLine, printed, type Sign } from './sign.js';

export const contentMismatch: Sign = {
  signal: 'content-mismatch',
  means: 'what a step counted and hashed in the image is not what the context held',
  helpers: ['contents'],
  sees: () => anyLine(`${printed}[^ ]+ +files= *[0-9]+ sha256=`),
  perLane: () => [
    '[ ! -f "$logs/$lane.context" ] ||',
    `  grep -E '${printed}[^ ]+ +files= *[0-9]+ sha256=' "$log" | sed 's/files= */files=/' |`,
    '  grep -v -F "$(cat "$logs/$lane.context")"',
  ],
};
