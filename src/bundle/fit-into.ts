import { UserError } from '../errors.js';
import { bytesText } from '../reports/bytes.js';
import { cutLog, type LogText, levelFor } from '../results/log-text.js';
import { filesOf, fileText, linesLeftOut } from './log-files.js';
import type { PackedLog } from './packed-logs.js';
import { closingBytes, type DeflatedEntry, deflateEntry, type Entry, packedBytes } from './zip.js';

/** A file of a log of which lines were left out, and about how many bytes they were. */
export interface CutFile {
  readonly file: string;
  readonly lines: number;
  readonly bytes: number;
}

/** Entries that stand or fall together. */
export interface Part {
  readonly entries: readonly Entry[];
  /** What is left out with them, a clause. */
  readonly without: string;
  /** The higher, the earlier it is left out (or gives way to `instead`); 0 never is. */
  readonly spare: number;
  readonly instead?: readonly Entry[];
}

export interface Fitted {
  readonly entries: readonly DeflatedEntry[];
  readonly cut: readonly CutFile[];
  readonly leftOut: readonly string[];
}

/** Rounds in which logs are cut: each knows better than the last how well what is left of them can be compressed. */
const maxRounds = 8;

interface DeflatedLog {
  readonly source: PackedLog;
  readonly log: LogText;
  readonly entries: readonly DeflatedEntry[];
  readonly cut: readonly CutFile[];
  /** Of its entries in the zip. */
  readonly packed: number;
}

/**
 * Compresses parts and logs so that a zip of them has at most `limit` bytes: first the logs that take most of it are cut
 * in the middle; where the parts alone are too much, those that can be spared go.
 * @param readmeOf the file that says what was cut and left out; it comes first
 * @throws {UserError} when not even the parts that cannot be spared have room.
 */
export function fitInto(
  parts: readonly Part[],
  logs: readonly PackedLog[],
  readmeOf: (fitted: Pick<Fitted, 'cut' | 'leftOut'>) => Entry,
  { limit, folder }: { readonly limit: number; readonly folder: string },
): Fitted {
  const total = (entries: readonly DeflatedEntry[]): number =>
    entries.reduce((sum, entry) => sum + packedBytes(entry, folder), 0);
  const deflateLog = (source: PackedLog, log: LogText): DeflatedLog => {
    const files = filesOf(log);
    const entries = files.map((file, i) =>
      deflateEntry({ name: source.names[i] ?? 'unnamed.log', content: fileText(file) }),
    );
    return { source, log, entries, cut: cutOf(source, log), packed: total(entries) };
  };
  let packed = logs.map((one) => deflateLog(one, one.log));
  const least = total(packed.flatMap(({ entries }) => entries.map(emptied)));
  const { entries: fixed, leftOut } = spareParts(parts, limit - least - readmeRoom, total);
  for (let round = 1; ; round++) {
    const cut = packed.flatMap((one) => one.cut);
    const readme = deflateEntry(readmeOf({ cut, leftOut }));
    const rest = total([readme, ...fixed]) + closingBytes;
    const ofLogs = packed.reduce((sum, one) => sum + one.packed, 0);
    if (rest + ofLogs <= limit)
      return { entries: [readme, ...fixed, ...packed.flatMap((one) => one.entries)], cut, leftOut };
    if (round > maxRounds) throw tooLarge(rest + ofLogs, limit);
    // What is cut is said in the readme, which grows by it. The last round keeps nothing but that.
    const room = limit - rest - packed.length * 64;
    const level =
      round === maxRounds
        ? 0
        : levelFor(
            packed.map((one) => one.packed),
            room,
          );
    packed = packed.map((one) => (one.packed <= level ? one : deflateLog(one.source, shortened(one, level))));
  }
}

/** What the readme may take: it lists files. */
const readmeRoom = 100_000;

/** As if nothing were left of it but the line that says so. */
function emptied(entry: DeflatedEntry): DeflatedEntry {
  return { ...entry, deflated: Math.min(entry.deflated, 100) };
}

/** A log cut to about that many bytes in the zip; what is left is often harder to compress than the whole was. */
function shortened({ source, log, packed }: DeflatedLog, level: number): LogText {
  const share = Math.max(0, (level / packed) * 0.97);
  return cutLog(source.log, Math.floor(bytesOf(log) * share), lineBytes, source.wanted);
}

/** Leaves parts out until the rest has at most `room` bytes. */
function spareParts(
  parts: readonly Part[],
  room: number,
  total: (entries: readonly DeflatedEntry[]) => number,
): { entries: DeflatedEntry[]; leftOut: string[] } {
  let kept = parts.map((part) => ({ part, entries: part.entries.map(deflateEntry) }));
  const leftOut: string[] = [];
  const all = (): DeflatedEntry[] => kept.flatMap(({ entries }) => entries);
  while (total(all()) > room) {
    const spared = kept.reduce<(typeof kept)[number] | null>(
      (most, one) => (one.part.spare > (most?.part.spare ?? 0) ? one : most),
      null,
    );
    if (spared === null) throw tooLarge(total(all()), room);
    const { instead, without } = spared.part;
    leftOut.push(without);
    kept =
      instead === undefined
        ? kept.filter((one) => one !== spared)
        : kept.map((one) =>
            one === spared ? { part: { ...one.part, spare: 0 }, entries: instead.map(deflateEntry) } : one,
          );
  }
  return { entries: all(), leftOut };
}

function tooLarge(bytes: number, limit: number): UserError {
  return new UserError(
    `the run cannot be bundled: what cannot be left out comes to ${bytesText(bytes)}, and ${bytesText(limit)} is the most that can be attached`,
  );
}

/** Lines that are missing from each file of a log. */
function cutOf({ names }: PackedLog, log: LogText): CutFile[] {
  const files = filesOf(log).map((file, i) => ({ name: names[i] ?? '', lines: linesLeftOut(file) }));
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const bytes = Math.max(0, log.bytes - bytesOf(log));
  // Only the size of all files of a log together is known: it is shared by lines.
  return files
    .filter((file) => file.lines > 0)
    .map((file) => ({
      file: file.name,
      lines: file.lines,
      bytes: Math.round((bytes * file.lines) / lines),
    }));
}

function bytesOf({ pieces }: LogText): number {
  return pieces.reduce((sum, { lines }) => lines.reduce((all, line) => all + lineBytes(line), sum), 0);
}

const lineBytes = (line: string): number => Buffer.byteLength(line) + 1;
