import { exitCodes, systemReason } from '../errors.js';
import { terminalLines, terminalPage } from '../reports/escape.js';
import { printableJsonPieces } from '../results/printable-json.js';
import { answerIsLost } from './ending.js';
import { withoutCommands, withoutCommandsInJson } from './workflow-commands.js';

let goesOn = false;

/** From now on the program has more to do than to answer, and answers that nobody can take do not end it. */
export function goOnWithoutReader(): void {
  goesOn = true;
}

/** A reader that went away (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Nor is a terminal that is gone where that is why the program ends (SIGHUP).
  const isStopped = Number(process.exitCode ?? 0) > 128;
  if (error.code === 'EPIPE' || isStopped) {
    if (!goesOn || isStopped) process.exit(process.exitCode ?? 0);
    return;
  }
  const sentence = `the answer cannot be written to standard output (${systemReason(error)})`;
  if (goesOn) return answerIsLost(sentence);
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCodes.usage);
});

/** Lines to read: whatever they quote, they only paint. */
export function answer(text: string): void {
  process.stdout.write(withoutCommands(terminalPage(text.endsWith('\n') ? text : `${text}\n`)));
}

/** A document in a format of its own, byte for byte; only a terminal is given it as lines to read. */
export function answerDocument(text: string): void {
  process.stdout.write(withoutCommands(process.stdout.isTTY ? terminalPage(text) : text));
}

/** A document as JSON, a piece when the reader has taken the one before: a pipe would keep all of a long one in memory. */
export async function answerJson(value: unknown): Promise<void> {
  // What is short is written at once.
  let before = '';
  for (const piece of printableJsonPieces(value)) {
    if (before !== '' && !process.stdout.write(before)) await taken();
    before = withoutCommandsInJson(piece);
  }
  process.stdout.write(`${before}\n`);
}

/** Resolves when what was written is taken, or nobody is there to take it. */
function taken(): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve) => {
    const ends = ['drain', 'error', 'close'] as const;
    const settle = (): void => {
      for (const end of ends) stdout.off(end, settle);
      resolve();
    };
    for (const end of ends) stdout.on(end, settle);
  });
}

/** A line for the person who watches; never part of the answer. */
export function tell(text: string): void {
  process.stderr.write(withoutCommands(`${terminalLines(text).join('\n')}\n`));
}

/** Columns of an answer: as wide as the terminal, within reason, and 80 elsewhere. */
export function answerWidth(): number {
  return process.stdout.isTTY ? Math.min(process.stdout.columns || 80, 120) : 80;
}

/** Whether output may move and have colours: a terminal, and nobody asked for plain lines. */
export function isLive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.CI && !process.env.NO_COLOR;
}
