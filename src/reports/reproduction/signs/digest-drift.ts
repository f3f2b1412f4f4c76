import type { Sign } from './sign.js';

export const digestDrift: Sign = {
  signal: 'digest-drift',
  means: 'builds that had to give one image gave images of different config digests',
  helpers: ['digests'],
  sees: () => '[ "$(digests | wc -l)" -gt 1 ]',
  perIteration: () => ['[ "$(digests | sed \'s/.* //\' | sort -u | wc -l)" -le 1 ] || digests'],
};
