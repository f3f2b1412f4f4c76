import type { LogLine } from '../../progress/timeline.js';
import { type LogText, placeInFiles } from '../../results/log-text.js';

/** Lines of a log around its evidence, in order. */
export interface Excerpt {
  readonly file: string;
  readonly lines: readonly { readonly line: number; readonly text: string; readonly isEvidence: boolean }[];
}

/**
 * Evidence with `around` lines of the log on both sides; what is near each other stands together, and no excerpt reaches
 * over the end of a file. Numbers are those of the file.
 */
export function excerptsOf(log: LogText, evidence: readonly LogLine[], around = 3): readonly Excerpt[] {
  const own = new Map(evidence.map(({ line, text }) => [line, text]));
  const wanted = new Map<number, string>();
  for (const { line } of evidence) {
    for (let near = line - around; near <= line + around; near++) {
      const text = textOf(log, near) ?? own.get(near);
      if (text !== undefined) wanted.set(near, text);
    }
  }
  const found: { file: string; last: number; lines: Excerpt['lines'][number][] }[] = [];
  for (const [line, text] of [...wanted].sort(([a], [b]) => a - b)) {
    const place = placeInFiles(log, line) ?? { file: '', line };
    const shown = { line: place.line, text, isEvidence: own.has(line) };
    const last = found.at(-1);
    if (last !== undefined && last.last + 1 === line && last.file === place.file) {
      last.lines.push(shown);
      last.last = line;
    } else found.push({ file: place.file, last: line, lines: [shown] });
  }
  return found.map(({ file, lines }) => ({ file, lines }));
}

function textOf({ pieces }: LogText, line: number): string | undefined {
  const piece = pieces.findLast(({ firstLine }) => firstLine <= line);
  return piece?.lines[line - piece.firstLine];
}
