import type { RunDetail } from '../../results/detail.js';
import type { RunResult } from '../../results/result.js';
import { codeSpan, cut, link } from '../escape.js';
import { hasOtherDelays, launchText } from '../launch-text.js';
import { rateTable, searched, sweepSection } from '../markdown.js';
import { counted } from '../numbers.js';
import { doubts, type Sentence, unexpectedSights, verdictParagraphs } from '../sentence.js';
import { conclusions } from '../window.js';
import { behaviours } from './behaviour.js';
import { type Part, text } from './parts.js';
import type { Subject } from './subject.js';
import { authorText, nameList, paragraph, shortProse } from './words.js';

const maxSignals = 3;
const maxParagraphs = 4;
const maxArms = 6;
const maxTable = 5_000;

/** What the run is about, in the words of its scenario, where that is about nothing else. */
export function about(detail: RunDetail, subject: Subject): Part[] {
  const { isOneOfMany, isSeen } = subject;
  if (!isSeen) return [text(notShown(detail, subject)), ...(isOneOfMany ? [] : explanation(detail, told))];
  if (isOneOfMany) return [];
  return [text(sentence(shortProse(detail.result.title))), ...explanation(detail)];
}

const told = 'What the scenario says of it: ';

/** Titles and faults assert; a run that did not show it asserts nothing. */
function notShown(detail: RunDetail, subject: Subject): string {
  const { arm, isOneOfMany } = subject;
  const where = isOneOfMany && arm !== null ? ` in ${codeSpan(cut(arm.name, 100))}` : '';
  return `This run did not show it${where}: ${fault(detail, subject)}`;
}

/** What the issue is about, in one sentence: a scenario of several faults has them all in its title. */
function fault({ result }: RunDetail, { signals: [signal], isOneOfMany }: Subject): string {
  return isOneOfMany && signal !== undefined ? behaviours[signal].actual : sentence(shortProse(result.title));
}

/** The first paragraph of the scenario's description. */
function explanation({ plan }: RunDetail, before = ''): Part[] {
  const [first = ''] = (plan.scenario.description ?? '').trim().split(/\n\s*\n/);
  return first === '' ? [] : [text(`${before}${authorText(first.replaceAll(/\s+/g, ' '))}`, 1)];
}

/** Where the scenario is about more than this: what it is about. */
function background(detail: RunDetail, { isOneOfMany }: Subject): Part[] {
  if (!isOneOfMany) return [];
  const title = shortProse(detail.result.title);
  return [
    text(`Background, from the scenario ${codeSpan(cut(detail.result.scenario, 100))} (${title}):`),
    ...explanation(detail),
  ];
}

/** What should happen. */
export function expectedBehaviour(subject: Subject): Part[] {
  const should = subject.signals.slice(0, maxSignals).map((signal) => behaviours[signal].expected);
  const clean = cleanControls(subject);
  return [text([...should, ...clean].join(' ') || 'The builds succeed, together as well as one at a time.')];
}

/** A control that showed nothing is what "expected" looks like. */
function cleanControls({ beside, signals }: Subject): string[] {
  const clean = beside.filter(
    (arm) =>
      arm.role === 'control' &&
      signals.every((name) => {
        const seen = arm.signals.find(({ signal }) => signal === name)?.iterations;
        return seen !== undefined && seen.of > 0 && seen.count === 0;
      }),
  );
  if (clean.length === 0) return [];
  const names = clean.slice(0, maxArms).map(({ name }) => name);
  return [`That is what ${nameList(names)} (control) shows.`];
}

/** What does happen, and how often. */
export function actualBehaviour({ result }: RunDetail, subject: Subject): Part[] {
  const does = subject.isSeen
    ? subject.signals
        .filter((name) =>
          (subject.arm?.signals ?? []).some((one) => one.signal === name && one.iterations.count > 0),
        )
        .slice(0, maxSignals)
        .map((signal) => behaviours[signal].actual)
    : ['This run did not show it:'];
  return [
    text(does.join(' ')),
    ...own(result, subject)
      .slice(0, maxParagraphs)
      .map((one) => text(paragraph(one))),
  ];
}

/** The conclusions that speak of the arm; all of them where it is a point of a search or of a sweep. */
function own(result: RunResult, { arm }: Subject): readonly (readonly Sentence[])[] {
  if (isSplit(result)) {
    const ofArm = verdictParagraphs(result).filter((one) => one.arm.name === arm?.name);
    if (ofArm.length > 0) return ofArm.map(({ sentences }) => sentences);
  }
  return conclusions(result);
}

/** Whether what is said can be told apart by arm. */
function isSplit({ window, sweep, arms }: RunResult): boolean {
  return window === null && sweep === null && arms.every(({ point }) => point === null);
}

/** The first of those sentences, for a form that wants one or two. */
export function inShort(detail: RunDetail, subject: Subject): Part[] {
  const { result } = detail;
  const [first] = own(result, subject)[0] ?? [];
  return [
    text(subject.isSeen ? fault(detail, subject) : notShown(detail, subject)),
    ...(first === undefined ? [] : [text(paragraph([first]))]),
  ];
}

/** The table of rates, what its arms are, and what makes the figures weaker than they look. */
export function rates(detail: RunDetail, subject: Subject): Part[] {
  const { result } = detail;
  const arms = [...(subject.arm === null ? [] : [subject.arm]), ...subject.beside];
  const table = rateTable(isSplit(result) ? { ...result, arms } : result);
  return [
    text(armList(detail, subject)),
    ...[table, searched(result), sweepSection(result)]
      .filter((one) => one !== '')
      .map((one) => text(one.length <= maxTable ? one : tooLong, 2)),
    text(method(result), 1),
    ...doubtList(result),
    ...elsewhere(result, subject),
    ...background(detail, subject),
    ...standsFor(result),
  ];
}

const tooLong = 'The table of rates is too long for an issue; `buildrace report --format md` has it.';

/** The arm and those beside it, each with its title and, where a title cannot know them, its delays. */
export function armList({ plan }: RunDetail, { arm, beside }: Subject): string {
  if (arm === null) return '';
  return [arm, ...beside]
    .slice(0, maxArms)
    .map(({ name, role, title }) => {
      const what = role === 'alone' ? 'the same builds, one at a time' : role;
      const planned = plan.arms.find((one) => one.name === name);
      const launched =
        planned === undefined || !hasOtherDelays(plan, planned)
          ? ''
          : `; in this run: ${shortProse(launchText(planned))}`;
      return `- ${codeSpan(name)} (${what})${title === null ? '' : `: ${shortProse(title)}`}${launched}`;
    })
    .join('\n');
}

/** What one of n is, and which machine the rate belongs to. */
function method({ shard }: RunResult): string {
  const part = shard === null ? '' : ` This is part ${shard.index} of ${shard.of} of a plan.`;
  return `One iteration is all the builds of an arm, from a known state; it counts once, however many of its builds show the fault. Rates belong to this machine and its load.${part}`;
}

function doubtList(result: RunResult): Part[] {
  const all = doubts(result);
  const shown = all.slice(0, 6).map((one) => `- ${paragraph([one])}`);
  const left = all.length - shown.length;
  const more = left > 0 ? [`- And ${counted(left, 'more remark')}.`] : [];
  return shown.length === 0 ? [] : [text(['Read with care:', '', ...shown, ...more].join('\n'), 1)];
}

/** What the run said of other arms than the one that the issue is about. */
function elsewhere(result: RunResult, { arm }: Subject): Part[] {
  if (!isSplit(result)) return [];
  const others = verdictParagraphs(result)
    .filter((one) => one.arm.name !== arm?.name)
    .flatMap(({ sentences }) => sentences);
  const all = [...others, ...unexpectedSights(result)];
  return all.length === 0 ? [] : [text(`Also in this run: ${paragraph(all)}`, 3)];
}

/** Links that are meant: the reports that the scenario stands for. */
function standsFor({ reports }: RunResult): Part[] {
  if (reports.length === 0) return [];
  return [
    text(
      `Related: ${reports
        .slice(0, 5)
        .map((one) => link(one.slice(0, 300)))
        .join(', ')}.`,
    ),
  ];
}

function sentence(markdown: string): string {
  return /[.!?]`*$/.test(markdown) ? markdown : `${markdown}.`;
}
