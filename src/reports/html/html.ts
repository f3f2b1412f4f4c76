import type { DetailedReport } from '../report.js';
import { withSimulatedTold } from '../simulated.js';
import { pageWithin } from './fit.js';
import { pageOf } from './page.js';

/** Bytes of the whole file, whatever the run's texts are. */
export const mostBytes = 5_000_000;

/** One file that opens from a mail, with no network: for somebody who reads for a minute, then looks closer. */
export const htmlReport: DetailedReport = {
  name: 'html',
  extension: 'html',
  limits: { iterations: 60, lanes: 480, logCharacters: 3_000_000 },
  render: (detail) => pageWithin(withSimulatedTold(detail), mostBytes, pageOf),
};
