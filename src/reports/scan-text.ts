import type { ScannedLog } from '../results/scanned-log.js';
import { terminalText } from './escape.js';
import { counted } from './numbers.js';

/** What `scan` prints for one log: what it is, what was found with the lines that show it, what could not be seen. */
export function scanText(log: ScannedLog): string {
  return [
    `${terminalText(log.file)}: ${headOf(log)}`,
    ...log.findings.flatMap(({ signal, message, evidence }) => [
      `  ${signal}: ${terminalText(message)}`,
      ...evidence.map(({ line, text }) => `    ${line}: ${terminalText(text)}`),
    ]),
    ...spellingLines(log),
    ...blindLines(log),
  ].join('\n');
}

function headOf({ format, outcome, steps, truncatedBecause, findings }: ScannedLog): string {
  const parts = [
    format === 'unknown' ? 'no builder’s output was recognized' : `${format} format`,
    counted(steps.length, 'step'),
    {
      succeeded: 'the build succeeded',
      failed: 'the build failed',
      unknown: 'how the build ended is not told',
    }[outcome],
    truncatedBecause === null ? null : `cut: ${terminalText(truncatedBecause)}`,
    findings.length === 0 ? 'nothing found' : counted(findings.length, 'finding'),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** For a drift: which stage and instruction carried which spelling. */
function spellingLines({ findings, steps }: ScannedLog): string[] {
  if (!findings.some(({ signal }) => signal === 'platform-drift')) return [];
  const rows = new Map<string, Set<string>>();
  for (const { stage, instruction, platform } of steps) {
    if (instruction === null || platform === null) continue;
    const key = `${stage ?? '(no stage)'} ${instruction}`;
    rows.set(key, (rows.get(key) ?? new Set()).add(platform));
  }
  // One by one: a log may have more rows than a call can have arguments.
  const width = [...rows.keys()].reduce((most, key) => Math.max(most, terminalText(key).length), 0);
  return [
    '  platforms by stage and instruction:',
    ...[...rows].map(([key, platforms]) => {
      const spelt = [...platforms].map(terminalText).join(', ');
      return `    ${terminalText(key).padEnd(width)}  ${spelt}`;
    }),
  ];
}

/** Signals with one reason share a line. */
function blindLines({ blind }: ScannedLog): string[] {
  const byReason = new Map<string, string[]>();
  for (const { signal, reason } of blind) byReason.set(reason, [...(byReason.get(reason) ?? []), signal]);
  return [...byReason].map(
    ([reason, signals]) => `  could not look for ${signals.join(', ')}: ${terminalText(reason)}`,
  );
}
