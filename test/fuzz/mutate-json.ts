import type { Random } from './random.js';

/** Values of every type that JSON has, and of sizes that nobody expects. */
const strange: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -1e308, 9007199254740991, 2147483648, 1e21],
  ...[
    '',
    ' ',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '/',
    '.',
    '..',
    'a/b',
    'a\\b',
    'a\nb',
    '\0',
  ],
  ...[
    '\x1b[31mred\x1b[0m',
    '<script>alert(1)</script>',
    '`$(id)`',
    '{run}',
    '\u202e',
    '\ud800',
    '9'.repeat(400),
    'NaN',
  ],
  ...[
    '2026-99-99T99:99:99Z',
    '-271821-04-20T00:00:00.000Z',
    '+275760-09-13T00:00:00.000Z',
    'x'.repeat(70_000),
  ],
  ...[[], {}, [[]], [null], [{}], { a: 1 }, { length: -1 }],
];

/** Keys that an object has already, or that are made of anything but a letter. */
const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '0',
  'length',
  '\0',
];

/** A piece of JSON text that is put in place of a value as it is, for what `JSON.stringify` cannot write. */
const rawPieces = [
  '1e999',
  '-1e999',
  '{"__proto__":{"polluted":true}}',
  '{"__proto__":null}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  '{"a":1,"a":2}',
];

const marker = 'raw piece number ';

/** JSON text with some of its values, keys and lists changed; now and then it is none afterwards. */
export function changedJson(text: string, random: Random): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  for (let left = 1 + random.below(4); left > 0; left -= 1) value = changeOne(value, random);
  const written = JSON.stringify(value) ?? 'null';
  return written.replace(
    new RegExp(`"${marker}(\\d+)"`, 'g'),
    (_, index: string) => rawPieces[Number(index)] ?? '0',
  );
}

type Holder = Record<string, unknown> | unknown[];

/** Changes one place of the value; the deeper ones as often as the upper ones. */
function changeOne(root: unknown, random: Random): unknown {
  const holders: Holder[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    holders.push(value as Holder);
    for (const one of Object.values(value)) visit(one);
  };
  visit(root);
  if (holders.length === 0 || random.chance(200)) return strangeValue(random);
  const holder = random.pick(holders);
  const keys = Object.keys(holder);
  const key = random.pick(keys);
  const other = random.below(12);
  if (Array.isArray(holder)) changeList(holder, random);
  else if (other === 0) set(holder, random.pick(strangeKeys), strangeValue(random));
  else if (key === undefined) set(holder, 'added', strangeValue(random));
  else if (other === 1) delete holder[key];
  else set(holder, key, nearOrStrange(holder[key], random));
  return root;
}

function changeList(list: unknown[], random: Random): void {
  const at = random.below(list.length);
  const what = random.below(6);
  if (list.length === 0 || what === 0) list.push(strangeValue(random));
  else if (what === 1) list.splice(at, 1);
  else if (what === 2) list.push(structuredClone(list[at]));
  else if (what === 3) list.reverse();
  else list[at] = nearOrStrange(list[at], random);
}

/** A value of the same type, that a schema lets pass, or any other. */
function nearOrStrange(value: unknown, random: Random): unknown {
  if (random.chance(3)) return strangeValue(random);
  if (typeof value === 'number')
    return random.pick([0, -value, value + 1, value * 1000, 1e15, Number.MAX_SAFE_INTEGER, 1e308, 0.1]);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return random.pick(strange.filter((one) => typeof one === 'string'));
  if (value === null) return random.pick(['', 0, 'null', 1, 'x']);
  return Array.isArray(value) ? [] : {};
}

function strangeValue(random: Random): unknown {
  return random.chance(8)
    ? `${marker}${random.below(rawPieces.length)}`
    : structuredClone(random.pick(strange));
}

/** As `JSON.parse` does: `__proto__` is a key like any other. */
function set(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
}
