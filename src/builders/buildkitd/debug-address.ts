import http from 'node:http';
import { createServer } from 'node:net';
import { isOlder } from '../refusals.js';
import { type Home, homePaths } from './home.js';

/** Where a daemon answers questions about itself (`--debugaddr`). */
export interface DebugAddress {
  readonly flag: string;
  readonly at: { readonly socketPath: string } | { readonly host: string; readonly port: number };
}

/** Seen of v0.23.2; v0.15.2 still takes every address for a TCP port. */
const socketSince = '0.23.0';
const answerLimitMs = 10_000;
/** Most of a dump that is kept, in bytes: some ten thousand goroutines. */
const maxDumpBytes = 16 * 1024 * 1024;

/** A socket in the home, or, for daemons that cannot, a loopback port that is free now. */
export async function debugAddress(home: Home, daemonVersion: string | null): Promise<DebugAddress> {
  if (!isOlder(daemonVersion, socketSince)) {
    const { debugSocket } = homePaths(home);
    return { flag: `unix://${debugSocket}`, at: { socketPath: debugSocket } };
  }
  const host = '127.0.0.1';
  const port = await freePort(host);
  return { flag: `${host}:${port}`, at: { host, port } };
}

/**
 * The stacks of all goroutines, as Go prints them, the first 16 MB with a line that says so; null where nobody answers
 * within 10 s.
 */
export function goroutineDump({ at }: DebugAddress): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      ...at,
      path: '/debug/pprof/goroutine?debug=2',
      agent: false,
      signal: AbortSignal.timeout(answerLimitMs),
    };
    const request = http.get(options, (response) => {
      const chunks: Buffer[] = [];
      let left = maxDumpBytes;
      const text = () => Buffer.concat(chunks).toString('utf8');
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, left));
        left -= chunk.length;
        if (left >= 0) return;
        resolve(`${text()}\n[buildrace: the rest of the dump is left out]\n`);
        response.destroy();
      });
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(response.statusCode === 200 ? text() : null));
    });
    request.on('error', () => resolve(null));
  });
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
