import { anyLine, type Sign } from './sign.js';

export const platformDrift: Sign = {
  signal: 'platform-drift',
  means: 'the steps of one build spell one platform in two ways (linux/arm64 and linux/arm64/v8)',
  readsSteps: true,
  helpers: ['drift'],
  sees: () => anyLine('^#[0-9]+ \\[[a-z][a-z0-9]*/[a-z0-9_/]+[] >-]'),
  perLane: () => ['drift "$log"'],
};
