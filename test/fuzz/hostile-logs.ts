/** A log that grows with a number, made to be slow to read: each line of it does what readers do worst. */
export interface HostileLog {
  readonly name: string;
  /** The log with that many lines, or with one line of that many repetitions. */
  readonly text: (size: number) => string;
}

const lines =
  (head: string, lineOf: (at: number) => string, tail = '') =>
  (size: number) =>
    `${head}${Array.from({ length: size }, (_, at) => `${lineOf(at)}\n`).join('')}${tail}`;

const hex = (at: number): string => at.toString(16).padStart(64, '0');
const vertex = (at: number, more: object = {}) =>
  JSON.stringify({
    vertexes: [{ digest: `d${at}`, name: `[a ${at}/9] RUN x`, started: '2026-11-20T20:32:01Z', ...more }],
  });

/** Many lines: what is kept of each must not be looked at for each further one. */
export const manyLines: readonly HostileLog[] = [
  { name: 'plain: steps', text: lines('', (at) => `#${at + 1} [a 1/2] RUN x\n#${at + 1} DONE 0.1s`) },
  { name: 'plain: failed steps', text: lines('', (at) => `#${at + 1} [a 1/2] RUN x\n#${at + 1} ERROR: no`) },
  {
    name: 'plain: COPY from one stage',
    text: lines('#1 [a 1/1] RUN x\n', (at) => `#${at + 2} [b 1/2] COPY --from=a /x /y\n#${at + 2} DONE 0.1s`),
  },
  {
    name: 'plain: COPY from itself',
    text: lines('', (at) => `#${at + 1} [s${at} 1/2] COPY --from=s${at} /x /y\n#${at + 1} DONE 0.1s`),
  },
  {
    name: 'plain: failed COPY',
    text: lines(
      '#1 [a 1/1] RUN x\n',
      (at) =>
        `#${at + 2} [b 1/2] COPY --from=a /x /y\n#${at + 2} ERROR: failed to calculate checksum of ref x: "/x": not found`,
    ),
  },
  {
    name: 'plain: two platforms',
    text: lines(
      '',
      (at) => `#${at + 1} [linux/arm64${at % 2 === 0 ? '' : '/v8'} s${at} 1/2] RUN x\n#${at + 1} DONE 0.1s`,
    ),
  },
  {
    name: 'plain: an error of many lines',
    text: lines('#1 [a 1/1] RUN x\n#1 ERROR: no\n', () => 'and more'),
  },
  { name: 'plain: one step again and again', text: lines('', () => '#1 [a 1/2] RUN x\n#1 ...') },
  {
    name: 'plain: summaries',
    text: lines('#1 [a 1/2] RUN x\n', (at) => `------\n > [a ${at}]:\n0.1 x\n------`),
  },
  {
    name: 'plain: source blocks',
    text: lines(
      '#1 [a 1/2] RUN x\n',
      () => 'Dockerfile:5\n--------------------\n   5 | x\n--------------------',
    ),
  },
  {
    name: 'plain: marks',
    text: lines('#1 [a 1/2] RUN x\n', (at) => `#1 0.1 buildrace: ran step=s${at} nonce=${at}`),
  },
  {
    name: 'plain: twins',
    text: lines(
      '',
      (at) =>
        `#${at + 1} [a 1/2] RUN x\n#${at + 1} 0.1 buildrace: ran step=x nonce=${at}\n#${at + 1} DONE 0.1s`,
    ),
  },
  {
    name: 'plain: contexts',
    text: lines('', (at) => `#${at + 1} [internal] load build context\n#${at + 1} ERROR: no`),
  },
  {
    name: 'plain: closing errors',
    text: lines(
      '#1 [a 1/2] RUN x\n',
      () => 'error: failed to solve: rpc error: code = Unavailable desc = EOF',
    ),
  },
  {
    name: 'tty: rows that begin alike',
    text: lines('[+] Building 0.1s (1/1)\n', (at) => ` => [internal] load metadata for ${at}  0.0s`),
  },
  { name: 'tty: frames', text: lines('', (at) => `[+] Building ${at}.1s (1/2)\n => [a 1/2] RUN x  0.0s`) },
  {
    name: 'tty: frames of rows that begin alike',
    text: lines('', (at) => `[+] Building ${at}.1s (1/2)\n => [internal] load metadata for ${at}  0.0s`),
  },
  {
    name: 'tty: a window',
    text: lines('[+] Building 0.1s (1/1)\n => [a 1/2] RUN x  0.0s\n', (at) => ` => => # buildrace: ${at}`),
  },
  { name: 'rawjson: vertices', text: lines('', (at) => vertex(at, { completed: '2026-11-20T20:32:02Z' })) },
  {
    name: 'rawjson: one vertex, many intervals',
    text: lines('', (at) => vertex(0, { started: `2026-11-20T20:32:01.${at}Z` })),
  },
  {
    name: 'rawjson: one group of many',
    text: lines('', (at) => vertex(at, { progressGroup: { id: 'g', name: 'g', weak: true } })),
  },
  {
    name: 'rawjson: inputs of each other',
    text: lines('', (at) => vertex(at, { inputs: [`d${at - 1}`, `d${at + 1}`] })),
  },
  {
    name: 'rawjson: output in pieces',
    text: lines(`${vertex(0)}\n`, () => '{"logs":[{"vertex":"d0","stream":1,"data":"YnVpbGRyYWNlOg=="}]}'),
  },
  { name: 'rawjson: an object of empty lines', text: lines('{\n  "vertexes": [\n', () => '') },
  {
    name: 'rawjson: streams',
    text: lines(`${vertex(0)}\n`, (at) => `{"logs":[{"vertex":"d0","stream":${at},"data":"YQ=="}]}`),
  },
  { name: 'classic: steps', text: lines('', (at) => `Step ${at + 1} : RUN x\n ---> f6648c04cd6c`) },
  {
    name: 'classic: output',
    text: lines('Step 1/2 : RUN x\n ---> Running in 34a640348602\n', () => 'output'),
  },
  { name: 'buildah: steps', text: lines('', (at) => `STEP ${at + 1}/9: RUN x\n--> ${hex(at)}`) },
  { name: 'buildah: stages', text: lines('', (at) => `[${at + 1}/9] STEP 1/1: RUN x`) },
  {
    name: 'buildah: output under many stages',
    text: (size) =>
      `${lines('', (at) => `[${at + 1}/9] STEP 1/2: RUN x`)(Math.min(size, 1000))}${lines('', () => 'output')(size)}`,
  },
  {
    name: 'buildah: errors of steps',
    text: (size) =>
      `${lines('', (at) => `STEP ${at + 1}/9: RUN x`)(size)}${lines('', () => 'Error: building at STEP "RUN y": no')(size)}`,
  },
  { name: 'buildah: builds', text: lines('', () => `STEP 1/1: FROM x\n${'ab'.repeat(32)}`) },
  { name: 'unknown: short lines', text: lines('', () => 'x') },
  { name: 'unknown: empty lines', text: lines('', () => '') },
  {
    name: 'wrapped: a prefix',
    text: lines('2026-11-21T23:00:00Z #1 [a 1/2] RUN x\n', () => '2026-11-21T23:00:00Z #1 0.1 output'),
  },
];

/** What a line begins with so that a reader takes it, and what is repeated in it until the reader gives up. */
const heads = [
  '',
  '#1 ',
  '#1 [',
  '#1 0.1 ',
  '#1 ERROR: ',
  '[+] Building 0.1s (1/1) ',
  ' => ',
  ' => => # ',
  '{"vertexes":[',
  '{"logs":[{"data":"',
  'Step 1/2 : ',
  'The command ',
  ' ---> ',
  'STEP 1/2: ',
  '[1/2] ',
  'COMMIT ',
  'Error: building at STEP "',
  'error: ',
  'process "',
  'Dockerfile',
  ' > ',
  'buildrace: ',
];
const repeated = [
  ...[
    'a',
    '0',
    ' ',
    '\t',
    '[',
    ']',
    '[a/',
    'a/',
    '/',
    '"',
    "'",
    '\\',
    '.',
    ':',
    '#1 ',
    '#',
    '=> ',
    '{',
    '[[',
    '{"a":',
  ],
  ...[
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1b[0',
    '\0',
    '\r',
    '\u2028',
    '\uFFFD',
    'é',
    '0.1s ',
    '0/0 ',
    'a ',
    'context ',
    '[context ',
  ],
  ...[
    '#1 [context ',
    '#1 building with "',
    "The command '",
    'STEP 1',
    '--> ',
    'CACHED ',
    'failed to ',
    'process "',
  ],
  ...[
    'building at STEP "',
    '[a/a/',
    'a.a/a',
    '* ',
    'buildrace: ',
    '--from=',
    'ERROR ',
    '=> [context ',
    ' done',
    '1B / ',
  ],
  ...[
    'sha256:',
    '1,',
    'Removing intermediate container ',
    ' ---> ',
    'error: [',
    'dial unix ',
    'error ',
    '2026-11-21T',
  ],
];

/** Lines of one pattern each: nothing in a line may be looked at again and again. */
export const longLines: readonly HostileLog[] = heads.flatMap((head) =>
  repeated.map((piece) => ({
    name: `${JSON.stringify(head)} and ${JSON.stringify(piece)} over and over`,
    text: (size: number) => `${head}${piece.repeat(Math.ceil(size / piece.length))}\x01`,
  })),
);

/** Words over and over that redaction takes for the beginning of something to take out. */
export const secretBeginnings: readonly string[] = [
  ...[
    'token:',
    'token: ',
    'token=$(',
    'password=',
    'password=/etc/',
    'password=<a>',
    '--password=',
    '--password ',
  ],
  ...['"password":"', "password='", 'password="\\', 'secret: id=', '"auth":"', 'cookie: a ', 'ENV password '],
  ...['Bearer ', 'eyJ', 'eyJa.', 'ghp_', 'AKIA', '-----BEGIN ', '-----BEGIN PRIVATE KEY-----\n'],
  ...[
    '://',
    '://a@',
    'http://',
    'http://a:',
    'http%3A%2F%2F',
    'http://a.',
    'a@a.',
    '@a.',
    'a.',
    'a.com:',
    '1.',
    '::',
  ],
  ...[
    '/home/',
    '/Users/',
    'C:\\Users\\',
    '$HOME/',
    'docker login -u ',
    '-u ',
    'user:',
    '%20',
    '\\"',
    ' ',
    '-',
    'a',
  ],
];

/** First lines that make a parser one format's, so that its reader gets the line under test. */
export const beginnings: readonly string[] = [
  '',
  '#1 [a 1/2] RUN x\n',
  '[+] Building 0.1s (1/1)\n => [a 1/2] RUN x  0.0s\n',
  `${vertex(0)}\n`,
  'Step 1/2 : RUN x\n ---> Running in 34a640348602\n',
  'STEP 1/2: RUN x\n',
];
