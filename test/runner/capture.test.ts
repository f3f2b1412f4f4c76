import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, expect } from 'vitest';
import { captureStream } from '../../src/runner/capture.js';
import { until } from '../processes/alive.js';
import { test } from '../scenario/folder.js';

/** More than a file's stream takes at once. */
const large = Buffer.alloc(200_000, 'x');

describe('a stream that is captured', () => {
  test('is in the file once it has ended, and counted on the way', async ({ folder }) => {
    const stream = new PassThrough();
    const capture = captureStream(stream, folder.at('log'), () => 0);
    stream.write(large);
    stream.end('end');
    await capture.done;
    expect(await capture.join(0)).toBeNull();
    expect([capture.read(), capture.written()]).toEqual([200_003, 200_003]);
    expect((await readFile(folder.at('log'), 'utf8')) === `${large}end`).toBe(true);
  });

  test('is held back while the file is behind, and goes on', async ({ folder }) => {
    const stream = new PassThrough({ highWaterMark: 1_000_000 });
    const capture = captureStream(stream, folder.at('log'), () => 0);
    stream.write(large);
    await until(() => capture.read() > 0);
    stream.write(large);
    stream.end();
    await capture.done;
    expect(await capture.join(0)).toBeNull();
    expect((await readFile(folder.at('log'))).equals(Buffer.concat([large, large]))).toBe(true);
  });

  test('keeps what came where it is stopped', async ({ folder }) => {
    const stream = new PassThrough();
    const capture = captureStream(stream, folder.at('log'), () => 0);
    stream.write(large);
    await until(() => capture.read() === large.length);
    capture.stop();
    await capture.done;
    expect(await capture.join(0)).toBeNull();
    expect((await readFile(folder.at('log'))).equals(large)).toBe(true);
  });

  test('is read to its end though the file cannot be written, so that nobody hangs on it', async ({
    folder,
  }) => {
    const stream = new PassThrough();
    const capture = captureStream(stream, folder.at('none/log'), () => 0);
    stream.write(large);
    // The write that was too much for the file has stopped the stream by now.
    await until(() => capture.read() === large.length);
    stream.end(large);
    await expect(capture.done).rejects.toMatchObject({ code: 'ENOENT' });
    expect(capture.read()).toBe(2 * large.length);
    capture.discard();
  });
});
