/** Longest text of one difference, and how many of them are told. */
const maxText = 160;
const maxDifferences = 3;
/** Values are compared to this depth, and at most so many of them: what is compared came from a registry. */
const maxDepth = 32;
const maxCompared = 10_000;
const maxValue = 24;

interface Pair {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
  readonly depth: number;
}

/**
 * The first differences of two JSON values as short texts, in the order of the first value: `records: 4 ≠ 3` (lengths
 * of lists), `layers[2].blob: "sha256:ab12cd34ef56…" ≠ "sha256:…"`, `a.b: nothing ≠ 5`. Empty where none was found.
 */
export function differences(a: unknown, b: unknown): readonly string[] {
  const found: string[] = [];
  const open: Pair[] = [{ path: '', a, b, depth: 0 }];
  for (let compared = 0; compared < maxCompared && found.length < maxDifferences; compared++) {
    const pair = open.pop();
    if (pair === undefined) break;
    const text = differenceHere(pair);
    if (text !== null) found.push(clipped(`${pair.path || 'whole'}: ${text}`, maxText));
    if (pair.depth < maxDepth) open.push(...childrenOf(pair).reverse());
  }
  return found;
}

/** What differs in the two values themselves, their members left aside. */
function differenceHere({ a, b }: Pair): string | null {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length ? null : `${a.length} ≠ ${b.length}`;
  if (isObject(a) && isObject(b)) return null;
  return a === b ? null : `${shown(a)} ≠ ${shown(b)}`;
}

function childrenOf({ path, a, b, depth }: Pair): Pair[] {
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.min(a.length, b.length, maxCompared);
    return Array.from({ length }, (_, i) => ({ path: `${path}[${i}]`, a: a[i], b: b[i], depth: depth + 1 }));
  }
  if (!isObject(a) || !isObject(b)) return [];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].slice(0, maxCompared);
  return keys.map((key) => ({ path: joined(path, key), a: own(a, key), b: own(b, key), depth: depth + 1 }));
}

/** Only what the value itself holds: a key may be called `constructor`. */
function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function joined(path: string, key: string): string {
  if (!/^[\w$.-]{1,40}$/.test(key)) return clipped(`${path}[${JSON.stringify(clipped(key, 40))}]`, maxText);
  return path === '' ? key : `${path}.${key}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(clipped(value, maxValue));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isObject(value) ? 'an object' : clipped(String(value), maxValue);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
