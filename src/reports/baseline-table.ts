import { terminalText } from './escape.js';
import { counted } from './numbers.js';
import { columns, pad, wrap } from './width.js';

/** Texts are raw. */
export interface BaselineRow {
  /** What `--baseline` and `compare` take. */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly iterations: number;
  readonly simulated: boolean;
}

/** What `baseline list` prints: a line for each, or where that is too wide its name and below it the rest. */
export function baselineTable(baselines: readonly BaselineRow[], width = 80): string {
  const rows = baselines.map(({ name, startedAt, iterations, simulated }) => [
    terminalText(name),
    terminalText(startedAt.slice(0, 10)),
    String(iterations),
    simulated ? 'SIMULATED' : '',
  ]);
  const all = [['BASELINE', 'MADE', 'ITERATIONS', ''], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((row) => columns(row[i] ?? ''))));
  const lines = all.map((row) =>
    row
      .map((text, i) => pad(text, widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  if (lines.every((line) => columns(line) <= width)) return lines.join('\n');
  return rows
    .flatMap(([name = '', made, _, simulated], i) => {
      const count = counted(baselines[i]?.iterations ?? 0, 'iteration');
      const facts = [`made ${made}`, count, simulated].filter(Boolean).join(', ');
      return [name, ...wrap(facts, width - 2).map((line) => `  ${line}`)];
    })
    .join('\n');
}
