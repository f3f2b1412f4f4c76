import { open } from 'node:fs/promises';
import { printable } from '../text.js';

const tailBytes = 16 * 1024;
const tailLines = 8;
/** Longest line that is shown, in characters: goroutines' arguments run on. */
const lineLength = 300;

/** Bytes of a log; 0 where there is none yet. */
export async function logSize(file: string): Promise<number> {
  return (await withFile(file, async (handle) => (await handle.stat()).size)) ?? 0;
}

/** The last lines that a log got since it had `from` bytes, safe to print. */
export async function logTail(file: string, from: number): Promise<string> {
  const text = await withFile(file, async (handle) => {
    const { size } = await handle.stat();
    const start = Math.max(from, size - tailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  });
  const lines = (text ?? '').split('\n').map(shown);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-tailLines)
    .join('\n');
}

function shown(line: string): string {
  const text = printable(line);
  return text.length > lineLength ? `${text.slice(0, lineLength - 1)}…` : text;
}

async function withFile<T>(
  file: string,
  use: (handle: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T | null> {
  try {
    const handle = await open(file, 'r');
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
