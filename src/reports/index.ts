import { jsonReport } from './json.js';
import { junitReport } from './junit.js';
import { markdownReport } from './markdown.js';
import type { DetailedReport, Report } from './report.js';

export const reports: readonly Report[] = [markdownReport, jsonReport, junitReport];

/** Loaded when they are asked for: they need more than the others. */
export const detailedReports: ReadonlyMap<string, () => Promise<DetailedReport>> = new Map([
  ['html', async () => (await import('./html/html.js')).htmlReport],
  ['issue', async () => (await import('./issue/issue.js')).issueReport],
]);

/** What `--format` takes. */
export const reportNames: readonly string[] = [...reports.map(({ name }) => name), ...detailedReports.keys()];

/** The report of a format's name, or null. */
export function reportFor(name: string): Report | null {
  return reports.find((report) => report.name === name) ?? null;
}
