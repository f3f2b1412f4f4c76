import type { ArmResult, FindingExample, RunResult, SignalResult } from '../results/result.js';
import { bannerOf } from './banner.js';
import { cut, terminalText } from './escape.js';
import { keptText } from './kept-text.js';
import { counted } from './numbers.js';
import type { Report } from './report.js';
import { type Row, rowsOf } from './rows.js';
import { doubts, intervalText, plainText, verdictWord } from './sentence.js';
import { watchedSignals } from './watched.js';
import { conclusions } from './window.js';
import { element, type XmlElement, xmlDocument } from './xml.js';

const maxLineLength = 500;

/**
 * JUnit's XML, as CI systems read it: a suite for the run, a test case for each arm and signal that the table of rates
 * lists. The suite is the run, for that is what has a time, and Jenkins and GitLab group by `classname`, which is
 * `SCENARIO.ARM`. A signal that was seen is a failure however rarely it was: nothing passes because it did not show
 * every time. Where nobody could look, a case is skipped, and so is a search for an offset, which is one case.
 */
export const junitReport: Report = {
  name: 'junit',
  extension: 'xml',
  render: (result: RunResult): string => xmlDocument(documentOf(result)),
};

function documentOf(result: RunResult): XmlElement {
  const cases =
    result.window?.phase === 'search'
      ? [searchCase(result)]
      : rowsOf(result).flatMap(({ arm, rows }) => casesOf(result, arm, rows));
  const totals = {
    tests: cases.length,
    failures: cases.filter(({ outcome }) => outcome?.name === 'failure').length,
    errors: 0,
    skipped: cases.filter(({ outcome }) => outcome?.name === 'skipped').length,
    time: seconds(result),
  };
  const suite = element(
    'testsuite',
    { name: suiteName(result), ...totals, timestamp: terminalText(result.startedAt) },
    [
      element('properties', {}, properties(result)),
      ...cases.map((one) => caseElement(result, one)),
      element('system-out', {}, [summary(result).join('\n')]),
    ],
  );
  return element('testsuites', { name: 'buildrace', ...totals }, [suite]);
}

/** The run's duration in seconds; null, and left out, where a damaged journal has no times. */
function seconds({ startedAt, finishedAt }: RunResult): string | null {
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms >= 0 ? (ms / 1000).toFixed(3) : null;
}

function suiteName(result: RunResult): string {
  const { kind, version, daemonVersion } = result.builder;
  const versions = [kind, version, daemonVersion && `daemon ${daemonVersion}`].filter(Boolean).join(' ');
  const banner = bannerOf(result);
  return terminalText(`${result.scenario} on ${versions}${banner === null ? '' : ` (${banner})`}`);
}

function properties(result: RunResult): readonly XmlElement[] {
  const { builder, environment: env } = result;
  const facts: Readonly<Record<string, string | null>> = {
    scenario: result.scenario,
    'builder.kind': builder.kind,
    'builder.name': builder.name,
    'builder.version': builder.version,
    'builder.daemonVersion': builder.daemonVersion,
    'builder.simulated': String(builder.simulated),
    machine: `${env.os}, ${env.arch}, ${env.cpus} × ${env.cpuModel}`,
    seed: result.seed === null ? null : String(result.seed),
    again: result.again,
    directory: result.directory,
    buildrace: result.toolVersion,
  };
  return Object.entries(facts).flatMap(([name, value]) =>
    value === null ? [] : [element('property', { name, value: terminalText(value) })],
  );
}

interface Case {
  /** Null: the whole run. */
  readonly arm: ArmResult | null;
  readonly name: string;
  /** `failure`, `skipped`, or null: passed. */
  readonly outcome: XmlElement | null;
  readonly out: string;
}

/** One for all points of a search: each is a few iterations, and of the best of many no rate may be quoted. */
function searchCase(result: RunResult): Case {
  const why = conclusions(result).map(plainText).join(' ');
  return { arm: null, name: 'search for the offset', outcome: skipped(why), out: '' };
}

function casesOf(result: RunResult, arm: ArmResult, rows: readonly Row[]): readonly Case[] {
  return rows.flatMap((row) => {
    const signal = arm.signals.find((one) => one.signal === row.signal);
    return signal === undefined
      ? withoutSignal(result, arm, row)
      : [{ arm, name: signal.signal, outcome: outcomeOf(result, arm, signal, row), out: outOf(signal, row) }];
  });
}

/** An arm that was skipped has the cases that it would have had, so that their history has no hole. */
function withoutSignal(result: RunResult, arm: ArmResult, row: Row): readonly Case[] {
  const isSkipped = arm.skipped !== null || arm.iterations.valid === 0;
  const why =
    arm.skipped !== null
      ? row.means
      : arm.iterations.invalid === 0
        ? 'no iteration was finished'
        : 'no valid iteration';
  const watched = arm.skipped === null ? [] : [...watchedSignals(result, arm)];
  return (watched.length > 0 ? watched : ['any signal']).map((name) => ({
    arm,
    name,
    outcome: isSkipped ? skipped(why) : null,
    out: isSkipped ? '' : row.means,
  }));
}

function outcomeOf(result: RunResult, arm: ArmResult, signal: SignalResult, row: Row): XmlElement | null {
  if (signal.iterations.count > 0) return failure(result, arm, signal, row);
  const isOpen = signal.iterations.of === 0 || signal.verdict === 'inconclusive';
  return isOpen ? skipped(row.means) : null;
}

/** GitLab shows the text, others the message. */
function skipped(why: string): XmlElement {
  const message = terminalText(why);
  return element('skipped', { message }, [message]);
}

function failure(result: RunResult, { role }: ArmResult, signal: SignalResult, row: Row): XmlElement {
  const banner = bannerOf(result);
  const means = terminalText(row.means);
  // As in the table: k of n of an arm that stopped at a sight would read as a rate.
  const hasRate = result.stopping.rule !== 'first' || role !== 'reproduce';
  const seen = hasRate ? rateText(signal) : means;
  const message = banner === null ? seen : `${seen}; ${banner}`;
  const type = `${signal.signal}: ${means}`;
  const first = hasRate ? `${type}, in ${message}` : `${signal.signal}: ${message}`;
  const body = [first, ...signal.examples.flatMap(exampleLines)];
  return element('failure', { type, message }, [body.join('\n')]);
}

/** `3 of 20 iterations (5–36 %, Wilson 95 %)`. */
function rateText({ iterations: { count, of }, interval }: SignalResult): string {
  const range = interval === null ? '' : ` (${intervalText(interval)})`;
  return `${count} of ${counted(of, 'iteration')}${range}`;
}

function exampleLines(example: FindingExample): readonly string[] {
  const lane = example.lane === null ? '' : `, lane ${example.lane}`;
  return [
    '',
    line(`Iteration ${example.iteration}${lane}: ${example.message}`),
    ...example.evidence.map((one) => line(`${example.file}:${one.line}: ${one.text}`)),
    ...[keptText(example.kept)].flatMap((kept) => (kept === null ? [] : [line(kept)])),
  ];
}

function line(text: string): string {
  return cut(terminalText(text), maxLineLength);
}

function outOf({ iterations: { count, of } }: SignalResult, row: Row): string {
  return count === 0 && of > 0 ? `${count} of ${counted(of, 'iteration')}: ${terminalText(row.means)}` : '';
}

function caseElement({ scenario }: RunResult, { arm, name, outcome, out }: Case): XmlElement {
  const classname = terminalText(arm === null ? scenario : `${scenario}.${arm.name}`);
  return element('testcase', { classname, name }, [
    ...(outcome === null ? [] : [outcome]),
    ...(out === '' ? [] : [element('system-out', {}, [out])]),
  ]);
}

/** What a reader of the suite has to know besides its cases. */
function summary(result: RunResult): readonly string[] {
  const banner = bannerOf(result);
  return [
    ...(banner === null ? [] : [banner]),
    verdictWord(result.verdict),
    ...conclusions(result).map(plainText),
    ...doubts(result).map((one) => plainText([one])),
    terminalText(`Again: ${result.again}`),
  ];
}
