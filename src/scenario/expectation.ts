import type { z } from 'zod';
import { jsonText } from './json-text.js';

/**
 * What was expected, in words, for mistakes of which the schema itself says nothing better. Given to zod as the
 * error map of one call.
 */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}, got ${nameOf(issue.input)}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}, got ${nameOf(issue.input)}`;
    case 'invalid_union':
      return Array.isArray(issue.options) ? `expected ${oneOf(issue.options)}` : undefined;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      return `expected at least ${issue.minimum}${unitOf(issue)}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue)}`;
    default:
      return undefined;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

function nameOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'keys with values' : shown(value);
}

/** A value as a message shows it: quoted where it is text, and short. */
export function shown(value: unknown): string {
  const text = jsonText(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function unitOf({ origin }: { readonly origin: string }): string {
  if (origin === 'array') return ' in the list';
  return origin === 'string' ? ' characters' : '';
}
