import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { timelineScript } from '../../../src/reports/html/timeline/script.js';
import { timelineStyle } from '../../../src/reports/html/timeline/style.js';
import { Timeline } from '../../../src/reports/html/timeline/timeline.js';
import type { IterationDetail } from '../../../src/results/detail.js';
import { iterationDetail, laneDetail, timedStep } from '../../reports/sample-detail.js';
import { launchChromium } from './chromium.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const evil = '</text><script>document.title="hit"</script><img src=x onerror="document.title=1">';

const steps = [
  timedStep(1, { internal: true, stage: null, text: 'load metadata', startMs: 1, endMs: 20 }),
  timedStep(2, { text: 'RUN make', name: '[builder 1/1] RUN make', startMs: 50, endMs: 500 }),
  timedStep(3, {
    ...{ text: evil, name: evil, stage: 'runtime', startMs: 510, endMs: 700, source: 1, from: 'builder' },
    ...{ status: 'error', error: 'not found', marked: ['copy-from-failed'] },
  }),
];

const failing = iterationDetail({
  lanes: [laneDetail('a', { steps, outcome: 'failed' }), laneDetail('b', { steps: steps.slice(0, 2) })],
});

function pageOf(iterations: readonly IterationDetail[]): string {
  const script = `(${timelineScript.toString()})(document)`;
  const style = `body{margin:1rem;background:Canvas;color:CanvasText;color-scheme:light dark}${timelineStyle}`;
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}`;
  const figures = iterations.map((iteration, i) => renderToString(h(Timeline, { iteration, id: `t${i}` })));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><title>Timelines</title><style>${style}</style></head>
<body><main><h1>Timelines</h1>${figures.join('')}</main><script>${script}</script></body></html>`;
}

describe('the timeline in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const opened = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    const fresh = await browser.newPage(options);
    fresh.on('console', (message) => complaints.push(message.text()));
    fresh.on('pageerror', (error) => complaints.push(String(error)));
    fresh.on('request', (request) => complaints.push(request.url()));
    await fresh.setContent(pageOf([failing, iterationDetail()]));
    return fresh;
  };
  const told = async (): Promise<string> =>
    (await page.locator('.timeline-detail').first().textContent()) ?? '';
  const focused = async (): Promise<string | null> =>
    page.evaluate('document.activeElement.getAttribute("aria-label")');

  beforeAll(async () => {
    browser = await launchChromium();
    page = await opened();
  });
  afterAll(async () => browser?.close());

  test('Tab goes to the step that the finding names, once for each picture', async () => {
    await page.keyboard.press('Tab');
    expect(await focused()).toMatch(
      /^Lane a, #3 .*error: not found; copy-from-failed; 510–700 ms, 190 ms long\.$/,
    );
    expect(await told()).toBe(await focused());
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    await page.keyboard.press('Shift+Tab');
  });

  test('arrow keys, Home and End go through the steps and the lanes, Escape hides', async () => {
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('Lane a, #2 [builder 1/1] RUN make: done; 50–500 ms, 450 ms long.');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^Lane b, #2 /);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    expect(await focused()).toMatch(/^Lane a, #1 .*load metadata: done; 1–20 ms/);
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toMatch(/^Lane a, #1 /);
    await page.keyboard.press('End');
    expect(await focused()).toMatch(/^Lane a, #3 /);
    expect(await page.locator('.guide').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await told()).toMatch(/^Point at a step/);
    expect(await page.locator('.guide').count()).toBe(0);
    expect(await page.locator('.lane > [tabindex="0"]').count()).toBe(2);
  });

  test('pointing at a bar or its label tells of it, and leaving the picture does not', async () => {
    await page.mouse.click(1, 1);
    await page.locator('.lane rect').nth(1).hover();
    expect(await told()).toMatch(/^Lane a, #2 /);
    await page.mouse.move(1, 1);
    expect(await told()).toMatch(/^Point at a step/);
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing, %s, with the table open and shut',
    async (colorScheme) => {
      for (const width of [1280, 360]) {
        const own = await opened({ colorScheme, viewport: { width, height: 800 } });
        for (const isOpen of [false, true]) {
          if (isOpen) await own.locator('summary').first().click();
          // The page's policy keeps scripts out that a tag brings in; what the browser itself evaluates is let in.
          await own.evaluate(axe);
          const violations = await own.evaluate(
            'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)]))',
          );
          expect(violations).toEqual([]);
        }
        await own.close();
      }
    },
  );

  test('on a phone the picture scrolls in itself, and the page does not', async () => {
    const phone = await opened({ viewport: { width: 360, height: 700 } });
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const box = phone.locator('.timeline-scroll').first();
    expect(await box.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    await phone.keyboard.press('Tab');
    await phone.keyboard.press('End');
    expect(await box.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
    await phone.close();
  });

  test('without script, the picture is there and its scrolling box can be reached', async () => {
    const bare = await browser.newPage({ javaScriptEnabled: false });
    await bare.setContent(pageOf([failing]));
    expect(await bare.locator('svg[role=img] title').nth(1).textContent()).toBe('#2 50–500 ms');
    expect(await bare.locator('.timeline-scroll[tabindex="0"]').count()).toBe(2);
    await bare.close();
  });

  test('hostile names did nothing, nothing was fetched, nobody complained', async () => {
    expect(await page.title()).toBe('Timelines');
    expect(complaints).toEqual([]);
  });

  test.each([
    [390, true],
    [1_100, false],
  ])(
    '%i px wide, the marked step is in sight, and where the picture scrolls it says so',
    async (width, scrolls) => {
      const fresh = await opened({ viewport: { width, height: 900 } });
      await fresh.waitForFunction(`(() => {
      const box = document.querySelector('.timeline-scroll').getBoundingClientRect();
      const mark = document.querySelector('.lane .marked rect').getBoundingClientRect();
      return mark.left >= box.left && mark.right <= box.right;
    })()`);
      const box = 'document.querySelector(".timeline-scroll")';
      expect(await fresh.evaluate(`${box}.scrollWidth > ${box}.clientWidth`)).toBe(scrolls);
      const hint = await fresh.evaluate(
        'getComputedStyle(document.querySelector("figcaption"), "::after").content',
      );
      expect(String(hint).includes('scrolls sideways')).toBe(scrolls);
      await fresh.close();
    },
  );
});
