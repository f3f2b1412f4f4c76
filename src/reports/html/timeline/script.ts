/**
 * Makes the pictures of `Timeline` tell of their steps below the picture, for the pointer and for the keyboard: one tab
 * stop for each picture, arrow keys from step to step and from lane to lane, Home, End, and Escape to hide what is told.
 * The page carries its text (`toString()`), so that it may use nothing from outside of itself.
 */
export function timelineScript(document: Document): void {
  // What is folded has no places yet: each picture is looked at when it is first seen.
  const marks = new Map<Element, Element>();
  const seen =
    typeof IntersectionObserver !== 'function'
      ? null
      : new IntersectionObserver((entries) => {
          for (const { target, isIntersecting } of entries) {
            const mark = marks.get(target);
            if (!isIntersecting || mark === undefined) continue;
            seen?.unobserve(target);
            // No further than until the whole of it is in sight: times and lanes' names begin at the left.
            const box = target.getBoundingClientRect();
            const hidden = mark.getBoundingClientRect().right - box.right + 8;
            const most = (mark.querySelector('rect') ?? mark).getBoundingClientRect().left - box.left - 8;
            target.scrollLeft += Math.max(0, Math.min(hidden, most));
          }
        });
  for (const figure of Array.from(document.querySelectorAll('figure.timeline'))) {
    const picture = figure.querySelector('svg.timeline-picture');
    const scroll = picture?.parentElement;
    if (!picture || !scroll) continue;
    const lanes = Array.from(
      picture.querySelectorAll('.lane'),
      (lane) => Array.from(lane.children) as SVGGElement[],
    );
    const bars = lanes.flat();
    const first = bars.find((bar) => bar.classList.contains('marked')) ?? bars[0];
    if (first === undefined) continue;
    const table = figure.querySelector('table');
    const hint = 'Point at a step, or go to it with Tab and the arrow keys, to read about it here.';
    const detail = document.createElement('p');
    detail.className = 'timeline-detail';
    detail.textContent = hint;
    // What is told of a step is its own name too, so that it would be read twice.
    detail.setAttribute('aria-hidden', 'true');
    scroll.after(detail);
    // Shows across all lanes when the step ran.
    const guide = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    guide.setAttribute('class', 'guide');
    guide.setAttribute('height', '100%');
    let current = first;
    if (first.classList.contains('marked')) {
      marks.set(scroll, first);
      seen?.observe(scroll);
    }

    const laneOf = (bar: Element): number => lanes.findIndex((lane) => lane.includes(bar as SVGGElement));

    // The table says all of it already: the row that has the step's number in the lane's column.
    const textOf = (bar: SVGGElement): string => {
      const column = laneOf(bar) + 1;
      const [number, ...times] = (bar.querySelector('title')?.textContent ?? '').split(' ');
      const lane = table?.querySelectorAll('thead th')[column]?.querySelector('b')?.textContent ?? '';
      for (const row of Array.from(table?.querySelectorAll('tbody tr') ?? [])) {
        const [name, ...cells] = Array.from(row.children, (cell) => cell.textContent ?? '');
        const cell = cells[column - 1] ?? '';
        const found = /^#\d+ (−?\d+)(?:–(−?\d+))?(?: ([\s\S]*))?$/.exec(cell);
        if (found === null || !cell.startsWith(`${number} `)) continue;
        const [start, end] = [found[1], found[2] ?? found[1]].map((one) => Number(one?.replace('−', '-')));
        const took = (end ?? 0) - (start ?? 0);
        const when = `${found[1]}${took > 0 ? `–${found[2]} ms, ${took} ms long` : ' ms, an instant'}`;
        return `Lane ${lane}, ${number} ${name}: ${found[3] ?? 'done'}; ${when}.`;
      }
      return `Lane ${lane}, ${number}: ${times.join(' ')}`;
    };

    const makeStop = (bar: SVGGElement): void => {
      current.setAttribute('tabindex', '-1');
      current = bar;
      bar.setAttribute('role', 'img');
      bar.setAttribute('aria-label', textOf(bar));
      bar.setAttribute('tabindex', '0');
    };

    const tell = (bar: SVGGElement | null): void => {
      detail.textContent = bar === null ? hint : textOf(bar);
      guide.remove();
      const rect = bar?.querySelector('rect');
      if (!rect) return;
      for (const name of ['x', 'width']) guide.setAttribute(name, rect.getAttribute(name) ?? '0');
      picture.querySelector('.lane')?.before(guide);
    };

    const barAt = (target: EventTarget | null): SVGGElement | null => {
      const found = (target as Element | null)?.closest?.('.lane > g');
      return found ? (found as SVGGElement) : null;
    };

    const left = (bar: Element): number =>
      Number.parseFloat(bar.querySelector('rect')?.getAttribute('x') ?? '0');

    const nearest = (lane: readonly SVGGElement[], bar: Element): SVGGElement | undefined =>
      [...lane].sort((a, b) => Math.abs(left(a) - left(bar)) - Math.abs(left(b) - left(bar)))[0];

    const next = (key: string): SVGGElement | undefined => {
      const number = laneOf(current);
      const lane = lanes[number] ?? [];
      const at = lane.indexOf(current);
      if (key === 'ArrowRight') return lane[at + 1];
      if (key === 'ArrowLeft') return lane[at - 1];
      if (key === 'Home') return lane[0];
      if (key === 'End') return lane[lane.length - 1];
      const others = key === 'ArrowDown' ? lanes.slice(number + 1) : lanes.slice(0, number).reverse();
      return nearest(others.find((other) => other.length > 0) ?? [], current);
    };

    // The steps are the tab stop now; they come into sight when they are reached.
    scroll.removeAttribute('tabindex');
    picture.setAttribute('role', 'group');
    makeStop(first);
    // Chromium would make a picture with listeners of focus a tab stop of its own.
    scroll.addEventListener('focusin', (event) => {
      const bar = barAt(event.target);
      tell(bar);
      // Focus alone brings no part of a picture into sight.
      bar?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    scroll.addEventListener('focusout', () => tell(null));
    scroll.addEventListener('pointerover', (event) => {
      const bar = barAt(event.target);
      if (bar !== null) tell(bar);
    });
    scroll.addEventListener('pointerleave', () => tell(document.activeElement === current ? current : null));
    scroll.addEventListener('click', (event) => {
      const bar = barAt(event.target);
      if (bar === null) return;
      makeStop(bar);
      bar.focus();
    });
    scroll.addEventListener('keydown', (event) => {
      const { key, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
      if (altKey || ctrlKey || metaKey) return;
      if (key === 'Escape') tell(null);
      if (!['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)) return;
      event.preventDefault();
      const bar = next(key);
      if (bar === undefined) return;
      makeStop(bar);
      bar.focus();
    });
  }
}
