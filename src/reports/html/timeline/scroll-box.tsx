import type { ComponentChildren, JSX } from 'preact';

/** What is too wide for the page scrolls in itself. */
export function ScrollBox({ label, children }: ScrollBoxProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form, and a section would be a landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, no keyboard could scroll here
    <div class="timeline-scroll" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}

interface ScrollBoxProps {
  readonly label: string;
  readonly children: ComponentChildren;
}
