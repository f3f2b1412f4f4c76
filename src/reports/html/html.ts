import type { DetailedReport } from '../report.js';

export const htmlReport: DetailedReport = {
  name: 'html',
  extension: 'html',
  limits: { iterations: 60, lanes: 480, logCharacters: 3_000_000 },
  render: ({ result }) => `<!doctype html>\n<title>${result.scenario}</title>\n`,
};
