import { bannerOf } from '../reports/banner.js';
import { bytesText } from '../reports/bytes.js';
import { codeSpan, fenced, prose } from '../reports/escape.js';
import { partSentence } from '../reports/method.js';
import { counted } from '../reports/numbers.js';
import { redactedSentence } from '../reports/redacted.js';
import type { Reproduction } from '../reports/reproduction/reproduction.js';
import { doubts, markdownText, verdictWord } from '../reports/sentence.js';
import { conclusions } from '../reports/window.js';
import type { RunDetail } from '../results/detail.js';
import { processesOf } from '../results/layout.js';
import type { CutFile } from './fit-into.js';
import { grouped } from './log-files.js';
import type { PackedIteration, PackedLog } from './packed-logs.js';

/** Characters of a line that are kept when a log is read (see `progress/`). */
const longestLine = 4096;

export interface ReadmeFacts {
  readonly detail: RunDetail;
  readonly iterations: readonly PackedIteration[];
  /** Of these iterations, and of daemons. */
  readonly logs: readonly PackedLog[];
  /** Why there is no issue body; null: there is one. */
  readonly issue: string | null;
  readonly reproduction: Reproduction | { readonly none: string };
  readonly cut: readonly CutFile[];
  readonly leftOut: readonly string[];
}

/** The bundle's `README.md`: what the run says, what each file is, what was cut and redacted, how to run it again. */
export function readmeText(facts: ReadmeFacts): string {
  const { detail } = facts;
  const { result } = detail;
  const banner = bannerOf(result);
  const part = partSentence(result);
  const sections = [
    ...(banner === null ? [] : [`**${banner}**`]),
    `# ${codeSpan(result.scenario)}: ${verdictWord(result.verdict).toLowerCase()}`,
    ...conclusions(result).map(markdownText),
    ...(part === null ? [] : [part]),
    ...doubtLines(facts),
    '## What is in here',
    list(fileLines(facts)),
    '## Logs',
    ...logSection(facts),
    '## What was left out',
    ...cutSection(facts),
    '## What was redacted',
    redactedSentence(detail.redactions ?? []),
    '## Run it again',
    ...againSection(facts),
  ];
  return `${sections.join('\n\n')}\n`;
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

function doubtLines({ detail }: ReadmeFacts): string[] {
  const lines = doubts(detail.result).map((one) => markdownText([one]));
  return lines.length === 0 ? [] : [list(lines)];
}

function fileLines({ detail, logs, issue, reproduction, leftOut }: ReadmeFacts): string[] {
  const isIn = (name: string): boolean => !leftOut.includes(`\`${name}\``);
  const script = 'reproduce/reproduce.sh';
  return [
    ...(isIn('report.html')
      ? ['`report.html`: timelines, evidence and logs; opens in a browser, without a network']
      : []),
    '`report.md`: rates, evidence and versions',
    issue === null
      ? '`issue.md`: the body of an upstream issue'
      : `There is no \`issue.md\`: ${prose(issue)}`,
    ...(isIn('result.json') ? ['`result.json`: all counts and intervals, for programs'] : []),
    '`plan.json`: what the run set out to do',
    '`environment.json`: the machine, the versions, and the scenario with its files',
    ...('none' in reproduction
      ? [`There is no script that reproduces it: ${prose(reproduction.none)}`]
      : isIn(script)
        ? [`\`${script}\`: the builds without buildrace`]
        : []),
    ...(logs.some(({ names }) => names.some((name) => name.startsWith('iterations/')))
      ? ['`iterations/`: what each build printed, under the names that the reports cite']
      : []),
    ...(logs.some(({ names }) => names.some((name) => name.endsWith(processesOf(''))))
      ? [
          'beside them, of builds that hung, what ran then (`.processes.txt`) and, of a daemon of the run’s own that answered, its goroutines (`.goroutines.txt`)',
        ]
      : []),
    ...(detail.daemons.length === 0
      ? []
      : ['`daemons/`: the whole logs of the daemons that the run started']),
  ];
}

/** How many finished iterations the run has, and of how many the logs are not in here. */
function iterationCounts({ detail, iterations }: ReadmeFacts): { all: number; without: number } {
  const all = detail.iterations.length + detail.omitted;
  return { all, without: all - iterations.length };
}

function logSection(facts: ReadmeFacts): string[] {
  const { detail, iterations } = facts;
  const { all, without } = iterationCounts(facts);
  const rest =
    without === 0
      ? ''
      : `; ${counted(without, 'more iteration')} ${without === 1 ? 'is' : 'are'} in the run directory only`;
  if (iterations.length === 0)
    return [all === 0 ? 'The run has no finished iteration.' : `No iteration is in here${rest}.`];
  return [
    `Those of ${counted(iterations.length, 'iteration')}: all that show something${detail.omitted === 0 ? '' : ', as far as there was room'}, and of each arm one that does not${rest}. \`buildrace scan FILE\` looks for faults in one. Terminal escapes are left out of them, and lines end after ${grouped(longestLine)} characters.`,
    list(iterations.map((one) => iterationLine(detail, one))),
  ];
}

function iterationLine(detail: RunDetail, { iteration, folder }: PackedIteration): string {
  const signals = [...new Set(iteration.findings.map(({ signal }) => signal))];
  const isClean = detail.clean?.arm === iteration.arm && detail.clean.iteration === iteration.iteration;
  const shows =
    iteration.invalid !== null
      ? `does not count: ${prose(iteration.invalid)}`
      : signals.length > 0
        ? `shows ${signals.map(codeSpan).join(', ')}`
        : `shows nothing${isClean ? ', to hold beside the first that does' : ''}`;
  return `${codeSpan(folder)} ${shows}`;
}

function cutSection(facts: ReadmeFacts): string[] {
  const { cut, leftOut } = facts;
  const all = [
    ...(leftOut.length === 0 ? [] : [`To keep the bundle small enough to attach: ${leftOut.join('; ')}.`]),
    ...notPacked(facts),
    ...unreadLogs(facts),
    ...clippedLines(facts),
    ...(cut.length === 0
      ? []
      : [
          'The longest logs were cut in the middle, and a line in each says where. Left out are:',
          list(cut.map(cutLine)),
        ]),
  ];
  return all.length === 0 ? ['Nothing: these logs are whole.'] : all;
}

function cutLine({ file, lines, bytes }: CutFile): string {
  return `${codeSpan(file)}: ${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}, about ${bytesText(bytes)}`;
}

/** Iterations whose logs the bundle does not have. */
function notPacked(facts: ReadmeFacts): string[] {
  const { all, without } = iterationCounts(facts);
  if (all === 0) return ['There are no logs of builds: the run has no finished iteration.'];
  if (without === 0) return [];
  return [
    `The logs of ${grouped(without)} of ${grouped(all)} iterations, which are in the run directory only.`,
  ];
}

const maxUnread = 20;

/** Logs of lanes that are missing, or are no files that may be read. */
function unreadLogs({ iterations }: ReadmeFacts): string[] {
  const unread = iterations.flatMap(({ iteration, folder }) =>
    iteration.lanes
      .filter(({ log }) => log.files.length === 0)
      .map(({ record }) => codeSpan(`${folder}${record.lane}`)),
  );
  if (unread.length === 0) return [];
  const more = unread.length - maxUnread;
  const names = [...unread.slice(0, maxUnread), ...(more > 0 ? [`${grouped(more)} more`] : [])];
  return ['Logs that are missing in the run directory or cannot be read:', list(names)];
}

function clippedLines({ logs }: ReadmeFacts): string[] {
  const count = logs.reduce((sum, { log }) => sum + (log.clipped ?? 0), 0);
  if (count === 0) return [];
  return [
    `The ends of ${grouped(count)} ${count === 1 ? 'line' : 'lines'}, behind ${grouped(longestLine)} characters: \`…\` stands for ${count === 1 ? 'it' : 'them'}.`,
  ];
}

function againSection({ detail, reproduction, leftOut }: ReadmeFacts): string[] {
  const withTool = ['With buildrace:', fenced([detail.result.again], 'sh')];
  if ('none' in reproduction || leftOut.includes('`reproduce/reproduce.sh`')) return withTool;
  return [
    'Without buildrace:',
    fenced(['cd reproduce && sh reproduce.sh'], 'sh'),
    ...(reproduction.usage.length === 0 ? [] : [list(reproduction.usage)]),
    ...(reproduction.leavesOut.length === 0
      ? []
      : [`The script leaves out: ${reproduction.leavesOut.map(prose).join('; ')}.`]),
    ...withTool,
  ];
}
