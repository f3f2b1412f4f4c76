/**
 * Logs, scenarios and version outputs are other people's text. Whatever of it a report shows goes through one of the
 * functions here, one for each place it can land in.
 */

/** CSI, OSC and the other string sequences of ECMA-48, whole, so that their printable parts go too; 7 and 8 bit. */
const escapeSequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;
/** Every kind of white space that could end or shift a line. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** C0, DEL, C1, half surrogates. */
const controls = /[\u0000-\u001f\u007f-\u009f]|\p{Cs}/gu;
/** What reorders or hides text: bidi controls, invisible marks, annotation and tag characters (Unicode TR 36). */
const deceivers =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** One line for a terminal or a log file: no control, no escape sequence, nothing that reorders what follows. */
export function terminalText(text: string): string {
  return text.replace(escapeSequences, '').replace(breaks, ' ').replace(controls, '').replace(deceivers, '');
}

/** Several lines, each made harmless. */
export function terminalLines(text: string): readonly string[] {
  return text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map(terminalText);
}

/** What our own pages are painted with: weights and colours, and nothing that hides text or moves it. */
const paint = /(\u001b\[(?:[0-4]|7|9|2[1-479]|[349]\d|10[0-7])m)/;

/** A page of lines that may be painted: whatever a part of it forgot to make harmless is made so here. */
export function terminalPage(text: string): string {
  return text
    .split(paint)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.split('\n').map(terminalText).join('\n')))
    .join('');
}

/** A Markdown code span: no markup, no mention, no link inside, and no way out of it. */
export function codeSpan(text: string): string {
  const plain = terminalText(text).trim();
  if (plain === '') return '(empty)';
  const fence = '`'.repeat(longestRun(plain, '`') + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A code span in a table's cell. A `|` would end the cell even there, so that such text is written as HTML. */
export function codeCell(text: string): string {
  const plain = terminalText(text).trim();
  if (!plain.includes('|')) return codeSpan(plain);
  const coded = plain.replace(/[^\p{L}\p{N} ]/gu, (c) => `&#${c.codePointAt(0)};`);
  return `<code>${coded}</code>`;
}

/** Words that Markdown and GitHub read as nothing but words. */
const harmless = /^[\p{L}\p{N}.,:;'()%/+=–—-]+$/u;
/** Words made of harmless characters that would still become a link, a reference, an emoji or a list. */
const linkLike = /:\/\/|(?<!\w)(?:www\.|gh-\d|[0-9a-f]{7,40}(?!\w))|:[\w+-]+:|^[-+=]+$|^\d+[.)]$/i;

/** Other people's prose in Markdown: what could be more than words becomes a code span. */
export function prose(text: string): string {
  return inRuns(text, codeSpan);
}

/** The same for a table's cell. */
export function proseCell(text: string): string {
  return inRuns(text, codeCell);
}

/** From the first word that could be more than a word to the end: code that stops in the middle reads worse. */
function inRuns(text: string, code: (run: string) => string): string {
  const words = terminalText(text).split(/\s+/).filter(Boolean);
  const first = words.findIndex((word) => !harmless.test(word) || linkLike.test(word));
  if (first === -1) return words.join(' ');
  return [...words.slice(0, first), code(words.slice(first).join(' '))].join(' ');
}

/** A fenced block whose fence is longer than any run of backticks in it. */
export function fenced(lines: readonly string[], language = 'text'): string {
  const body = lines.map(terminalText);
  const fence = '`'.repeat(Math.max(3, ...body.map((line) => longestRun(line, '`') + 1)));
  return [`${fence}${language}`, ...body, fence].join('\n');
}

/** Whether it is an https address that holds nothing but what addresses are made of. */
export function isPlainAddress(address: string): boolean {
  return /^https:\/\/[a-z0-9][a-z0-9.-]*(?::\d+)?(?:[/?#][\w\-./?#=&%+~:,]*)?$/i.test(address);
}

/** Such an address as a link; any other text as code. */
export function link(address: string): string {
  return isPlainAddress(address) ? `<${address}>` : codeSpan(address);
}

/** Text between quotes of a POSIX shell, where it needs them. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Cuts text that is too long, with an ellipsis in its place. */
export function cut(text: string, maxLength: number): string {
  const characters = [...text];
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let current = 0;
  for (const c of text) {
    current = c === character ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
}
