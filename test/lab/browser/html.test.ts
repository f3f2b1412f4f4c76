import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport, mostBytes } from '../../../src/reports/html/html.js';
import type { RunDetail } from '../../../src/results/detail.js';
import { bigDetail } from '../../reports/html/big-detail.js';
import { hostileDetail } from '../../reports/html/hostile.js';
import { finding, iterationDetail, laneDetail, logText, sampleDetail } from '../../reports/sample-detail.js';
import { fullRun } from '../../reports/sample-result.js';
import { type OpenedPage, openFile, startBrowser } from './browser.js';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
});

async function opened(
  detail: RunDetail,
  options: BrowserContextOptions,
  look: (opened: OpenedPage) => Promise<void>,
): Promise<void> {
  const one = await openFile(browser, htmlReport.render(detail, { upstream: null }), options);
  try {
    await look(one);
  } finally {
    await one.close();
  }
}

const longLine = `#7 [builder 3/3] RUN ${'a very long line '.repeat(40)}`;
const log = logText([
  ...Array.from({ length: 60 }, (_, i) => `#1 line ${i + 1}`),
  longLine,
  '#2 a needle (of hay) in lane b',
]);

/** A run in which all parts of the page have something to show, with lines that are wider than any screen. */
function fullDetail(): RunDetail {
  return sampleDetail({
    result: fullRun(),
    iterations: [
      iterationDetail({
        arm: 'explicit-variant',
        findings: [finding({ evidence: [{ line: 61, text: longLine }], lane: 'b' })],
        blind: [{ signal: 'platform-drift', lane: 'a', reason: 'no step carries a platform' }],
        lanes: [laneDetail('a'), laneDetail('b', { log })],
        daemonLog: log,
      }),
      iterationDetail({ arm: 'explicit-plain' }),
      iterationDetail({ arm: 'context', iteration: 2, invalid: 'the lanes did not overlap' }),
    ],
    omitted: 4,
    firstFailing: { arm: 'explicit-variant', iteration: 1 },
    clean: { arm: 'explicit-plain', iteration: 1 },
    daemons: [{ name: 'one', log }],
    redactions: [{ kind: 'host name', count: 3 }],
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeRun {
  run(): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>;
}

/** What axe-core objects to, with all that is folded open too. */
async function violations({ page }: OpenedPage): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found } = await (globalThis as unknown as { axe: AxeRun }).axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function openAll({ page }: OpenedPage): Promise<void> {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
}

describe('in Chromium', () => {
  it('shows what was seen, how often, the control and the versions on the first screen', async () => {
    await opened(sampleDetail(), { viewport: { width: 1280, height: 900 } }, async ({ page }) => {
      for (const text of ['reproduced', '5 of 5', '0 of 5', 'its control', 'v0.32.2']) {
        const box = await page.getByText(text).first().boundingBox();
        expect(box, text).not.toBeNull();
        expect((box?.y ?? 0) + (box?.height ?? 0), text).toBeLessThan(900);
      }
      const failing = await page.locator('article.failing').boundingBox();
      const clean = await page.locator('article.clean').boundingBox();
      expect(clean?.y).toBe(failing?.y);
      expect(clean?.x).toBeGreaterThan((failing?.x ?? 0) + (failing?.width ?? 0) - 1);
    });
  });

  it('asks for nothing and complains of nothing', async () => {
    await opened(fullDetail(), {}, async (one) => {
      await openAll(one);
      expect(one.complaints).toEqual([]);
      expect(one.requests).toEqual([one.address]);
    });
  });

  it('lets hostile text of every field do nothing', async () => {
    const shape = (one: OpenedPage): Promise<string[]> =>
      one.page.evaluate(() => [...document.querySelectorAll('*')].map(({ localName }) => localName));
    let benign: string[] = [];
    await opened(fullDetail(), {}, async (one) => {
      benign = await shape(one);
    });
    await opened(hostileDetail(fullDetail()), {}, async (one) => {
      await openAll(one);
      expect(await one.page.locator('body').innerText()).toContain('<script>globalThis.hacked=1');
      expect(await one.page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      expect(await shape(one)).toEqual(benign);
      expect(one.complaints).toEqual([]);
      expect(one.requests).toEqual([one.address]);
    });
  });

  it('forbids an inline script that got in all the same', async () => {
    const page = htmlReport.render(sampleDetail(), { upstream: null });
    const one = await openFile(browser, page.replace('<main>', '<main><script>globalThis.hacked=1</script>'));
    try {
      expect(await one.page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      expect(one.complaints.join()).toContain('Content Security Policy');
    } finally {
      await one.close();
    }
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('has nothing that axe-core objects to, %s, %i px wide', async (colorScheme, width) => {
    await opened(fullDetail(), { colorScheme, viewport: { width, height: 800 } }, async (one) => {
      expect(await violations(one)).toEqual([]);
      await openAll(one);
      expect(await violations(one)).toEqual([]);
    });
  });

  it('fits 360 px, with everything open', async () => {
    for (const detail of [fullDetail(), hostileDetail(fullDetail())]) {
      await opened(detail, { viewport: { width: 360, height: 740 } }, async (one) => {
        await openAll(one);
        expect(await one.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        // Reached with the keyboard, what is wide scrolls by itself.
        const failing = await one.page.locator('article.failing').boundingBox();
        const clean = await one.page.locator('article.clean').boundingBox();
        expect(clean?.y).toBeGreaterThan((failing?.y ?? 0) + (failing?.height ?? 0) - 1);
      });
    }
  });

  it('searches the logs by keyboard: literal text, count, next, previous', async () => {
    await opened(fullDetail(), { viewport: { width: 1280, height: 900 } }, async ({ page }) => {
      const count = page.locator('#search-count');
      const shown = page.locator('details.log:not([hidden])');
      await page.getByLabel('Search all logs').focus();
      await page.keyboard.type('needle (of hay)');
      await page.keyboard.press('Enter');
      expect(await count.textContent()).toBe('1 of 3');
      expect(await shown.count()).toBe(3);
      expect(await page.locator('details.log[open]').count()).toBe(1);
      const found = await page.evaluate(() => {
        const [range] = [...((CSS.highlights as unknown as Map<string, Set<Range>>).get('current') ?? [])];
        const box = range?.getBoundingClientRect();
        return { text: range?.toString(), top: box?.top ?? -1, bottom: box?.bottom ?? 1e9 };
      });
      expect(found.text).toBe('needle (of hay)');
      expect(found.top).toBeGreaterThanOrEqual(0);
      expect(found.bottom).toBeLessThanOrEqual(900);
      await page.keyboard.press('Enter');
      expect(await count.textContent()).toBe('2 of 3');
      await page.keyboard.press('Shift+Enter');
      expect(await count.textContent()).toBe('1 of 3');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      expect(await count.textContent()).toBe('3 of 3');
      await page.getByLabel('Search all logs').fill('.*');
      await page.keyboard.press('Enter');
      expect(await count.textContent()).toBe('Not found');
      expect(await shown.count()).toBe(0);
      await page.getByLabel('Search all logs').fill('');
      await page.keyboard.press('Enter');
      expect(await count.textContent()).toBe('');
      expect(await shown.count()).toBeGreaterThan(5);
    });
  });

  it('opens what a link leads to, and folds by keyboard', async () => {
    await opened(fullDetail(), {}, async ({ page }) => {
      await page.locator('article.failing .excerpt a').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('#i1-l2[open]').waitFor();
      expect(await page.locator('#i1-l2 mark').isVisible()).toBe(true);
      const summary = page.locator('details.iteration > summary').first();
      await summary.focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('details.iteration').first().getAttribute('open')).not.toBeNull();
      await page.keyboard.press('Space');
      expect(await page.locator('details.iteration').first().getAttribute('open')).toBeNull();
    });
  });

  it('prints on white what is folded, but not the whole logs nor the search', async () => {
    await opened(fullDetail(), { colorScheme: 'dark' }, async ({ page }) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      const isVisible = (selector: string): Promise<boolean> => page.locator(selector).first().isVisible();
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        'rgb(255, 255, 255)',
      );
      expect(await isVisible('#search')).toBe(false);
      expect(await isVisible('details.iteration .lanes')).toBe(true);
      expect(await isVisible('details.log pre')).toBe(false);
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      expect(await page.locator('details.iteration:not([open])').count()).toBe(0);
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      expect(await page.locator('details.iteration[open]').count()).toBe(0);
    });
  });

  it('without script, still has all text', async () => {
    await opened(fullDetail(), { javaScriptEnabled: false }, async ({ page }) => {
      expect(await page.locator('#search').isVisible()).toBe(false);
      expect(await page.locator('#i1-l2').textContent()).toContain('needle (of hay)');
    });
  });

  it('opens 60 iterations of 8 lanes, and searches them', async () => {
    const detail = bigDetail({ iterations: 60, lanes: 8, linesOfLog: 120 });
    const html = htmlReport.render(detail, { upstream: null });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(mostBytes);
    const one = await openFile(browser, html);
    try {
      expect(await one.page.locator('details.log').count()).toBe(480);
      expect(await one.page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(120_000);
      await one.page.getByLabel('Search all logs').fill('builder 7/9');
      await one.page.keyboard.press('Enter');
      expect(await one.page.locator('#search-count').textContent()).toBe('1 of 480');
      expect(one.complaints).toEqual([]);
    } finally {
      await one.close();
    }
  });
});
