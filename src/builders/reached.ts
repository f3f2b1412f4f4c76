import * as z from 'zod';

/** What buildx calls the step in which it waits for its daemon, or starts it. */
const waiting = /^\[internal\] (?:waiting for connection|booting buildkit)\b/;
/** What docker and buildx say before they have asked anybody: hints, the builder's name, blank lines. */
const greeting = /^(?:#0 |WARNING: |DEPRECATED: | |$)/;
/** What is read of a line of rawjson. */
const status = z.looseObject({ vertexes: z.array(z.looseObject({ name: z.string() })).optional() });

/** Whether whole lines of docker's or buildx's show more than that the client waits for its daemon. */
export function hasReachedDaemon(printed: string): boolean {
  const lines = printed.split('\n').slice(0, -1);
  const waitingSteps = new Set<string>();
  return lines.some((line) => {
    if (greeting.test(line)) return false;
    if (line.startsWith('{')) return !isWaitingStatus(line);
    const [, number, text] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (number === undefined || text === undefined) return true;
    if (waiting.test(text)) waitingSteps.add(number);
    return !waitingSteps.has(number);
  });
}

function isWaitingStatus(line: string): boolean {
  try {
    const { vertexes = [] } = status.parse(JSON.parse(line));
    return vertexes.length > 0 && vertexes.every(({ name }) => waiting.test(name));
  } catch {
    return false;
  }
}
