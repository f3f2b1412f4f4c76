import type { HistoryMachine, HistorySeries, HistorySetup } from '../results/history.js';

/** So many characters of a SHA-256 tell two contents apart, as a rule. */
const shortest = 4;

/**
 * What makes a series another one than those of the same name beside it (`lanes 4, content 3f2a`); empty where it is the
 * only one.
 */
export function setupMark(one: HistorySeries, all: readonly HistorySeries[]): string {
  const setups = all.filter((other) => nameOf(other) === nameOf(one)).map(({ setup }) => setup);
  const differs = (key: keyof HistorySetup): boolean =>
    new Set(setups.map((setup) => JSON.stringify(setup[key]))).size > 1;
  const { builderName, lanes, delaysMs, stopping, contentSha256 } = one.setup;
  const delays = delaysMs.length === 0 ? 'no delay' : `delays ${delaysMs.join(', ')} ms`;
  return [
    ...(differs('builderName') ? [builderName ?? 'builder unknown'] : []),
    ...(differs('lanes') ? [`lanes ${lanes ?? 'unknown'}`] : []),
    ...(differs('delaysMs') ? [delays] : []),
    ...(differs('stopping') ? [stopping === 'verdict' ? 'until verdict' : 'fixed number'] : []),
    ...(differs('contentSha256') ? [`content ${shortHash(contentSha256, setups)}`] : []),
    ...machineMarks(
      one.setup.machine,
      setups.map((setup) => setup.machine),
    ),
  ].join(', ');
}

function machineMarks(own: HistoryMachine, all: readonly HistoryMachine[]): string[] {
  const { cpuModel, cpus, kernel, os, arch, host } = own;
  const differs = (key: keyof HistoryMachine, among = all): boolean =>
    new Set(among.map((other) => other[key])).size > 1;
  // A system's long name goes with its kernel, as a rule.
  const ofKernel = all.filter((other) => other.kernel === kernel);
  return [
    ...(differs('cpuModel') ? [cpuModel ?? 'CPU unknown'] : []),
    ...(differs('cpus')
      ? [cpus === null ? 'number of CPUs unknown' : `${cpus} CPU${cpus === 1 ? '' : 's'}`]
      : []),
    ...(differs('kernel') ? [`kernel ${kernel ?? 'unknown'}`] : []),
    ...(differs('os', ofKernel) ? [os ?? 'system unknown'] : []),
    ...(differs('arch') ? [arch ?? 'architecture unknown'] : []),
    ...(differs('host') ? [`host ${host ?? 'unknown'}`] : []),
  ];
}

function nameOf({ scenario, builder, simulated, arm, signal }: HistorySeries): string {
  return JSON.stringify([scenario, builder, simulated, arm, signal]);
}

function shortHash(own: string | null, setups: readonly HistorySetup[]): string {
  if (own === null) return 'unknown';
  const all = new Set(setups.flatMap(({ contentSha256 }) => contentSha256 ?? []));
  let length = shortest;
  while (length < own.length && new Set([...all].map((hash) => hash.slice(0, length))).size < all.size)
    length++;
  return own.slice(0, length);
}
