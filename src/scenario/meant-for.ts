import type { Scenario } from './load.js';

/** Why a scenario makes no sense on builders of that kind, as a sentence, or null. */
export function notMeantFor({ name, source }: Scenario, kind: string): string | null {
  return source.builders === undefined || source.builders.includes(kind)
    ? null
    : `scenario ${name} is for ${source.builders.join(', ')}, not for the builder ${kind}`;
}
