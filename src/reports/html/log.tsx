import type { JSX } from 'preact';
import type { LogText } from '../../results/log-text.js';
import { bytesText } from '../bytes.js';
import { counted } from '../numbers.js';
import { type LogBlock, logBlocks } from './log-blocks.js';
import { shownLine } from './shown-text.js';
import { Name, Scroller } from './text.js';

interface LogProps {
  readonly id: string;
  /** What it is the log of. */
  readonly label: string;
  readonly log: LogText;
  /** Lines of the log that findings name. */
  readonly evidence: ReadonlySet<number>;
}

/** A whole log, folded: numbers in a column of their own, so that they are neither found nor copied with the lines. */
export function WholeLog({ id, label, log, evidence }: LogProps): JSX.Element {
  const { blocks, missingAfter } = logBlocks(log, evidence);
  const files = new Set(blocks.map(({ file }) => file));
  return (
    <details class="log" id={id}>
      <summary>
        <bdi>{label}</bdi>{' '}
        <small>
          {sizeText(log)}
          {evidence.size === 0 ? '' : `, evidence in ${counted(evidence.size, 'line')}`}
          <span class="hits" />
        </small>
      </summary>
      {log.pieces.length === 0 && log.lines > 0 ? (
        <p class="cut">{leftOut(log.lines)}</p>
      ) : log.lines === 0 ? (
        <p class="cut">It is empty, or could not be read.</p>
      ) : (
        <Scroller class="lines" label={`Log of ${label}`}>
          {blocks.map((block, i) => (
            <Block key={i} block={block} isNamed={files.size > 1 && blocks[i - 1]?.file !== block.file} />
          ))}
          {missingAfter === 0 ? null : <p class="cut">{leftOut(missingAfter)}</p>}
        </Scroller>
      )}
    </details>
  );
}

function Block({ block, isNamed }: { readonly block: LogBlock; readonly isNamed: boolean }): JSX.Element {
  const { lines, firstLine, evidence, missingBefore, file } = block;
  const marked = new Set(evidence);
  const numbers = joined(lines, (_, i) => `${marked.has(i) ? '▶ ' : ''}${firstLine + i}\n`);
  return (
    <>
      {missingBefore === 0 ? null : <p class="cut">{leftOut(missingBefore)}</p>}
      {isNamed ? (
        <p class="file">
          <Name text={file} />
        </p>
      ) : null}
      <div class="block">
        <pre class="numbers" aria-hidden="true">
          {numbers}
        </pre>
        <pre class="text" dir="ltr">
          {/* A parser drops the first line break of a pre. */}
          {'\n'}
          {runsOf(block).map(({ text, isEvidence }, i) => (isEvidence ? <mark key={i}>{text}</mark> : text))}
        </pre>
      </div>
    </>
  );
}

/** Lines as few texts: an element for each would make the page slow. */
function runsOf({ lines, evidence }: LogBlock): { text: string; isEvidence: boolean }[] {
  const runs: { text: string; isEvidence: boolean }[] = [];
  const add = (from: number, to: number, isEvidence: boolean): void => {
    if (to > from)
      runs.push({ text: joined(lines.slice(from, to), (line) => `${shownLine(line)}\n`), isEvidence });
  };
  let next = 0;
  for (let i = 0; i < evidence.length; i++) {
    const first = evidence[i] ?? 0;
    while (evidence[i + 1] === (evidence[i] ?? 0) + 1) i++;
    const end = (evidence[i] ?? 0) + 1;
    add(next, first, false);
    add(first, end, true);
    next = end;
  }
  add(next, lines.length, false);
  return runs;
}

/** Lines whose texts are made at once: a log has hundreds of thousands, and a text for each takes more than all of them. */
const atOnce = 4_096;

function joined(lines: readonly string[], shown: (line: string, i: number) => string): string {
  const parts: string[] = [];
  for (let from = 0; from < lines.length; from += atOnce)
    parts.push(
      lines
        .slice(from, from + atOnce)
        .map((line, i) => shown(line, from + i))
        .join(''),
    );
  return parts.join('');
}

function sizeText({ lines, bytes }: LogText): string {
  return `${grouped(lines)} ${lines === 1 ? 'line' : 'lines'}, ${bytesText(bytes)}`;
}

/** `1,234 lines are left out here`. */
export function leftOut(count: number): string {
  return count === 1 ? '1 line is left out here' : `${grouped(count)} lines are left out here`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
