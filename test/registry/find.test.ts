import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { findRegistry } from '../../src/registry/find.js';
import { test } from './small-registry.js';

async function failure(given: string | null, env: NodeJS.ProcessEnv = {}) {
  const error = await findRegistry({ given, env }).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  return { exitCode: error.exitCode, message: error.message };
}

describe('findRegistry', () => {
  test('is nowhere when nobody names one', async () => {
    expect(await findRegistry({ given: null, env: {} })).toBeNull();
    expect(await findRegistry({ given: null, env: { BUILDRACE_REGISTRY: '' } })).toBeNull();
  });

  test('is the one that was named, the option before the variable', async ({ registry }) => {
    expect(await findRegistry({ given: registry.address, env: { BUILDRACE_REGISTRY: 'no' } })).toBe(
      registry.address,
    );
    const env = { BUILDRACE_REGISTRY: registry.address };
    expect(await findRegistry({ given: null, env })).toBe(registry.address);
  });

  test.for([
    'localhost',
    'localhost:0',
    'localhost:65536',
    'http://localhost:5000',
    'localhost:5000/x',
    'a b:5000',
    'user@host:5000',
    '::1:5000',
    '[x]:5000',
    '',
  ])('%j is no HOST:PORT', async (text) => {
    const { exitCode, message } = await failure(text);
    expect(exitCode).toBe(2);
    expect(message).toMatch(/^--registry takes HOST:PORT .*127\.0\.0\.1:5000/);
  });

  test('names the variable where that is wrong', async () => {
    const { exitCode, message } = await failure(null, { BUILDRACE_REGISTRY: '\u001b[31mred' });
    expect(exitCode).toBe(2);
    expect(message).toMatch(/^BUILDRACE_REGISTRY takes/);
    expect(message).not.toContain('\u001b');
  });

  test('says what to do where none answers', async () => {
    const { exitCode, message } = await failure('127.0.0.1:1');
    expect(exitCode).toBe(3);
    expect(message).toMatch(/^The registry 127\.0\.0\.1:1 does not answer \(.+\): start one there, /);
  });

  test.for([
    [401, 'wants a login, and buildrace has none'],
    [404, 'answers 404 to a request for /v2/'],
  ] as const)('does not take one that answers %i', async ([status, words], { registry }) => {
    registry.put('', (response) => void response.writeHead(status).end());
    const { exitCode, message } = await failure(registry.address);
    expect(exitCode).toBe(3);
    expect(message).toContain(`The registry ${registry.address} ${words}: `);
  });

  test('waits 5 s for an answer', async ({ registry }) => {
    registry.put('', () => {});
    expect((await failure(registry.address)).message).toContain('does not answer (no answer in time)');
  });
});
