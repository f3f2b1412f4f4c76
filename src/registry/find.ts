import { exitCodes, UserError } from '../errors.js';
import { parseAddress } from './address.js';
import { whyNot } from './http.js';

/** How long a registry may take to answer `/v2/`. */
const answerMs = 5_000;
const instead =
  'start one there, name another one with --registry HOST:PORT, or name none and buildrace starts its own';

/**
 * The registry that the user named, by `--registry` (`given`) or by `$BUILDRACE_REGISTRY`: its `HOST:PORT`, after it
 * answered. Null where none was named.
 * @throws {UserError} exit code 2 for what is no `HOST:PORT`, 3 where no open registry answers there.
 */
export async function findRegistry({
  given,
  env,
}: {
  readonly given: string | null;
  readonly env: Readonly<NodeJS.ProcessEnv>;
}): Promise<string | null> {
  const text = given ?? (env.BUILDRACE_REGISTRY || null);
  if (text === null) return null;
  const address = parseAddress(text, given === null ? 'BUILDRACE_REGISTRY' : '--registry');
  const problem = await problemOf(address, answerMs);
  if (problem === null) return address;
  throw new UserError(`The registry ${address} ${problem}: ${instead}.`, exitCodes.noBuilder);
}

/** Why nothing can be pushed to that registry, as far as `/v2/` tells, or null. */
export async function problemOf(address: string, limitMs: number): Promise<string | null> {
  try {
    const response = await fetch(`http://${address}/v2/`, { signal: AbortSignal.timeout(limitMs) });
    await response.body?.cancel();
    if (response.ok) return null;
    if (response.status === 401) return 'wants a login, and buildrace has none';
    return `answers ${response.status} to a request for /v2/`;
  } catch (error) {
    return `does not answer (${whyNot(error)})`;
  }
}
