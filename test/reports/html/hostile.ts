import type { RunDetail } from '../../../src/results/detail.js';

/** What would act in a page, a terminal or a reader's eye, if it were shown as it is. */
export const hostileText = [
  '</title></style></script></pre><script>globalThis.hacked=1;alert(1)</script>',
  `"'><img src=x onerror="globalThis.hacked=1"><svg onload=alert(1)><a href="javascript:alert(1)">x</a>`,
  '<!--<script>&lt;script&gt;&amp;&#x3c;b&#62;',
  '\u001b[31m\u001b]8;;https://evil.example\u0007\u0000\u009b1m',
  '\u202egnp.exe\u2066\u200f\u{e0041}',
].join(' ');

/** Words of ours: a value among others, or something that numbers and places hang on. */
const own = new Set([
  ...[
    'role',
    'signal',
    'status',
    'outcome',
    'rule',
    'verdict',
    'answer',
    'method',
    'clock',
    'phase',
    'course',
  ],
  ...[
    'encoding',
    'reports',
    'step',
    'startedAt',
    'finishedAt',
    'at',
    'expects',
    'signals',
    'marked',
    'tests',
  ],
]);

/** A run in which every text that is other people's ends in `hostile`. */
export function hostileDetail(detail: RunDetail, hostile = hostileText): RunDetail {
  return poisoned(detail, hostile) as RunDetail;
}

function poisoned(value: unknown, hostile: string): unknown {
  if (typeof value === 'string') return value + hostile;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, hostile));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isOwn(key, one) ? one : poisoned(one, hostile)]),
  );
}

function isOwn(key: string, value: unknown): boolean {
  const isText =
    typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
  return isText && own.has(key);
}
