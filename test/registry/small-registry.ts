import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test as base } from 'vitest';

export const digestOf = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

type Answer =
  | { readonly type: string; readonly body: string | Buffer }
  | ((response: ServerResponse) => void);

/** A registry over HTTP that knows what the test gave it, and nothing else. */
export interface SmallRegistry {
  readonly address: string;
  /** `METHOD /path` and the `Accept` header, in order. */
  readonly asked: string[];
  /** Answers `/v2/PATH`. */
  put(path: string, answer: Answer): void;
  /** Under its digest and the tags; returns the digest. */
  manifest(name: string, type: string, document: unknown, ...tags: string[]): string;
  blob(name: string, content: string | Buffer): string;
}

export const test = base.extend<{ registry: SmallRegistry }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  registry: async ({}, use) => {
    const answers = new Map<string, Answer>([['', { type: 'application/json', body: '{}' }]]);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.accept}`);
      const answer = answers.get((request.url ?? '').replace(/^\/v2\//, ''));
      if (answer === undefined) response.writeHead(404).end('{"errors":[]}');
      else if (typeof answer === 'function') answer(response);
      else response.writeHead(200, { 'content-type': answer.type }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const registry: SmallRegistry = {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked,
      put: (path, answer) => void answers.set(path, answer),
      manifest(name, type, document, ...tags) {
        const body = JSON.stringify(document);
        const digest = digestOf(body);
        for (const one of [digest, ...tags]) answers.set(`${name}/manifests/${one}`, { type, body });
        return digest;
      },
      blob(name, content) {
        const digest = digestOf(content);
        answers.set(`${name}/blobs/${digest}`, { type: 'application/octet-stream', body: content });
        return digest;
      },
    };
    await use(registry);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});
