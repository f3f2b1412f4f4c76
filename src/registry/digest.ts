import { createHash } from 'node:crypto';

/** The digest of a manifest or a blob, as registries name it: `sha256:` and 64 hexadecimal digits. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
