import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { htmlReport } from '../src/reports/html/html.js';
import { bigDetail } from '../test/reports/html/big-detail.js';
import { aim, figure, load, shown } from './figures.js';

const rounds = 9;

/** The HTML report of 60 iterations of 8 lanes: how long it takes to make, how large it is, how long a browser takes to open it. */
export async function benchHtml(): Promise<void> {
  // As it is installed: what makes TypeScript run by itself would change the script in the page.
  const built = new URL('../dist/reports/html/html.js', import.meta.url).href;
  const { htmlReport: report } = (await import(built)) as { htmlReport: typeof htmlReport };
  console.log(`html, 60 iterations × 8 lanes, load ${load()}`);
  for (const linesOfLog of [40, 400]) {
    const detail = bigDetail({ iterations: 60, lanes: 8, linesOfLog });
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
    const opened = figure(await openTimes(page));
    console.log(`    open   ${shown(opened, 'ms')}`);
    console.log(aim('  open', opened.median, 1_000, 'ms'));
  }
}

/** From going there until the first screen is painted, in ms. */
async function openTimes(html: string): Promise<number[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-bench-'));
  const file = path.join(folder, 'report.html');
  writeFileSync(file, html);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  try {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage();
      const start = performance.now();
      await page.goto(pathToFileURL(file).href);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      times.push(performance.now() - start);
      await page.close();
    }
    return times;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
