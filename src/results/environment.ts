import { createHash } from 'node:crypto';
import os from 'node:os';
import * as z from 'zod';
import { type FolderFile, fileHash } from '../scenario/folder.js';
import { schemaVersion } from '../scenario/plan.js';

const commandOutputSchema = z.object({ command: z.string(), output: z.string() });

/** `environment.json`: the machine and the builder that a run was made on, and the scenario by content. */
export const environmentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  toolVersion: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  /** Tells machines apart without naming them; null: not recorded. */
  host: z.string().nullable().default(null),
  cpus: z.number(),
  cpuModel: z.string(),
  memoryBytes: z.number(),
  load: z.number(),
  node: z.string(),
  versionOutput: z.array(commandOutputSchema),
  platforms: z.array(z.string()).nullable(),
  scenario: z.object({
    file: z.string(),
    text: z.string(),
    files: z.array(
      z.object({
        path: z.string(),
        sha256: z.string(),
        content: z.string(),
        encoding: z.enum(['utf8', 'base64']),
      }),
    ),
  }),
});
export type Environment = z.infer<typeof environmentSchema>;

/** What of a machine a rate may hang on. */
export const machineSchema = environmentSchema.pick({
  arch: true,
  cpuModel: true,
  cpus: true,
  kernel: true,
  host: true,
});
export type MachineFacts = z.infer<typeof machineSchema>;

/** What this machine is, now. */
export function thisMachine(): Pick<
  Environment,
  'os' | 'kernel' | 'arch' | 'host' | 'cpus' | 'cpuModel' | 'memoryBytes' | 'load' | 'node'
> {
  const cpus = os.cpus();
  return {
    os: `${os.type()} ${os.version()}`,
    kernel: os.release(),
    arch: os.arch(),
    host: hostMark(),
    cpus: cpus.length,
    cpuModel: cpus[0]?.model ?? 'unknown',
    memoryBytes: os.totalmem(),
    load: os.loadavg()[0] ?? 0,
    node: process.version,
  };
}

/** `$BUILDRACE_HOST`, where machines come and go and one name stands for all of a kind; else a hash of the host's name. */
function hostMark(): string {
  const { BUILDRACE_HOST: named } = process.env;
  return named || createHash('sha256').update(os.hostname()).digest('hex').slice(0, 12);
}

/** A scenario's file as the environment keeps it: as text where it is text. */
export function keptFile(file: FolderFile): Environment['scenario']['files'][number] {
  const text = file.content.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(file.content);
  return {
    path: file.path,
    sha256: fileHash(file),
    content: isText ? text : file.content.toString('base64'),
    encoding: isText ? 'utf8' : 'base64',
  };
}
