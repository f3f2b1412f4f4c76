import type { ComparedSide, Comparison, ComparisonRow } from '../results/comparison.js';
import type { RunResult, Verdict } from '../results/result.js';
import { bannerOf, simulatedBanner } from './banner.js';
import { codeSpan, cut, prose, terminalText } from './escape.js';
import { rateTable, searched, sweepSection } from './markdown.js';
import { atMostBytes } from './octets.js';
import {
  doubts,
  markdownText,
  plainText,
  type Sentence,
  unexpectedSights,
  verdictParagraphs,
  verdictSentences,
  verdictWord,
} from './sentence.js';
import { sweptArms } from './swept.js';
import { sweptParagraphs, sweptSights } from './swept-sentence.js';
import { conclusions } from './window.js';

/** GitHub takes no more of a step's summary: all of a larger one is lost. */
export const maxSummaryBytes = 2 ** 20;

/** GitHub shows no more of each kind for a step, and drops the rest without a word. */
export const maxAnnotations = 10;

const maxMessage = 1000;

/**
 * The summary of a step of GitHub Actions: Markdown of at most `limit` bytes, cut with a note. What was compared comes
 * first, as the Markdown that is given; then each run's verdict and rates.
 */
export function jobSummary(
  results: readonly RunResult[],
  comparisons: readonly string[],
  limit: number = maxSummaryBytes,
): string {
  const parts = [...comparisons, ...results.map(runText)];
  const note = 'The rest is left out, to stay within what GitHub takes; the run directories hold all of it.';
  return atMostBytes(parts.map((part) => `${part.trimEnd()}\n\n`).join(''), limit, `\n**${note}**\n\n`);
}

/** A comparison's Markdown under a heading of its own, for `jobSummary`. */
export function comparisonPart({ base, run, verdict }: Comparison, text: string): string {
  const against = base.isBaseline ? 'its baseline' : codeSpan(base.name);
  return `## ${codeSpan(run.name)} against ${against}: ${verdict}\n\n${text}`;
}

function runText(result: RunResult): string {
  const banner = bannerOf(result);
  return [
    `## ${codeSpan(result.scenario)} on ${markdownBuilder(result)}: ${verdictWord(result.verdict).toLowerCase()}`,
    ...(banner === null ? [] : [`**${banner}**`]),
    ...conclusions(result).map(markdownText),
    rateTable(result),
    searched(result),
    sweepSection(result),
    ...doubts(result).map((one) => markdownText([one])),
    `Run directory: ${codeSpan(result.directory)}. Again: ${codeSpan(result.again)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function markdownBuilder({ builder }: RunResult): string {
  return versionsOf(builder).map(prose).join(', ');
}

function versionsOf({ kind, version, daemonVersion }: ComparedSide['builder']): readonly string[] {
  return [
    version === null ? kind : `${kind} ${version}`,
    ...(daemonVersion === null ? [] : [`daemon ${daemonVersion}`]),
  ];
}

type Level = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
}

/**
 * Workflow commands, one a line: an error for each regression, a warning where a fault was reproduced, a control is not
 * clean or the question stays open, a notice for the rest; of each kind as many as GitHub shows, the last of which tells
 * how many more there were. (docs.github.com, "Workflow commands for GitHub Actions")
 */
export function annotations(
  results: readonly RunResult[],
  comparisons: readonly Comparison[],
): readonly string[] {
  const told = new Set<string>();
  const all = [...comparisons.flatMap((one) => ofComparison(one, told)), ...results.flatMap(ofRun)];
  return (['error', 'warning', 'notice'] as const)
    .map((level) => all.filter((one) => one.level === level))
    .flatMap((ofLevel) => shown(ofLevel).map(workflowCommand));
}

/** What a second run on the same builder confirms is one regression, not two; `told` are those told before. */
function isNews({ base, run }: Comparison, row: ComparisonRow, told: Set<string>): boolean {
  if (row.verdict !== 'regression') return true;
  const key = JSON.stringify([base.file, run.builder, row.scenario, row.arm, row.signal]);
  const isFirst = !told.has(key);
  told.add(key);
  return isFirst;
}

function shown(all: readonly Annotation[]): readonly Annotation[] {
  const [first] = all;
  if (first === undefined || all.length <= maxAnnotations) return all;
  const kept = all.slice(0, maxAnnotations - 1);
  const message = `${all.length - kept.length} more of this kind; the summary of this job has all of them.`;
  return [...kept, { level: first.level, title: 'buildrace', message }];
}

function ofRun(result: RunResult): readonly Annotation[] {
  const banner = bannerOf(result);
  const title = `${result.scenario} on ${versionsOf(result.builder).join(', ')}`;
  const note = (level: Level, text: string): Annotation => ({
    level,
    title,
    message: banner === null ? text : `${banner}. ${text}`,
  });
  const paragraphs = toldOf(result).map(({ verdicts, sentences }) => {
    const isFoundOrOpen = verdicts.some((one) => one === 'reproduced' || one === 'inconclusive');
    return note(isFoundOrOpen || sentences.some(isStrong) ? 'warning' : 'notice', plainText(sentences));
  });
  const others = doubts(result);
  const rest = isSearch(result) ? others : [...unexpectedSights(result), ...sweptSights(result), ...others];
  return [...paragraphs, ...rest.map((one) => note('notice', plainText([one])))];
}

interface Told {
  readonly verdicts: readonly (Verdict | null)[];
  readonly sentences: readonly Sentence[];
}

/** What the run concludes, with the verdicts that it stands for: a search has none on its points. */
function toldOf(result: RunResult): readonly Told[] {
  const all = conclusions(result);
  if (isSearch(result)) return all.map((sentences) => ({ verdicts: [], sentences }));
  const arms = verdictParagraphs(result).map(({ signals: [signal], sentences }) => ({
    verdicts: [signal?.verdict ?? null],
    sentences,
  }));
  const swept = sweptArms(result);
  const points = sweptParagraphs(result).map((sentences, i) => ({
    verdicts: swept[i]?.points.flatMap(({ arm }) => arm.signals.map(({ verdict }) => verdict)) ?? [],
    sentences,
  }));
  // How an offset was chosen comes after all verdicts.
  const chosen = all.slice(verdictSentences(result).length).map((sentences) => ({ verdicts: [], sentences }));
  return [...arms, ...points, ...chosen];
}

const isSearch = ({ window }: RunResult): boolean => window?.phase === 'search';

function isStrong({ strong }: { readonly strong: boolean }): boolean {
  return strong;
}

function ofComparison(comparison: Comparison, toldBefore: Set<string>): readonly Annotation[] {
  const { base, run, reason, rows } = comparison;
  const isSimulated = base.builder.simulated || run.builder.simulated;
  const banner = isSimulated ? `${simulatedBanner}. ` : '';
  const against = `${run.name} against ${base.isBaseline ? 'the baseline ' : ''}${base.name}`;
  const note = (level: Level, title: string, text: string): Annotation => ({
    level,
    title,
    message: `${banner}${text}`,
  });
  if (reason !== null) return [note('warning', 'undetermined', `${against}: ${reason}`)];
  const changed = rows.filter(({ verdict }) => verdict !== 'unchanged');
  const told = changed
    .filter((row) => isNews(comparison, row, toldBefore))
    .map((row) =>
      note(levelOf(row), `${row.verdict}: ${row.signal} in ${row.scenario}`, `${against}: ${rowText(row)}`),
    );
  const unchanged = rows.length - changed.length;
  if (unchanged === 0) return told;
  return [...told, note('notice', 'unchanged', `${against}: ${unchanged} of ${rows.length} rates unchanged`)];
}

function levelOf({ verdict }: ComparisonRow): Level {
  if (verdict === 'regression') return 'error';
  return verdict === 'undetermined' ? 'warning' : 'notice';
}

/** `arm (control): 3 of 20 iterations, was 0 of 20; why nothing can be told`. */
function rowText({ arm, role, base, run, reason, iterationsToSettle }: ComparisonRow): string {
  const rates = `${arm} (${role}): ${run.count} of ${run.of} iterations, was ${base.count} of ${base.of}`;
  const settle =
    iterationsToSettle === null ? '' : `; about ${iterationsToSettle} iterations of each would settle it`;
  return `${rates}${reason === null ? '' : `; ${reason}`}${settle}`;
}

function workflowCommand({ level, title, message }: Annotation): string {
  const text = cut(terminalText(message), maxMessage);
  return `::${level} title=${escapedProperty(terminalText(title))}::${escapedData(text)}`;
}

/** As the runner reads it back; it takes `%25` last, and knows an older form of command too. (actions/runner, ActionCommand.cs) */
function escapedData(text: string): string {
  const plain = text.replaceAll('##[', '## [').replaceAll('%', '%25');
  return plain.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
