/// <reference lib="dom.iterable" />

/**
 * What the page does by itself: search in the whole logs, opening what a link leads to, opening what is printed. It is
 * written into the page as text, and must use nothing from outside of itself; without it, all text is there all the same.
 */
export function pageScript(document: Document): void {
  const view = document.defaultView;
  if (view === null) return;

  const openAround = (element: Element | null): void => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      if (at.localName === 'details') at.setAttribute('open', '');
    }
  };
  const openTarget = (): void => {
    const target = document.getElementById(view.location.hash.slice(1));
    if (target === null) return;
    openAround(target);
    target.scrollIntoView();
  };
  view.addEventListener('hashchange', openTarget);
  openTarget();

  // Whole logs are printed only where the reader opened them: they can be thousands of pages.
  let opened: Element[] = [];
  const beforePrint = (): void => {
    const folded = [...document.querySelectorAll('details:not(.log):not(.group):not([open])')];
    for (const one of folded) one.setAttribute('open', '');
    opened = [...opened, ...folded];
  };
  const afterPrint = (): void => {
    for (const one of opened) one.removeAttribute('open');
    opened = [];
  };
  view.addEventListener('beforeprint', beforePrint);
  view.addEventListener('afterprint', afterPrint);

  const form = document.getElementById('search');
  const field = document.getElementById('search-text') as HTMLInputElement | null;
  const count = document.getElementById('search-count');
  if (form === null || field === null || count === null) return;
  form.removeAttribute('hidden');

  interface Hit {
    readonly log: Element;
    readonly text: Element;
    readonly start: number;
    readonly end: number;
  }
  const most = 10_000;
  const logs = [...document.querySelectorAll('details.log')];
  const groups = [...document.querySelectorAll('details.group')];
  const highlights = typeof Highlight === 'function' ? view.CSS.highlights : undefined;
  let hits: Hit[] = [];
  let current = -1;
  let searched = '';
  let waiting = 0;

  const rangeOf = ({ text, start, end }: Hit): Range => {
    const range = document.createRange();
    const walker = document.createTreeWalker(text, 4);
    let offset = 0;
    let hasStart = false;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.nodeValue?.length ?? 0;
      if (!hasStart && start < offset + length) {
        range.setStart(node, start - offset);
        hasStart = true;
      }
      if (hasStart && end <= offset + length) {
        range.setEnd(node, end - offset);
        break;
      }
      offset += length;
    }
    return range;
  };

  const find = (wanted: string): void => {
    view.clearTimeout(waiting);
    searched = wanted;
    hits = [];
    current = -1;
    // Its characters mean nothing but themselves.
    const pattern = wanted === '' ? null : new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'giu');
    for (const log of logs) {
      let own = 0;
      for (const text of log.querySelectorAll('pre.text')) {
        if (pattern === null) break;
        for (const match of (text.textContent ?? '').matchAll(pattern)) {
          own++;
          if (hits.length < most)
            hits.push({ log, text, start: match.index, end: match.index + match[0].length });
        }
      }
      const shown = log.querySelector('.hits');
      if (shown !== null) shown.textContent = own === 0 ? '' : ` – ${own} found`;
      log.toggleAttribute('hidden', pattern !== null && own === 0);
    }
    for (const group of groups) {
      const isEmpty = group.querySelector('details.log:not([hidden])') === null;
      group.toggleAttribute('hidden', pattern !== null && isEmpty);
      if (pattern !== null && !isEmpty) group.setAttribute('open', '');
    }
    highlights?.delete('found');
    highlights?.delete('current');
    tell(wanted);
  };

  const tell = (wanted: string): void => {
    const total = hits.length < most ? String(hits.length) : `${most} or more`;
    count.textContent =
      wanted === ''
        ? ''
        : hits.length === 0
          ? 'Not found'
          : current < 0
            ? `${total} found`
            : `${current + 1} of ${total}`;
  };

  const go = (by: number): void => {
    if (field.value !== searched) find(field.value);
    if (hits.length === 0) return;
    current = current < 0 ? (by > 0 ? 0 : hits.length - 1) : (current + by + hits.length) % hits.length;
    const hit = hits[current];
    if (hit === undefined) return;
    openAround(hit.log);
    const range = rangeOf(hit);
    if (highlights === undefined) {
      view.getSelection()?.removeAllRanges();
      view.getSelection()?.addRange(range);
    } else {
      const near = hits.filter(({ text }) => text === hit.text).slice(0, 500);
      highlights.set('found', new Highlight(...near.map(rangeOf)));
      const one = new Highlight(range);
      one.priority = 1;
      highlights.set('current', one);
    }
    const box = hit.log.querySelector('.lines');
    if (box !== null) {
      const place = range.getBoundingClientRect();
      const frame = box.getBoundingClientRect();
      box.scrollTop += place.top - frame.top - frame.height / 3;
      box.scrollLeft += place.left - frame.left - frame.width / 3;
    }
    hit.log.scrollIntoView({ block: 'center' });
    tell(field.value);
  };

  field.addEventListener('input', () => {
    view.clearTimeout(waiting);
    waiting = view.setTimeout(() => find(field.value), 120);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  });
  document.getElementById('search-next')?.addEventListener('click', () => go(1));
  document.getElementById('search-previous')?.addEventListener('click', () => go(-1));
}
