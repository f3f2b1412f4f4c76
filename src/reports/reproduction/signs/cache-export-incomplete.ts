import type { Sign } from './sign.js';

export const cacheExportIncomplete: Sign = {
  signal: 'cache-export-incomplete',
  means: 'an exported cache names blobs that are not there, or has no index',
  perIteration: () => ['cat "$logs/missing" 2>/dev/null'],
};
