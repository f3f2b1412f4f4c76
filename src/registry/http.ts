import { systemReason } from '../errors.js';
import { RegistryError } from './errors.js';

/** Everything that is asked of one registry for one purpose, within one time limit. */
export interface Session {
  /** `HOST:PORT`. */
  readonly registry: string;
  readonly signal: AbortSignal;
}

/** A body of at most the bytes asked for, and what the registry calls it. */
export interface Answer {
  readonly body: Buffer;
  /** Without parameters; empty where the registry names none. */
  readonly type: string;
}

/**
 * Gets `/v2/PATH`. `what` names it in sentences: `the manifest of x:1`.
 * @throws {RegistryError} when it does not answer, answers other than 200, or sends more than `mostBytes`.
 */
export async function get(
  { registry, signal }: Session,
  path: string,
  { accept, mostBytes, what }: { readonly accept: string; readonly mostBytes: number; readonly what: string },
): Promise<Answer> {
  try {
    const response = await fetch(`http://${registry}/v2/${path}`, { headers: { accept }, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new RegistryError(`the registry ${registry} answers ${response.status} for ${what}`);
    }
    const body = await upTo(response, mostBytes);
    if (body === null) throw new RegistryError(`${what} is longer than ${mostBytes} bytes`);
    return { body, type: (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '' };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new RegistryError(`the registry ${registry} did not give ${what} (${whyNot(error)})`);
  }
}

/** Why a request came to nothing, as a clause. */
export function whyNot(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  // fetch says `fetch failed`; what the system said is behind it.
  return systemReason(cause ?? error);
}

/** Null where there is more: the rest is not read. */
async function upTo(response: Response, mostBytes: number): Promise<Buffer | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Node's streams can be iterated; the types of browsers, which come with those of JSX, do not know it.
  const body = response.body as (AsyncIterable<Uint8Array> & typeof response.body) | null;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > mostBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
