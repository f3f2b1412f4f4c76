/** The same promise, given up when the user wants an end: what it waits for ends by its own limit. @throws the abort's reason */
export async function abortable<T>(promise: Promise<T>, abort: AbortSignal): Promise<T> {
  abort.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abort.reason);
    abort.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    abort.removeEventListener('abort', onAbort);
  }
}
