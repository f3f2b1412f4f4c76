import { quoted } from '../builders/text.js';
import { UserError } from '../errors.js';

/** A name, an IPv4 address or an IPv6 address in brackets, and a port. */
const form = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/;

/**
 * `HOST:PORT` as it was given, checked; `from` names where it was given (`--registry`).
 * @throws {UserError} exit code 2.
 */
export function parseAddress(text: string, from: string): string {
  const port = Number(form.exec(text)?.[1] ?? Number.NaN);
  if (port >= 1 && port <= 65_535 && URL.canParse(`http://${text}/`)) return text;
  throw new UserError(
    `${from} takes HOST:PORT of a registry that speaks plain http, as in 127.0.0.1:5000, not ${quoted(text)}.`,
  );
}
