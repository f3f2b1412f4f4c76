import { UserError } from '../errors.js';
import { htmlReport } from '../reports/html/html.js';
import { issueReport } from '../reports/issue/issue.js';
import { jsonReport } from '../reports/json.js';
import { markdownReport } from '../reports/markdown.js';
import type { Upstream } from '../reports/report.js';
import { type Reproduction, reproductionOf } from '../reports/reproduction/reproduction.js';
import { isSimulated } from '../reports/simulated.js';
import type { Redaction, RunDetail } from '../results/detail.js';
import { isSafePath, safePart, UniqueNames } from './entry-names.js';
import { type CutFile, fitInto, type Part } from './fit-into.js';
import { narrowed } from './narrow.js';
import { packedIterations, packedLogs } from './packed-logs.js';
import { readmeText } from './readme.js';
import { type Entry, zipOf } from './zip.js';

/** GitHub takes files of 25 MB as attachments. */
export const maxBundleBytes = 25_000_000;

/** How much of a run is read for a bundle. */
export const bundleLimits = { iterations: 200, lanes: 1_600, logCharacters: 12_000_000 } as const;

export interface Bundle {
  /** Of the folder that all of it is in; safe as the name of a file. */
  readonly name: string;
  readonly zip: Uint8Array;
  /** Names inside of the zip, and bytes as unpacked. */
  readonly entries: readonly { readonly name: string; readonly bytes: number }[];
  readonly cut: readonly CutFile[];
  /** What had to be left out beside lines of logs, a clause each. */
  readonly leftOut: readonly string[];
  readonly redactions: readonly Redaction[];
  readonly simulated: boolean;
}

export interface BundleOptions {
  /** Whose issue form is filled; null: guessed from the builder. */
  readonly upstream: Upstream | null;
  /** The most bytes that the zip may have. */
  readonly limit?: number;
}

/**
 * A run as one zip to attach: the same details give the same bytes, on any machine and in any time zone.
 * @param detail redacted, and without places of this machine
 * @throws {UserError} when it cannot be kept under the limit.
 */
export function bundleOf(detail: RunDetail, { upstream, limit = maxBundleBytes }: BundleOptions): Bundle {
  const folder = safePart(detail.plan.run);
  const issue = issueOf(detail, upstream);
  const reproduction = reproductionOf(detail);
  const files = 'none' in reproduction ? null : reproductionEntries(reproduction);
  const iterations = packedIterations(detail);
  const logs = packedLogs(detail, iterations);
  const parts: Part[] = [
    always({ name: 'report.md', content: markdownReport.render(detail.result) }),
    ...(typeof issue === 'string' ? [always({ name: 'issue.md', content: issue })] : []),
    {
      entries: [
        {
          name: 'report.html',
          content: htmlReport.render(narrowed(detail, htmlReport.limits), { upstream: null }),
        },
      ],
      without: '`report.html`',
      spare: 1,
    },
    {
      entries: [{ name: 'result.json', content: jsonReport.render(detail.result) }],
      without: '`result.json`',
      spare: 2,
    },
    always({ name: 'plan.json', content: json(detail.plan) }),
    environmentPart(detail),
    ...(files === null
      ? []
      : [
          {
            entries: files.entries.filter(({ name }) => name === scriptName),
            without: '`reproduce/reproduce.sh`',
            spare: 3,
          },
          {
            entries: files.entries.filter(({ name }) => name !== scriptName),
            without: 'the files beside `reproduce/reproduce.sh`, which writes them itself',
            spare: 4,
          },
        ]),
  ];
  const readmeOf = (fitted: { cut: readonly CutFile[]; leftOut: readonly string[] }): Entry => ({
    name: 'README.md',
    content: readmeText({
      detail,
      iterations,
      logs,
      issue: typeof issue === 'string' ? null : issue.none,
      reproduction,
      ...fitted,
      leftOut: [...fitted.leftOut, ...(files?.leftOut ?? [])],
    }),
  });
  const fitted = fitInto(parts, logs, readmeOf, { limit, folder });
  return {
    name: folder,
    zip: zipOf(folder, fitted.entries),
    entries: fitted.entries.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes })),
    cut: fitted.cut,
    leftOut: [...fitted.leftOut, ...(files?.leftOut ?? [])],
    redactions: detail.redactions ?? [],
    simulated: isSimulated(detail),
  };
}

const scriptName = 'reproduce/reproduce.sh';

const always = (...entries: Entry[]): Part => ({ entries, without: '', spare: 0 });

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The issue body, or why there is none. */
function issueOf(detail: RunDetail, upstream: Upstream | null): string | { readonly none: string } {
  try {
    return issueReport.render(narrowed(detail, issueReport.limits), { upstream });
  } catch (error) {
    if (error instanceof UserError) return { none: error.message };
    throw error;
  }
}

/** The environment holds the scenario's files, which may be large. */
function environmentPart({ environment }: RunDetail): Part {
  const name = 'environment.json';
  const { scenario } = environment;
  const files = scenario.files.map((file) => ({ ...file, content: '' }));
  return {
    entries: [{ name, content: json(environment) }],
    instead: [{ name, content: json({ ...environment, scenario: { ...scenario, files } }) }],
    without: 'the content of the scenario’s files in `environment.json`',
    spare: 5,
  };
}

/** Paths of the files come from a run directory, which may be anybody's. */
function reproductionEntries({ script, files }: Reproduction): {
  entries: Entry[];
  leftOut: string[];
} {
  const names = new UniqueNames();
  names.takes(scriptName);
  const isPacked = new Map(
    files.map((file) => [file, isSafePath(file.path) && names.takes(`reproduce/${file.path}`)]),
  );
  const left = files.filter((file) => isPacked.get(file) !== true).length;
  return {
    entries: [
      { name: scriptName, content: script, executable: true },
      ...files
        .filter((file) => isPacked.get(file) === true)
        .map(({ path, content, executable }) => ({ name: `reproduce/${path}`, content, executable })),
    ],
    leftOut:
      left === 0
        ? []
        : [
            `${left === 1 ? 'a file' : `${left} files`} of the reproduction whose ${left === 1 ? 'name' : 'names'} cannot be unpacked everywhere`,
          ],
  };
}
