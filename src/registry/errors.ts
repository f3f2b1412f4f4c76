/** An image could not be read from a registry; the message is one sentence. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}
