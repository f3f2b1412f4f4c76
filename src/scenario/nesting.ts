import { Lexer } from 'yaml';

/** Levels of lists and maps in each other; a scenario needs some ten. */
export const mostLevels = 100;

/** What the lexer puts between the pieces of the text: they are no part of it. */
const marks = new Set(['\u0002', '\u0018', '\u001f']);

/**
 * Offset of what is nested deeper than `mostLevels` in a YAML text, or null. To be asked before the text is parsed: the
 * parser goes down by recursion, and where the stack ends, not only it but the whole process may.
 */
export function tooDeep(text: string): number | null {
  let offset = 0;
  let lineStart = 0;
  let inBrackets = 0;
  // Of block lists and maps: what stands further to the right stands in what is to the left.
  const columns: number[] = [];
  let mayBegin = true;
  for (const token of new Lexer().lex(text)) {
    if (marks.has(token)) continue;
    if (token === '[' || token === '{') inBrackets += 1;
    if (token === ']' || token === '}') inBrackets -= 1;
    const isBlank = /^[ \t]*$/.test(token);
    if (mayBegin && !isBlank && inBrackets === 0 && !token.startsWith('\n')) {
      const column = offset - lineStart;
      while ((columns.at(-1) ?? -1) >= column) columns.pop();
      columns.push(column);
    }
    if (inBrackets + columns.length > mostLevels) return offset;
    if (!isBlank) mayBegin = token === '-' || token === '?' || token === ':';
    const lineBreak = token.lastIndexOf('\n');
    if (lineBreak !== -1) {
      lineStart = offset + lineBreak + 1;
      mayBegin = true;
    }
    offset += token.length;
  }
  return null;
}
