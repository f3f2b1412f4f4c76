import type { JSX } from 'preact';
import type { LogText } from '../../results/log-text.js';
import { bytesText } from '../bytes.js';
import { counted } from '../numbers.js';
import { type LogBlock, type LogLineShown, logBlocks } from './log-blocks.js';
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
  const { lines, firstLine, missingBefore, file } = block;
  const numbers = lines.map(({ isEvidence }, i) => `${isEvidence ? '▶ ' : ''}${firstLine + i}\n`).join('');
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
          {runsOf(lines).map(({ text, isEvidence }, i) => (isEvidence ? <mark key={i}>{text}</mark> : text))}
        </pre>
      </div>
    </>
  );
}

/** Lines as few texts: an element for each would make the page slow. */
function runsOf(lines: readonly LogLineShown[]): { text: string; isEvidence: boolean }[] {
  const runs: { lines: string[]; isEvidence: boolean }[] = [];
  for (const { text, isEvidence } of lines) {
    const last = runs.at(-1);
    const line = `${shownLine(text)}\n`;
    if (last?.isEvidence === isEvidence) last.lines.push(line);
    else runs.push({ lines: [line], isEvidence });
  }
  return runs.map(({ lines: own, isEvidence }) => ({ text: own.join(''), isEvidence }));
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
