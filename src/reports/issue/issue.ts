import type { DetailedReport } from '../report.js';

export const issueReport: DetailedReport = {
  name: 'issue',
  extension: 'md',
  limits: { iterations: 6, lanes: 24, logCharacters: 400_000 },
  render: ({ result }) => `${result.scenario}\n`,
};
