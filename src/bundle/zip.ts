import { Zip, ZipDeflate, type ZipInputFile } from 'fflate';

/** A file of the bundle. Its name is relative to the bundle's folder, with `/`. */
export interface Entry {
  readonly name: string;
  /** Texts are put together in pieces, so that no log stands in memory twice. */
  readonly content: string | Uint8Array | Iterable<string>;
  readonly executable?: boolean;
}

/** An entry, compressed. */
export interface DeflatedEntry {
  readonly name: string;
  readonly executable: boolean;
  /** As it will be unpacked, in bytes. */
  readonly bytes: number;
  readonly crc: number;
  readonly flag: 0 | 1 | 2 | 3;
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Bytes of `chunks`. */
  readonly deflated: number;
}

/** Slower levels gain nothing on logs that could be measured, and take no longer. */
const level = 9;
/** Characters that are handed over at once. */
const pieceLength = 65_536;

/** Zips hold local times: this is one that every time zone writes with the same digits. */
const fixedTime = (): Date => new Date(1980, 0, 1, 12);

export function deflateEntry({ name, content, executable = false }: Entry): DeflatedEntry {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const file = new ZipDeflate(name, { level });
  file.ondata = (error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  };
  for (const piece of pieces(content)) file.push(piece);
  file.push(new Uint8Array(0), true);
  const deflated = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { name, executable, bytes: file.size, crc: file.crc, flag: file.flag, chunks, deflated };
}

function* pieces(content: Entry['content']): Generator<Uint8Array> {
  if (content instanceof Uint8Array) {
    for (let at = 0; at < content.length; at += pieceLength) yield content.subarray(at, at + pieceLength);
    return;
  }
  for (const text of typeof content === 'string' ? [content] : content) yield Buffer.from(text);
}

/** What an entry takes in the zip: its data, its header in front of them, their sums behind, its line in the directory. */
export function packedBytes({ name, deflated }: DeflatedEntry, folder: string): number {
  return 30 + 16 + 46 + 2 * Buffer.byteLength(`${folder}/${name}`) + deflated;
}

/** The end of the directory. */
export const closingBytes = 22;

/** The zip with these entries in this order, all in one folder: from the same entries always the same bytes. */
export function zipOf(folder: string, entries: readonly DeflatedEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part);
  });
  for (const { name, executable, bytes, crc, flag, chunks } of entries) {
    // The mode of a regular file, for systems that know modes.
    const attrs = ((executable ? 0o100755 : 0o100644) << 16) >>> 0;
    const file: ZipInputFile = {
      filename: `${folder}/${name}`,
      ...{ size: bytes, crc, flag, compression: 8, os: 3, attrs, mtime: fixedTime() },
    };
    zip.add(file);
    chunks.forEach((chunk, i) => {
      file.ondata?.(null, chunk, i === chunks.length - 1);
    });
  }
  zip.end();
  return Buffer.concat(parts);
}
