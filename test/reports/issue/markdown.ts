import { expect } from 'vitest';

/** What of a body is no code: what GitHub reads as Markdown and HTML. Fences and code spans as CommonMark has them. */
export function outsideCode(body: string): string {
  const outside: string[] = [];
  let fence: string | null = null;
  for (const line of body.split('\n')) {
    const run = /^ {0,3}(`{3,})([^`]*)$/.exec(line);
    if (fence === null && run !== null) fence = run[1] ?? null;
    else if (fence === null) outside.push(line);
    else if (run !== null && (run[1] ?? '').length >= fence.length && run[2]?.trim() === '') fence = null;
  }
  expect(fence, 'a fence is left open').toBeNull();
  // A code span ends within its paragraph.
  return outside.join('\n').split('\n\n').map(withoutSpans).join('\n\n');
}

function withoutSpans(paragraph: string): string {
  let rest = paragraph;
  let kept = '';
  for (;;) {
    const open = /`+/.exec(rest);
    if (open === null) return kept + rest;
    const run = open[0];
    const after = rest.slice(open.index + run.length);
    const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(after);
    kept += rest.slice(0, open.index);
    if (close === null) kept += run;
    rest = close === null ? after : `·${after.slice(close.index + run.length)}`;
  }
}

/** Fails where something in the body would become more than words: a link, a mention, HTML, a reference. */
export function expectHarmless(body: string): void {
  expect(body).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
  );
  const outside = outsideCode(body)
    // Boxes and their links are the form's own; so are the addresses that a scenario names as its reports.
    .replaceAll(/^- \[ \] .*$/gm, '')
    .replaceAll(/^Related: <https:\/\/[\w./:-]+>(?:, <https:\/\/[\w./:-]+>)*\.$/gm, '')
    .replaceAll(/<code>[^<]*<\/code>/g, '');
  const html = outside.match(/<[^>\n]*>?/g) ?? [];
  expect(html.filter((tag) => !/^<\/?(?:details|summary)>$/.test(tag))).toEqual([]);
  const depth = html.map((tag) => (tag.startsWith('</') ? -1 : 1)).reduce<number>((a, b) => a + b, 0);
  expect(depth, 'elements that are left open').toBe(0);
  // Some of what is around goes with it, so that a failure tells where.
  expect(outside.match(/.{0,40}(?:#\d|@\w|(?<!\w)gh-\d|:\/\/|(?<!\w)www\.|!\[|\]\().{0,40}/gi) ?? []).toEqual(
    [],
  );
  expect(outside.match(/(?<![\w.-])(?=[0-9a-f]*\d)[0-9a-f]{7,40}(?![\w.-])/g) ?? []).toEqual([]);
}
