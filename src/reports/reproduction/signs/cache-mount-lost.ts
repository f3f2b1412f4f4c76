import { anyLine, printed, type Sign } from './sign.js';

export const cacheMountLost: Sign = {
  signal: 'cache-mount-lost',
  means: 'a step finds (found=no) that what the step before it wrote into the cache mount is gone',
  sees: () => anyLine(`${printed}cache-mount +marker=`),
  perLane: () => [`grep -E '${printed}cache-mount +marker=[^ ]+ +found=no' "$log"`],
};
