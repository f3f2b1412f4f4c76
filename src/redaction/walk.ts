import type { LogPiece } from '../results/log-text.js';

/** Names of fields whose values are words of this tool, times or digests: no text that anybody wrote. */
const vocabulary = new Set([
  ...[
    'signal',
    'verdict',
    'role',
    'status',
    'format',
    'phase',
    'answer',
    'method',
    'kind',
    'event',
    'step',
    'clock',
  ],
  ...[
    'at',
    'createdAt',
    'startedAt',
    'finishedAt',
    'outcome',
    'instruction',
    'progress',
    'progressStream',
    'rule',
  ],
  ...[
    'schemaVersion',
    'toolVersion',
    'sha256',
    'contentSha256',
    'digest',
    'configDigest',
    'encoding',
    'course',
  ],
  ...['arch', 'node', 'each', 'type', 'expects', 'marked', 'signals', 'redactions', 'snapshotter'],
]);
/** A word of a vocabulary, a time, a digest or a version, and nothing with room for more. */
const isWord = /^[A-Za-z0-9][A-Za-z0-9:.+-]{0,79}$/;

/** Fields whose keys are names that somebody chose. */
const records = new Set(['env', 'buildArgs', 'factors']);

/** What is done to each text of a tree of plain data. */
export interface TextMap {
  /** @param name of the variable or argument whose value it is, or null */
  text(text: string, name: string | null): string;
  /** Lines of a log that follow each other. */
  lines(lines: readonly string[]): readonly string[];
  /** A program and its arguments. */
  command(words: readonly string[]): readonly string[];
  /** What a base64 text holds. */
  base64(text: string): string;
}

/** The same tree with its texts replaced; what has none, and what stays as it was, is shared. */
export function mapTexts<T>(tree: T, map: TextMap): T {
  return mapValue(tree, '', map) as T;
}

function mapValue(value: unknown, field: string, map: TextMap): unknown {
  if (typeof value === 'string')
    return vocabulary.has(field) && isWord.test(value) ? value : map.text(value, null);
  if (Array.isArray(value)) {
    if (field === 'command' && value.every((word) => typeof word === 'string')) return map.command(value);
    return value.map((one) => mapValue(one, field, map));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isPiece(value)) return { ...value, lines: map.lines(value.lines) };
  if (records.has(field)) return mapRecord(value, map);
  const isBinary = 'encoding' in value && value.encoding === 'base64';
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      isBinary && key === 'content' && typeof one === 'string' ? map.base64(one) : mapValue(one, key, map),
    ]),
  );
}

function mapRecord(record: object, map: TextMap): object {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      map.text(name, null),
      typeof value === 'string' ? map.text(value, name) : mapValue(value, name, map),
    ]),
  );
}

function isPiece(value: object): value is LogPiece {
  return 'firstLine' in value && 'lines' in value && Array.isArray(value.lines);
}
