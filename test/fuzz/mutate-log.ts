import { Buffer } from 'node:buffer';
import type { Random } from './random.js';
import { recordedLogs } from './recorded.js';

/** What means something to one of the parsers, to a terminal or to a decoder, and pieces of it. */
const tokens: readonly (string | readonly number[])[] = [
  ...['\n', '\r', '\r\n', '\0', '\t', ' ', '\x1b[', '\x1b[0m', '\x1b[31m', '\x1b]8;;', '\x07', '\u2028', '…'],
  ...[
    '#1 ',
    '#0 ',
    '#999999 ',
    '#1234567 ',
    'a/b#5 ',
    '#5 DONE 0.1s',
    ' CACHED',
    'CANCELED',
    'ERROR: ',
    '...',
  ],
  ...[
    '[internal] ',
    '[auth] ',
    '[linux/arm64 ',
    '[linux/arm64/v8 a 1/2] ',
    '[a 2/2] COPY --from=a / /',
    ']',
    '[',
  ],
  ...['=> ', '=> => # ', '[+] Building 0.1s (1/2)\n', '[+] Building 9.9s (9/9) FINISHED\n', '0.0s', '\uFFFD'],
  ...['------\n', ' > [a 1/2] RUN x:\n', '--------------------\n', 'Dockerfile:5\n', '   5 | >>> RUN x\n'],
  ...[
    'error: failed to solve: x\n',
    'ERROR: x\n',
    'Error: x\n',
    'rpc error: code = Unavailable desc = EOF\n',
  ],
  ...[
    'Step 1/2 : FROM x\n',
    ' ---> Running in 34a640348602\n',
    ' ---> f6648c04cd6c\n',
    'Removed intermediate ',
  ],
  ...[
    'STEP 1/2: FROM x AS y\n',
    '[1/2] STEP 1/2: RUN x\n',
    '--> Using cache 1\n',
    'COMMIT x\n',
    'building at STEP "',
  ],
  ...[
    '{"vertexes":[',
    '{"logs":[',
    ']}',
    '{',
    '}\n',
    '"__proto__":',
    'null',
    '1e999',
    '-1',
    '"digest":',
    '\\u0000',
  ],
  ...['buildrace: ', 'buildrace: context files=1 sha256=', 'buildrace: ran step=x nonce=', 'a'.repeat(300)],
  ...[
    '2026-11-21T23:00:00.000Z ',
    '9'.repeat(40),
    '0.',
    '1.5',
    `sha256:${'ab'.repeat(32)}`,
    'panic: x\n',
    'EOF\n',
  ],
  ...['[buildrace: 1,000 lines left out here: x]\n', '​', '\u202e', '\uFEFF', '😀'],
  ...[[0xc3], [0xff], [0xf0, 0x9f], [0xed, 0xa0, 0x80], [0xff, 0xfe], [0xfe, 0xff], [0x80]],
];

/** One change to a log; each keeps most of it, so that readers get far into it. */
type Mutation = (log: Buffer, random: Random) => Buffer;

const mutations: readonly Mutation[] = [
  function flipBit(log, random) {
    const flipped = Buffer.from(log);
    const at = random.below(log.length);
    if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    return flipped;
  },
  function putByte(log, random) {
    const at = random.below(log.length);
    return splice(log, at, at + 1, Buffer.from([random.below(256)]));
  },
  function putToken(log, random) {
    const at = random.below(log.length + 1);
    return splice(log, at, at + (random.chance(3) ? random.below(20) : 0), tokenOf(random));
  },
  function cut(log, random) {
    return log.subarray(0, random.below(log.length + 1));
  },
  function dropBytes(log, random) {
    const at = random.below(log.length);
    return splice(log, at, at + random.below(200), Buffer.alloc(0));
  },
  function dropLine(log, random) {
    return withLines(log, (lines) => lines.splice(random.below(lines.length), 1 + random.below(3)));
  },
  function doubleLine(log, random) {
    return withLines(log, (lines) => {
      const at = random.below(lines.length);
      lines.splice(at, 0, ...Array.from({ length: 1 + random.below(4) }, () => lines[at] ?? ''));
    });
  },
  function swapLines(log, random) {
    return withLines(log, (lines) => {
      const [a, b] = [random.below(lines.length), random.below(lines.length)];
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    });
  },
  function moveLine(log, random) {
    return withLines(log, (lines) => {
      const [line = ''] = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length + 1), 0, line);
    });
  },
  function otherLog(log, random) {
    const other = random.pick(recordedLogs).bytes;
    const from = random.below(other.length);
    const at = random.below(log.length + 1);
    return splice(log, at, at, other.subarray(from, from + random.below(2000)));
  },
  function otherNumbers(log, random) {
    const number = random.pick(['0', '-1', '1', '7', '99999999999999999999', '1e9', '0x1', '٣', '']);
    const of = random.below(8);
    let met = 0;
    return Buffer.from(
      log.toString('latin1').replace(/\d+/g, (old) => (met++ % 8 === of ? number : old)),
      'latin1',
    );
  },
  function lineEnds(log, random) {
    const end = random.pick(['\r\n', '\r', '\n\n', '\0\n', ' \n', '']);
    const of = 1 + random.below(6);
    let met = 0;
    return Buffer.from(
      log.toString('latin1').replace(/\n/g, (old) => (met++ % of === 0 ? end : old)),
      'latin1',
    );
  },
  function wrapped(log, random) {
    const prefix = random.pick([
      '2026-11-21T23:00:00.000Z ',
      '> ',
      '    ',
      'task | ',
      '\x1b[36m[ci]\x1b[0m ',
    ]);
    return withLines(log, (lines) => {
      for (const [i, line] of lines.entries()) if (!random.chance(9)) lines[i] = prefix + line;
    });
  },
  function wide(log, random) {
    return random.chance(4) ? Buffer.from(`\uFEFF${log.toString('utf8')}`, 'utf16le') : log;
  },
];

/** A recorded log, changed in some places; random bytes now and then. */
export function mutatedLog(random: Random): Buffer {
  if (random.chance(40))
    return Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256)));
  return changed(random.pick(recordedLogs).bytes, random);
}

/** Any bytes, changed in one to eight places. */
export function changed(bytes: Buffer, random: Random): Buffer {
  let log = bytes;
  for (let left = 1 + random.below(8); left > 0; left -= 1) log = random.pick(mutations)(log, random);
  return log;
}

function splice(log: Buffer, start: number, end: number, between: Buffer): Buffer {
  return Buffer.concat([log.subarray(0, start), between, log.subarray(end)]);
}

function withLines(log: Buffer, change: (lines: string[]) => unknown): Buffer {
  const lines = log.toString('latin1').split('\n');
  change(lines);
  return Buffer.from(lines.join('\n'), 'latin1');
}

function tokenOf(random: Random): Buffer {
  const token = random.pick(tokens);
  return typeof token === 'string' ? Buffer.from(token) : Buffer.from(token);
}
