import { JoinedStreams } from '../judgement/joined-streams.js';
import type { LogText } from '../results/log-text.js';
import { readLogText } from './log-reader.js';

/** A file as a log; null where it cannot be read, or is a link that leads out of the run directory. */
export async function readOneFile(
  directory: string,
  file: string,
  most: number,
  wanted: readonly number[] = [],
): Promise<LogText | null> {
  const streams = new JoinedStreams(directory, [file]);
  let bytes = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of streams.chunks()) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const text = await readLogText(counted(), most, wanted).catch(() => null);
  return text === null ? null : { files: streams.files, bytes, ...text };
}
