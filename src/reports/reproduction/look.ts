import type { Signal } from '../../signals.js';
import type { Helper } from './helpers.js';
import { byExitCode, signOf } from './signs/index.js';
import type { Looked, Sign } from './signs/sign.js';

export interface Looking {
  /** What is looked for, each told in a clause. */
  readonly signs: readonly Sign[];
  /** For each of them the body of a function that prints what shows it, and fails where it cannot look. */
  readonly bodies: readonly (readonly string[])[];
  readonly helpers: readonly Helper[];
  readonly leavesOut: readonly string[];
}

/** How the script sees the faults that the arm expects, as far as plain programs can; else exit codes have to do. */
export function lookingFor(signals: readonly Signal[], looked: Looked, printsVertices: boolean): Looking {
  const leavesOut: string[] = [];
  const found = signals.flatMap((signal) => {
    const sign = signOf(signal);
    const why = whyBlind(sign, looked, printsVertices);
    if (sign !== null && why === null) return [sign];
    leavesOut.push(`it does not look for ${signal}${why === null ? '' : `: ${why}`}`);
    return [];
  });
  const signs = found.length > 0 ? found : [byExitCode];
  if (found.length === 0) leavesOut.push('it goes by exit codes alone');
  return {
    signs,
    leavesOut,
    helpers: signs.flatMap(({ helpers = [] }) => helpers),
    bodies: signs.map((sign) => bodyOf(sign, looked)),
  };
}

function bodyOf(sign: Sign, looked: Looked): string[] {
  const sees = sign.sees?.(looked);
  return [
    ...(sees === undefined ? [] : [`${sees} || return 1`]),
    ...eachLane(sign.perLane?.(looked) ?? []),
    ...(sign.perIteration?.(looked) ?? []),
    'return 0',
  ];
}

function whyBlind(sign: Sign | null, looked: Looked, printsVertices: boolean): string | null {
  if (sign === null) return 'plain programs do not see it';
  if (sign.readsSteps === true && !printsVertices) return "it reads BuildKit's output only";
  return sign.blind?.(looked) ?? null;
}

function eachLane(commands: readonly string[]): string[] {
  if (commands.length === 0) return [];
  return [
    'for log in "$logs"/*.log; do',
    '  lane=$(basename "$log" .log)',
    ...(commands.some((one) => one.includes('$exit')) ? ['  exit=$(cat "$logs/$lane.exit")'] : []),
    '  {',
    ...commands.map((one) => `    ${one}`),
    '  } | sed "s/^/$lane: /"',
    'done',
  ];
}
