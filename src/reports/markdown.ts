import type { ArmResult, FindingExample, RunResult, SignalResult } from '../results/result.js';
import { bannerOf } from './banner.js';
import { gibibytes } from './bytes.js';
import { courseRows } from './course.js';
import {
  codeCell,
  codeSpan,
  cut,
  fenced,
  link,
  prose,
  proseCell,
  shellWord,
  terminalLines,
} from './escape.js';
import { keptText } from './kept-text.js';
import { extentText, methodText, orderSentence } from './method.js';
import { counted, rangeText } from './numbers.js';
import { barLegend, rateBar } from './rate-bars.js';
import type { Report } from './report.js';
import { lanesText, milliseconds, type Row, rowsOf } from './rows.js';
import { joinSections, type Section } from './sections.js';
import { doubts, markdownText, verdictWord } from './sentence.js';
import { spellingTables } from './spelling-table.js';
import { controlText } from './sweep-table.js';
import {
  expectedSignals,
  isShownAsPoint,
  moverSentence,
  onePointEach,
  ratesOf,
  sweptArms,
  testText,
} from './swept.js';
import { conclusions, windowDrawing } from './window.js';

const maxLineLength = 300;
const maxFailures = 10;
const maxVersionLines = 60;

/** A report that a maintainer reads in a minute: what was run, how often it showed, beside which control, and the lines. */
export const markdownReport: Report = {
  name: 'md',
  extension: 'md',
  render: (result: RunResult): string => joinSections(sectionsOf(result)),
};

function sectionsOf(result: RunResult): readonly Section[] {
  return [
    { title: null, body: head(result), spare: 0 },
    { title: 'How often', body: rateTable(result), spare: 0 },
    { title: 'Where it was looked for', body: searched(result), spare: 1 },
    { title: 'By point of the sweep', body: sweepSection(result), spare: 0 },
    { title: 'Read with care', body: doubtList(result), spare: 1 },
    { title: 'What was run', body: setting(result), spare: 0 },
    { title: 'The lines that show it', body: examples(result), spare: 2 },
    { title: 'Which step carried which platform', body: spellings(result), spare: 3 },
    { title: 'Failures', body: failures(result), spare: 4 },
    { title: 'Rates as they built up', body: courses(result), spare: 5 },
    { title: 'Commands', body: commands(result), spare: 5 },
    { title: 'Run it again', body: fenced([result.again], 'sh'), spare: 1 },
    { title: null, body: details('How the numbers are made', methodText(result)), spare: 6 },
    { title: null, body: details('Environment and versions', environment(result)), spare: 7 },
  ];
}

function head(result: RunResult): string {
  const banner = bannerOf(result);
  const verdicts = conclusions(result).map(markdownText);
  return [
    ...(banner === null ? [] : [`**${banner}**`]),
    `# ${codeSpan(result.scenario)}: ${verdictWord(result.verdict).toLowerCase()}`,
    prose(result.title),
    ...verdicts,
  ].join('\n\n');
}

/** The table of rates: a row for each arm and signal. */
export function rateTable(result: RunResult): string {
  const header = ['Arm', 'Role', 'Signal', 'Iterations', 'Interval', 'Builds', 'Meaning'];
  const rows = rowsOf(result)
    .filter(({ arm }) => !isShownAsPoint(result, arm))
    .flatMap(({ arm, rows }) => rows.map((row) => rateCells(arm, row)));
  return rows.length === 0 ? '' : table(header, rows, [3, 4, 5]);
}

/** The drawing of a search for an offset; empty where nothing was searched. */
export function searched(result: RunResult): string {
  const drawing = windowDrawing(result);
  return drawing.length === 0 ? '' : fenced(drawing);
}

function rateCells(arm: ArmResult, row: Row): readonly string[] {
  const means = row.tone === 'dirty' ? `**${proseCell(row.means)}**` : proseCell(row.means);
  return [
    codeCell(arm.name),
    arm.role,
    row.signal === '' ? '–' : codeCell(row.signal),
    row.seen || '–',
    row.interval || '–',
    row.builds || '–',
    means,
  ];
}

/** Rates of swept arms by the levels of the factors, and which factor moves them; empty where there is no sweep. */
export function sweepSection(result: RunResult): string {
  const blocks = sweptArms(result).flatMap((arm) =>
    expectedSignals(arm).map((signal) => {
      const factors = Object.keys(arm.points[0]?.arm.point?.factors ?? {});
      const rows = ratesOf(arm, signal).map(({ point, seen }) => {
        const { count, of } = seen?.iterations ?? { count: 0, of: 0 };
        return [
          ...factors.map((factor) => codeCell(point.arm.point?.factors[factor] ?? '')),
          of === 0 ? '–' : `${count}/${of}`,
          seen?.interval ? rangeText(seen.interval.low, seen.interval.high) : '–',
          rateBar({ count, of, interval: seen?.interval ?? null }),
          controlText(point, signal) || '–',
        ];
      });
      const header = [...factors.map(codeCell), 'Iterations', 'Interval', 'Rate', 'Control'];
      const movers = moverSentence(result, arm.name, signal);
      return [
        `${codeSpan(signal)} in ${codeSpan(arm.name)}:`,
        table(header, rows, [factors.length, factors.length + 1]),
        ...(movers === null ? [] : [markdownText([movers])]),
      ].join('\n\n');
    }),
  );
  const test = testText(result);
  return blocks.length === 0
    ? ''
    : [...blocks, [barLegend, ...(test === null ? [] : [test])].join('. ')].join('\n\n');
}

/** A Markdown table; `right` names the columns of figures. */
function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, i) => (right.includes(i) ? '--:' : '---'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

function doubtList(result: RunResult): string {
  return doubts(result)
    .map((one) => `- ${markdownText([one])}`)
    .join('\n');
}

function setting(result: RunResult): string {
  const { environment: env, builder } = result;
  const versions = [
    builder.version === null ? 'version not known' : `version ${codeSpan(builder.version)}`,
    ...(builder.daemonVersion === null ? [] : [`daemon ${codeSpan(builder.daemonVersion)}`]),
  ];
  const called = builder.name === null ? '' : ` (${codeSpan(builder.name)})`;
  return [
    ...(result.reports.length === 0 ? [] : [`- Reports: ${result.reports.map(link).join(', ')}`]),
    `- Builder: ${codeSpan(builder.kind)}${called}, ${versions.join(', ')}`,
    `- Machine: ${prose(env.os)}, kernel ${codeSpan(env.kernel)}, ${prose(env.arch)}, ${env.cpus} × ${prose(env.cpuModel)}, ${gibibytes(env.memoryBytes)}, load ${env.load.toFixed(2)} at the start`,
    `- When: ${prose(result.startedAt)} to ${prose(result.finishedAt)}, with buildrace ${prose(result.toolVersion)}`,
    `- ${orderSentence(result)}`,
    ...onePointEach(result).map((arm) => armLine(result, arm) + otherPoints(result, arm)),
  ].join('\n');
}

function armLine(result: RunResult, arm: ArmResult): string {
  const of = arm.of === null ? '' : ` of ${codeSpan(arm.of)}`;
  const title = arm.title === null ? '' : `: ${prose(arm.title)}`;
  const { total, failed } = arm.builds;
  const { startSpreadMs } = arm.lanes;
  const spread =
    startSpreadMs === null
      ? ''
      : `, started within ${milliseconds(startSpreadMs)} ms of each other (median of upper limits)`;
  const extent =
    arm.skipped === null
      ? `${lanesText(arm)}${spread}; ${extentText(result, arm)}; ${failed} of ${counted(total, 'build')} failed`
      : 'skipped';
  // Where an iteration is one step, the lanes say it all.
  const steps = arm.steps.length > 1 ? ` Each iteration: ${arm.steps.map(codeSpan).join(', ')}.` : '';
  return `- Arm ${codeSpan(arm.name)} (${arm.role}${of})${title}. ${capital(extent)}.${steps}`;
}

/** Points of a sweep are many, and differ in the factors only. */
function otherPoints(result: RunResult, { point }: ArmResult): string {
  if (point === null) return '';
  const count = result.arms.filter((one) => one.point?.arm === point.arm).length;
  const factors = Object.keys(point.factors).map(codeSpan).join(', ');
  return count === 1 ? '' : ` One of ${count} points of ${codeSpan(point.arm)}, which differ in ${factors}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Expected signals first: they are what a reader looks for. */
function examples(result: RunResult): string {
  const found = onePointEach(result, (arm) => arm.signals.some(hasExample)).flatMap((arm) =>
    arm.signals.filter(hasExample).map((one) => ({ arm, one })),
  );
  return found
    .sort((a, b) => Number(b.one.expected) - Number(a.one.expected))
    .map(({ arm, one }) =>
      [
        `${codeSpan(one.signal)} in ${codeSpan(arm.name)}:`,
        ...one.examples.slice(0, one.expected ? 3 : 1).map(exampleBlock),
      ].join('\n\n'),
    )
    .join('\n\n');
}

const hasExample = (signal: SignalResult): boolean => signal.examples.length > 0;

function exampleBlock(example: FindingExample): string {
  const lines = example.evidence.map(({ line, text }) =>
    cut(`${example.file}:${line}: ${text}`, maxLineLength),
  );
  const head = `Iteration ${example.iteration}${example.lane === null ? '' : `, lane ${codeSpan(example.lane)}`}: ${prose(cut(example.message, maxLineLength))}`;
  const kept = keptText(example.kept);
  return [
    kept === null ? head : `${head}; ${prose(kept)}`,
    ...(lines.length === 0 ? [] : [fenced(lines)]),
  ].join('\n\n');
}

function spellings(result: RunResult): string {
  return spellingTables(result)
    .map(({ arm, platforms, rows, more }) => {
      const header = ['Stage', 'Instruction', ...platforms.map(codeCell)];
      const cells = rows.map((row) => [
        row.stage === null ? '–' : codeCell(row.stage),
        codeCell(row.instruction),
        ...row.builds.map((builds) => (builds === null ? '–' : String(builds))),
      ]);
      const figures = platforms.map((_, i) => i + 2);
      const text = `Builds of ${codeSpan(arm)} in which each step carried each spelling:`;
      return [text, table(header, cells, figures), ...(more === null ? [] : [more])].join('\n\n');
    })
    .join('\n\n');
}

/** k/n so far, in the order of the iterations. */
function courses(result: RunResult): string {
  const rows = courseRows(result).map(({ arm, signal, line }) => [
    codeCell(arm),
    codeCell(signal),
    codeCell(line),
  ]);
  if (rows.length === 0) return '';
  const text = 'k/n after each iteration, in the order in which they were carried out, from 0 (▁) to 1 (█):';
  return `${text}\n\n${table(['Arm', 'Signal', 'Course'], rows, [])}`;
}

function failures(result: RunResult): string {
  if (result.failures.length === 0) return '';
  const rows = result.failures
    .slice(0, maxFailures)
    .map(({ builds, arms, text, example }) => [
      String(builds),
      arms.map(codeCell).join(', '),
      codeCell(cut(text, maxLineLength)),
      codeCell(`${example.file}:${example.line}`),
    ]);
  const more = result.failures.length - maxFailures;
  const rest = more > 0 ? `\n\nAnd ${counted(more, 'kind')} more.` : '';
  return table(['Builds', 'Arms', 'Error, without ids and numbers', 'First seen'], rows, [0]) + rest;
}

function commands(result: RunResult): string {
  const lines = onePointEach(result, ({ command }) => command !== null).flatMap(({ name, command }) =>
    command === null ? [] : [`# ${name}`, command.map(shellWord).join(' ')],
  );
  return lines.length === 0
    ? ''
    : `As one lane called it, in the first iteration of each arm:\n\n${fenced(lines, 'sh')}`;
}

/** The blank lines make GitHub read what is inside as Markdown. */
function details(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function environment(result: RunResult): string {
  const { environment: env } = result;
  const facts = `Node ${prose(env.node)}; run directory ${codeSpan(result.directory)}.`;
  const outputs = env.versionOutput.map(
    ({ command, output }) => `${codeSpan(command)}:\n\n${fenced(shortened(terminalLines(output.trimEnd())))}`,
  );
  return [facts, ...outputs].join('\n\n');
}

/** Head and tail of a long output, with the number of lines between them. */
function shortened(lines: readonly string[]): readonly string[] {
  const short = lines.map((line) => cut(line, maxLineLength));
  if (short.length <= maxVersionLines) return short;
  const half = maxVersionLines / 2;
  return [...short.slice(0, half), `… ${short.length - 2 * half} lines …`, ...short.slice(-half)];
}
