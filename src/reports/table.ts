import type { Colors } from 'picocolors/types.js';
import type { FailureGroup, RunResult } from '../results/result.js';
import { bannerOf } from './banner.js';
import { type CourseRow, courseRows } from './course.js';
import { cut, terminalText } from './escape.js';
import { keptText } from './kept-text.js';
import { partSentence } from './method.js';
import { counted } from './numbers.js';
import { type ArmRows, lanesText, type Row, rowsOf, type Tone } from './rows.js';
import { doubts, plainText, type Sentence, verdictWord } from './sentence.js';
import { type SpellingTable, spellingTables } from './spelling-table.js';
import { type SweepBlock, sweepBlocks, sweepLegend } from './sweep-table.js';
import { isShownAsPoint } from './swept.js';
import { withoutTrailingSpaces } from './trailing-spaces.js';
import { columns, pad, wrap, wrapWhole } from './width.js';
import { conclusions, windowDrawing } from './window.js';

export interface TableOptions {
  /** Columns of the terminal; lines are never longer. */
  readonly width?: number;
  /** `picocolors`, or its `createColors(false)` for plain lines. */
  readonly colors: Colors;
}

/** Fewer columns than this hold no table, whatever a terminal says of itself. */
const minWidth = 40;
const maxFailures = 5;
const maxSpellingColumns = 4;

/** What `run` prints at its end: rates by arm, the verdict in sentences, and what weakens it. Ends in a newline. */
export function renderTable(result: RunResult, { width = 80, colors }: TableOptions): string {
  const page: Page = { width: Math.max(minWidth, width), colors };
  const blocks = [
    bannerLines(page, result),
    headLines(page, result),
    rateLines(
      page,
      rowsOf(result).filter(({ arm }) => !isShownAsPoint(result, arm)),
    ),
    ...sweepBlocks(result, page.width).map((block) => sweepBlockLines(page, block)),
    sweepLegend(result, page.width).map(colors.dim),
    windowLines(page, result),
    ...conclusions(result).map((paragraph) => sentenceLines(page, paragraph)),
    wrap(partSentence(result) ?? '', page.width).filter((line) => line !== ''),
    doubts(result).flatMap((one) => sentenceLines(page, [one])),
    courseLines(page, courseRows(result)),
    failureLines(page, result.failures),
    hangLines(page, result),
    ...spellingTables(result).map((table) => spellingLines(page, table)),
    // A path is copied from here: it stays whole, however long.
    wrapWhole(terminalText(`Run directory: ${result.directory}`), page.width).map(colors.dim),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map(withoutTrailingSpaces)
    .join('\n\n')}\n`;
}

interface Page {
  readonly width: number;
  readonly colors: Colors;
}

function bannerLines({ width, colors }: Page, result: RunResult): readonly string[] {
  const banner = bannerOf(result);
  return banner === null ? [] : wrap(banner, width).map((line) => colors.bold(colors.yellow(line)));
}

function headLines({ width, colors }: Page, result: RunResult): readonly string[] {
  const { scenario, title, builder, verdict } = result;
  const versions = [builder.version, builder.daemonVersion && `daemon ${builder.daemonVersion}`].filter(
    Boolean,
  );
  const on = [builder.kind, builder.name === null ? '' : `(${builder.name})`, versions.join(', ')];
  const lines = wrap(
    terminalText(`${scenario} on ${on.filter(Boolean).join(' ')}: ${verdictWord(verdict)}`),
    width,
  ).map(colors.bold);
  return [...lines, ...wrap(terminalText(title), width).map(colors.dim)];
}

function windowLines({ width, colors }: Page, result: RunResult): readonly string[] {
  return windowDrawing(result, width).map((line) => (line.startsWith(' ') ? line : colors.bold(line)));
}

const headers = {
  signal: '',
  seen: 'SEEN',
  interval: 'INTERVAL',
  builds: 'BUILDS',
  means: 'MEANING',
} as const;
type Column = keyof typeof headers;
const gap = 2;
const indent = 2;

/**
 * Widths of the columns, and what is left for the meaning. `beside`: the meaning stands beside the figures. `below`: too
 * little is left, and it gets a line of its own. `prose`: the figures themselves have no room, and rows are sentences.
 */
interface Layout {
  readonly shape: 'beside' | 'below' | 'prose';
  readonly widths: Readonly<Record<Exclude<Column, 'means'>, number>>;
  readonly means: { readonly column: number; readonly width: number };
}

function rateLines(page: Page, arms: readonly ArmRows[]): readonly string[] {
  const rows = arms.flatMap((one) => one.rows).filter((row) => row.signal !== '');
  const layout = layoutFor(page.width, rows);
  const isTable = rows.length > 0 && layout.shape !== 'prose';
  const header = line(layout, headers, layout.shape === 'below' ? '' : headers.means);
  return [
    ...(isTable ? [page.colors.dim(header)] : []),
    ...arms.flatMap((one) => armLines(page, layout, one)),
  ];
}

function layoutFor(width: number, rows: readonly Row[]): Layout {
  const widest = (column: Exclude<Column, 'means'>) =>
    Math.max(columns(headers[column]), ...rows.map((row) => columns(row[column])));
  const widths = {
    signal: widest('signal'),
    seen: widest('seen'),
    interval: widest('interval'),
    builds: widest('builds'),
  };
  const column = indent + Object.values(widths).reduce((sum, one) => sum + one + gap, 0);
  if (column - gap > width)
    return { shape: 'prose', widths, means: { column: indent, width: width - indent } };
  const longest = Math.max(0, ...rows.flatMap((row) => row.means.split(' ').map(columns)));
  const isNarrow = width - column < Math.max(12, Math.min(longest, 20));
  return isNarrow
    ? { shape: 'below', widths, means: { column: indent * 2, width: width - indent * 2 } }
    : { shape: 'beside', widths, means: { column, width: width - column } };
}

function line({ widths }: Layout, row: Pick<Row, Exclude<Column, 'means'>>, means: string): string {
  const cells = [
    pad(row.signal, widths.signal),
    pad(row.seen, widths.seen, 'start'),
    pad(row.interval, widths.interval, 'start'),
    pad(row.builds, widths.builds, 'start'),
    means,
  ];
  return ' '.repeat(indent) + cells.join(' '.repeat(gap)).trimEnd();
}

function armLines(page: Page, layout: Layout, { arm, rows }: ArmRows): readonly string[] {
  const head = terminalText(`${arm.name}: ${arm.role}${arm.skipped === null ? `, ${lanesText(arm)}` : ''}`);
  return [
    ...wrap(head, page.width).map((text) => page.colors.bold(text)),
    ...rows.flatMap((row) => rowLines(page, layout, row)),
  ];
}

function rowLines(page: Page, layout: Layout, row: Row): readonly string[] {
  const tone = toneOf(page.colors, row.tone);
  const { column, width } = layout.means;
  const text = terminalText(row.means);
  if (row.signal === '') return indented(page, text, indent, tone);
  if (layout.shape === 'prose') {
    const figures = [row.seen, row.interval, `builds ${row.builds}`].filter(Boolean).join(', ');
    return indented(page, `${row.signal}: ${figures}: ${text}`, indent, tone);
  }
  const [first = '', ...rest] = wrap(text, width);
  const below = (part: string) => ' '.repeat(column) + tone(part);
  return layout.shape === 'below'
    ? [line(layout, row, ''), ...[first, ...rest].map(below)]
    : [line(layout, row, tone(first)), ...rest.map(below)];
}

function toneOf(colors: Colors, tone: Tone): (text: string) => string {
  if (tone === 'found') return colors.red;
  if (tone === 'clean') return colors.green;
  return tone === 'dirty' ? (text) => colors.bold(colors.red(text)) : colors.yellow;
}

function sweepBlockLines({ width, colors }: Page, { title, lines }: SweepBlock): readonly string[] {
  const [head = '', ...rest] = lines;
  return [...wrap(terminalText(title), width).map(colors.bold), colors.dim(head), ...rest];
}

/** Ordinary sentences run on; a strong one gets lines of its own, so that it stands out without colours too. */
function sentenceLines(page: Page, sentences: readonly Sentence[]): readonly string[] {
  const groups: { text: string; strong: boolean }[] = [];
  for (const sentence of sentences) {
    const last = groups.at(-1);
    const text = plainText([sentence]);
    if (last !== undefined && !last.strong && !sentence.strong) last.text += ` ${text}`;
    else groups.push({ text, strong: sentence.strong });
  }
  return groups.flatMap(({ text, strong }) =>
    wrap(strong ? `! ${text}` : text, page.width).map((part) => (strong ? page.colors.bold(part) : part)),
  );
}

function courseLines(page: Page, rows: readonly CourseRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const shown = rows.flatMap(({ arm, signal, line: marks }) =>
    indented(page, `${marks}  ${signal} in ${terminalText(arm)}`, indent),
  );
  return [...wrap('Rates as they built up, k/n so far, from 0 (▁) to 1 (█):', page.width), ...shown];
}

function failureLines(page: Page, failures: readonly FailureGroup[]): readonly string[] {
  if (failures.length === 0) return [];
  const shown = failures.slice(0, maxFailures).flatMap((group) => {
    const { example, builds, text } = group;
    return [
      ...indented(page, `${counted(builds, 'build')}: ${cut(terminalText(text), 240)}`, indent),
      ...indented(page, terminalText(`${example.file}:${example.line}`), indent * 2).map(page.colors.dim),
    ];
  });
  const more = failures.length - maxFailures;
  return ['Failures:', ...shown, ...(more > 0 ? indented(page, `and ${more} more kinds`, indent) : [])];
}

/** Where it is told what builds did that hung. */
function hangLines(page: Page, { arms }: RunResult): readonly string[] {
  const told = arms.flatMap(({ name, signals }) =>
    signals.flatMap(({ examples }) =>
      examples.flatMap(({ iteration, lane, kept }) => {
        const text = keptText(kept);
        return text === null
          ? []
          : wrapWhole(
              terminalText(`iteration ${iteration} of ${name}, lane ${lane}: ${text}`),
              page.width - indent,
            );
      }),
    ),
  );
  return told.length === 0 ? [] : ['Builds that hung:', ...told.map((line) => ' '.repeat(indent) + line)];
}

function indented(page: Page, text: string, by: number, tone = (part: string) => part): readonly string[] {
  return wrap(text, page.width - by).map((part) => ' '.repeat(by) + tone(part));
}

function spellingLines(page: Page, table: SpellingTable): readonly string[] {
  const title = wrap(
    terminalText(`Builds of ${table.arm} by the platform that each step carried:`),
    page.width,
  );
  const more = table.more === null ? [] : indented(page, table.more, indent);
  const platforms = table.platforms.map(terminalText);
  const rows = table.rows.map((row) => ({
    step: terminalText(`${row.stage ?? '(no stage)'} ${row.instruction}`),
    cells: row.builds.map((builds) => (builds === null ? '–' : String(builds))),
  }));
  const first = rows.reduce((most, row) => Math.max(most, columns(row.step)), 0);
  const total = indent + first + platforms.reduce((sum, one) => sum + gap + columns(one), 0);
  if (platforms.length > maxSpellingColumns || total > page.width) {
    return [...title, ...rows.flatMap((row) => spellingList(page, platforms, row)), ...more];
  }
  const lineOf = (step: string, cells: readonly string[]) =>
    ' '.repeat(indent) +
    pad(step, first) +
    cells.map((cell, i) => ' '.repeat(gap) + pad(cell, columns(platforms[i] ?? ''), 'start')).join('');
  return [
    ...title,
    page.colors.dim(lineOf('', platforms)),
    ...rows.map((row) => lineOf(row.step, row.cells)),
    ...more,
  ];
}

function spellingList(
  page: Page,
  platforms: readonly string[],
  row: { readonly step: string; readonly cells: readonly string[] },
): readonly string[] {
  const seen = platforms.flatMap((platform, i) =>
    row.cells[i] === '–' ? [] : [`${platform} ${row.cells[i]}`],
  );
  return indented(page, `${row.step}: ${seen.join(', ')}`, indent);
}
