import { jsonReport } from './json.js';
import { junitReport } from './junit.js';
import { markdownReport } from './markdown.js';
import type { Report } from './report.js';

export const reports: readonly Report[] = [markdownReport, jsonReport, junitReport];

/** The report of a format's name, or null. */
export function reportFor(name: string): Report | null {
  return reports.find((report) => report.name === name) ?? null;
}
