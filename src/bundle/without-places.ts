import path from 'node:path';
import type { RunDetail } from '../results/detail.js';

/**
 * A run's details without the places on the machine that it was read on: a run that was moved gives the same bundle. Logs stay
 * as they are, as builders know nothing of the run directory.
 */
export function withoutPlaces(detail: RunDetail): RunDetail {
  const { directory } = detail.result;
  const name = detail.plan.run;
  const named = (text: string): string => withoutDirectory(text, directory, name);
  return {
    ...detail,
    result: mapTexts(detail.result, named),
    environment: {
      ...detail.environment,
      scenario: { ...detail.environment.scenario, file: path.basename(detail.environment.scenario.file) },
    },
    iterations: detail.iterations.map((one) => ({
      ...mapTexts({ ...one, lanes: [], daemonLog: null }, named),
      lanes: one.lanes,
      daemonLog: one.daemonLog,
    })),
  };
}

function withoutDirectory(text: string, directory: string, name: string): string {
  if (text === directory) return name;
  // A directory at the root (`/a`) could be anything's path.
  if (path.dirname(directory) === path.parse(directory).root) return text;
  return text.split(directory).reduce((before, after) => {
    const isWhole = !/[\w.-]$/.test(before) && !/^[\w-]/.test(after);
    return before + (isWhole ? name : directory) + after;
  });
}

/** The same value with every text in it changed; keys stay. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)])) as T;
}
