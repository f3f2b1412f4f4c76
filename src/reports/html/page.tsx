import { createHash } from 'node:crypto';
import type { ComponentChildren, JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { RunDetail } from '../../results/detail.js';
import type { RunResult } from '../../results/result.js';
import { bannerOf } from '../banner.js';
import { terminalText } from '../escape.js';
import { doubts, verdictWord } from '../sentence.js';
import { conclusions } from '../window.js';
import { Doubts, Failures, Spellings } from './extras.js';
import { HowOften } from './how-often.js';
import { Others, Pair, pairLink } from './iterations.js';
import { Logs } from './logs.js';
import { type Places, placesOf } from './places.js';
import { pageScript } from './script.js';
import { Again, Facts, Setting } from './setting.js';
import { pageStyle } from './style.js';
import { Searched, SweptRates } from './swept-rates.js';
import { Foreign, Name, Sentences } from './text.js';
import { timelineScript } from './timeline/script.js';
import { timelineStyle } from './timeline/style.js';

const style = `${pageStyle}\n${timelineStyle}`;
const script = [pageScript, timelineScript].map((one) => `(${one.toString()})(document);`).join('\n');

/** Nothing is loaded, and nothing acts but this style and this script, told by their hashes (CSP 3, 2.3.1). */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole page of a run, as it is given: what is too much for it has been cut before. */
export function pageOf(detail: RunDetail): string {
  return `<!doctype html>\n${renderToString(<Page detail={detail} />)}\n`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function Page({ detail }: { readonly detail: RunDetail }): JSX.Element {
  const { result } = detail;
  const places = placesOf(detail.iterations);
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>{titleOf(result)}</title>
        <Inline element="style" text={style} />
      </head>
      <body>
        <Head detail={detail} />
        <main>
          <Body detail={detail} places={places} />
        </main>
        <footer>
          <p>
            Made by buildrace <Foreign text={result.toolVersion} />. This file loads nothing.
          </p>
        </footer>
        <Inline element="script" text={script} />
      </body>
    </html>
  );
}

/** Our own text, which its element takes as it is. */
function Inline({
  element: Element,
  text,
}: {
  readonly element: 'style' | 'script';
  readonly text: string;
}): JSX.Element {
  return <Element dangerouslySetInnerHTML={{ __html: text }} />;
}

function titleOf(result: RunResult): string {
  const simulated = result.builder.simulated ? 'SIMULATED: ' : '';
  return `${simulated}${terminalText(result.scenario)}: ${verdictWord(result.verdict).toLowerCase()}`;
}

function Head({ detail }: { readonly detail: RunDetail }): JSX.Element {
  const { result } = detail;
  const banner = bannerOf(result);
  return (
    <header>
      {banner === null ? null : <p class="banner">{banner}</p>}
      <h1>
        <Name text={result.scenario} />: {verdictWord(result.verdict).toLowerCase()}
      </h1>
      <p class="title">
        <Foreign text={result.title} />
      </p>
      {conclusions(result).map((sentences, i) => (
        <p key={i} class="verdict">
          <Sentences of={sentences} />
        </p>
      ))}
      <Facts result={result} />
      <Contents detail={detail} />
    </header>
  );
}

function Contents({ detail }: { readonly detail: RunDetail }): JSX.Element {
  return (
    <nav aria-label="On this page">
      <a href="#rates">How often</a> <a href="#pair">{pairLink(detail)}</a> <a href="#again">Run it again</a>{' '}
      <a href="#setting">Versions and scenario</a>
    </nav>
  );
}

function Body({
  detail,
  places,
}: {
  readonly detail: RunDetail;
  readonly places: Places;
}): ComponentChildren {
  const { result } = detail;
  return (
    <>
      <section aria-labelledby="rates">
        <h2 id="rates">How often</h2>
        <HowOften result={result} places={places} />
        <SweptRates result={result} />
        <Searched result={result} />
      </section>
      <Doubts sentences={doubts(result).map((one) => <Sentences of={[one]} />)} />
      <Pair detail={detail} places={places} />
      <Others detail={detail} places={places} />
      <Logs detail={detail} places={places} />
      <Spellings result={result} />
      <Failures result={result} />
      <Again result={result} />
      <Setting detail={detail} />
    </>
  );
}
