import type { ComponentChildren, JSX } from 'preact';
import { isPlainAddress } from '../escape.js';
import type { Part, Sentence } from '../words.js';
import { shownText } from './shown-text.js';

/** What a tooltip shows of a text that was cut. */
const longestTitle = 1_000;

interface TextProps {
  /** Raw; it may be other people's. */
  readonly text: string;
  /** Characters. */
  readonly most?: number;
}

/** Other people's words, apart from the direction of ours; too long ones are cut, with more of them in a tooltip. */
export function Foreign({ text, most = 400 }: TextProps): JSX.Element {
  const short = shownText(text, most);
  const whole = shownText(text, longestTitle);
  return short === whole ? <bdi>{short}</bdi> : <bdi title={whole}>{short}</bdi>;
}

/** A name: of an arm, a lane, a signal, a file, a version. */
export function Name({ text, most = 160 }: TextProps): JSX.Element {
  return (
    <code>
      <Foreign text={text} most={most} />
    </code>
  );
}

export function Sentences({ of }: { readonly of: readonly Sentence[] }): JSX.Element {
  return (
    <>
      {of.map(({ parts, strong }, i) => {
        const words = parts.map((part, at) => <Piece key={at} part={part} />);
        return (
          <>
            {i === 0 ? '' : ' '}
            {strong ? <strong>{words}</strong> : words}
          </>
        );
      })}
    </>
  );
}

function Piece({ part }: { readonly part: Part }): JSX.Element {
  if (typeof part === 'string') return <>{part}</>;
  return 'name' in part ? <Name text={part.name} /> : <Foreign text={part.foreign} />;
}

/** An https address as a link, where it holds nothing but what addresses are made of; any other text as code. */
export function Address({ text }: { readonly text: string }): JSX.Element {
  if (!isPlainAddress(text) || text.length > 500) return <Name text={text} />;
  return (
    <a href={text} rel="noopener noreferrer">
      {text}
    </a>
  );
}

interface ScrollerProps {
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** What is too wide or too high for the page scrolls by itself, with the keyboard too. */
export function Scroller({ label, class: name, children }: ScrollerProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section is a landmark, of which a page has few
    <div role="group" class={name} aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
