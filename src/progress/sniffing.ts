/** The brackets of BuildKit's vertex names: `[linux/arm64 build 2/3] `, `[internal] `, … */
export const nameBracket = String.raw`\[(?:[^\]\s]+ ){0,3} *(?:\d+\/\d+|internal|auth|resolver|context [^[\]]+)\] `;

/** No CI's prefix is longer. */
const maxPrefix = 200;

/** What a machine puts in front of a line: no prose. */
const machineMade = /^[^a-z]*$|^\S*[:\d]\S*\s+$|[\]|>:]\s*$|\dZ?\s+$/;

/**
 * Where a format's text begins in a line: at a match of `sure` that no word runs into, or at one of `likely` that has
 * no prose in front; -1 in a line that has neither.
 */
export function findTextStart(line: string, sure: RegExp, likely: RegExp | null): number {
  const match = sure.exec(line);
  if (match !== null && match.index <= maxPrefix && !/[\w#]$/.test(line.slice(0, match.index))) {
    return match.index;
  }
  const guess = likely?.exec(line) ?? null;
  if (guess === null || guess.index > maxPrefix) return -1;
  return machineMade.test(line.slice(0, guess.index)) ? guess.index : -1;
}
