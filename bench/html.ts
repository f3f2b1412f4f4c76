import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { detailedReports } from '../src/reports/index.js';
import type { TimedStep } from '../src/results/detail.js';
import { bigDetail } from '../test/reports/html/big-detail.js';
import { timedStep } from '../test/reports/sample-detail.js';
import { aim, figure, load, shown } from './figures.js';

const rounds = 9;

/** Steps as real builds have them: internal ones at the start, some from the cache, stages side by side, one marked. */
function realStep(index: number): TimedStep {
  const stage = index % 3 === 0 ? 'runtime' : 'builder';
  const startMs = index <= 3 ? 20 * index : 120 * Math.floor(index / 2);
  const times = { startMs, endMs: startMs + 60 + 35 * (index % 4), stage };
  if (index <= 3)
    return timedStep(index, { ...times, name: '[internal] load metadata', text: '', internal: true });
  if (index === 4) return timedStep(index, { ...times, status: 'cached', endMs: startMs });
  const text = `RUN make -C /src part${index} && install -m 755 /src/part${index} /usr/local/bin`;
  const platform = stage === 'runtime' ? 'linux/arm64/v8' : 'linux/arm64';
  return timedStep(index, {
    ...times,
    text,
    name: `[${platform} ${stage} ${index}/11] ${text}`,
    platform,
    marked: index === 9 ? ['platform-drift'] : [],
  });
}

/** The HTML report of 60 iterations of 8 lanes: how long it takes to make, how large it is, how long a browser takes to open it. */
export async function benchHtml(): Promise<void> {
  // As it is installed: what makes TypeScript run by itself would change the script in the page.
  const built = new URL('../dist/index.js', import.meta.url).href;
  const library = (await import(built)) as { detailedReports: typeof detailedReports };
  const report = await library.detailedReports.get('html')?.();
  if (report === undefined) throw new Error('there is no HTML report');
  console.log(`html, 60 iterations × 8 lanes, load ${load()}`);
  for (const linesOfLog of [40, 400]) {
    const detail = bigDetail({ iterations: 60, lanes: 8, linesOfLog, step: realStep });
    const renders: number[] = [];
    let page = '';
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      page = report.render(detail, { upstream: null });
      renders.push(performance.now() - start);
    }
    console.log(`  logs of ${linesOfLog} lines`);
    console.log(`    render ${shown(figure(renders), 'ms')}`);
    console.log(aim('  size', Buffer.byteLength(page) / 1e6, 5, 'MB'));
    const [own, text, blank] = await openTimes([page, textPage(page), '<!doctype html><title>-</title>']);
    const opened = figure(own ?? []);
    const others = [figure(text ?? []), figure(blank ?? [])] as const;
    console.log(`    open   ${shown(opened, 'ms')}`);
    console.log(aim('  open', opened.median, 1_000, 'ms'));
    for (const [i, what] of ['as many bytes of <pre>', 'a blank page'].entries()) {
      const other = others[i];
      if (other === undefined) continue;
      console.log(`    ${what}: ${shown(other, 'ms')}, ratio ${(opened.median / other.median).toFixed(1)}`);
    }
  }
}

/** A page of the same size that holds nothing but text: what any viewer of these logs would need at least. */
function textPage(html: string): string {
  // Lines as logs have them: one of a megabyte would be slow for its length alone.
  const text = html.replaceAll(/[&<]/g, '.').replaceAll(/.{120}/g, '$&\n');
  return `<!doctype html><meta charset="utf-8"><title>-</title><pre>${text}</pre>`;
}

/** From going there until the first screen is painted, in ms, of each page in turn. */
async function openTimes(pages: readonly string[]): Promise<number[][]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-bench-'));
  const files = pages.map((html, i) => {
    const file = path.join(folder, `${i}.html`);
    writeFileSync(file, html);
    return file;
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    const times: number[][] = files.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [i, file] of files.entries()) {
        const page = await browser.newPage();
        const start = performance.now();
        await page.goto(pathToFileURL(file).href);
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        times[i]?.push(performance.now() - start);
        await page.close();
      }
    }
    return times;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
