import type { Estimate, Measured, PlanAnswer, ToSee, ToTell } from '../results/plan-answer.js';
import { simulatedBanner } from './banner.js';
import { bytesText } from './bytes.js';
import { terminalText } from './escape.js';
import { counted, percentText } from './numbers.js';
import { timeText } from './time-text.js';
import { columns, pad, wrap, wrapWhole } from './width.js';

/** What `plan` prints: how many iterations it takes to know, and what they take here. Ends in a newline. */
export function planText(answer: PlanAnswer, width = 80): string {
  const { scenario, see, table, tell, measured, estimates } = answer;
  const blocks = [
    measured?.builder.simulated ? wrap(simulatedBanner, width) : [],
    wrap(terminalText(`${scenario}: iterations of each arm that it takes to know`), width),
    [
      ...wrap('To see a fault at least once, by its rate and how sure one wants to be:', width),
      ...tableLines(table),
    ],
    wrap(
      `A fault that shows in ${percentText(see.rate)} of the iterations is seen with ${percentText(see.confidence)} confidence within ${counted(see.iterations, 'iteration')}.`,
      width,
    ),
    wrap(tellText(tell), width),
    ...(measured === null ? [] : [measuredLines(measured, width), estimateLines(answer, estimates, width)]),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function tableLines(table: readonly ToSee[]): string[] {
  const confidences = [...new Set(table.map(({ confidence }) => confidence))];
  const rates = [...new Set(table.map(({ rate }) => rate))];
  const line = (head: string, cells: readonly string[]): string =>
    `  ${pad(head, 5, 'start')}${cells.map((cell) => pad(cell, 8, 'start')).join('')}`;
  const cellsOf = (rate: number): string[] =>
    table.filter((one) => one.rate === rate).map(({ iterations }) => String(iterations));
  return [
    line('', confidences.map(percentText)),
    ...rates.map((rate) => line(percentText(rate), cellsOf(rate))),
  ];
}

function tellText({ p0, p1, error, fixed, sequential }: ToTell): string {
  const number = fixed === null ? 'more than a million iterations' : counted(fixed, 'iteration');
  const mean = (iterations: number | null): string =>
    iterations === null ? 'more than 10000' : iterations.toFixed(1);
  return [
    `To tell a rate of ${percentText(p1)} or more from one of ${percentText(p0)} or less, each answer wrong with ${percentText(error)} at most:`,
    `${number} where the number is fixed; with --until verdict, on average ${mean(sequential.atP0)} at ${percentText(p0)}`,
    `and ${mean(sequential.atP1)} at ${percentText(p1)}.`,
  ].join(' ');
}

function measuredLines(measured: Measured, width: number): readonly string[] {
  const { builder, arms, iterations, iterationMs, warmUpMs, iterationBytes, directory } = measured;
  const versions = [builder.version, builder.daemonVersion && `daemon ${builder.daemonVersion}`];
  const on = [builder.kind, versions.filter(Boolean).join(', ')].filter(Boolean).join(' ');
  return [
    ...wrap(
      terminalText(
        [
          `Measured here on ${on}: ${counted(iterations, 'iteration')} of ${counted(arms.length, 'arm')}.`,
          `One of all arms takes ${timeText(iterationMs.median)} (${timeText(iterationMs.low)} to ${timeText(iterationMs.high)})`,
          `and leaves ${bytesText(iterationBytes)}; what comes before the first takes ${timeText(warmUpMs)}.`,
          'The builder’s own cache is not counted.',
        ].join(' '),
      ),
      width,
    ),
    ...wrapWhole(terminalText(`Run directory: ${directory}`), width),
  ];
}

/** A table, or where that is too wide a sentence for each row. */
function estimateLines({ see, tell }: PlanAnswer, estimates: readonly Estimate[], width: number): string[] {
  const what: Readonly<Record<Estimate['of'], string>> = {
    see: `see ${percentText(see.rate)}`,
    'tell-fixed': 'tell, fixed number',
    'tell-at-p0': `verdict at ${percentText(tell.p0)}`,
    'tell-at-p1': `verdict at ${percentText(tell.p1)}`,
  };
  const rows = [
    ['TO', 'N', 'TIME', 'SHORTEST', 'LONGEST', 'DISK'],
    ...estimates.map(({ of, iterations, ms, bytes }) => [
      what[of],
      Number.isInteger(iterations) ? String(iterations) : iterations.toFixed(1),
      ...[ms.median, ms.low, ms.high].map(timeText),
      bytesText(bytes),
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => columns(row[i] ?? '')))) ?? [];
  const lines = rows.map((row) =>
    `  ${row.map((cell, i) => pad(cell, widths[i] ?? 0, i === 0 ? 'end' : 'start')).join('  ')}`.trimEnd(),
  );
  if (lines.every((line) => columns(line) <= width)) return lines;
  return rows
    .slice(1)
    .flatMap(([to, n, time, shortest, longest, disk]) =>
      wrap(`To ${to}: N ${n}, ${time} (${shortest} to ${longest}), ${disk}`, width - 2),
    )
    .map((line) => `  ${line}`);
}
