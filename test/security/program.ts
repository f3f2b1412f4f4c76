import { vi } from 'vitest';
import { runProgram } from '../../src/cli/program.js';

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Setting {
  /** What both streams claim to be. */
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Calls the program within this process: what its commands write to the two streams, and the code that they end with. */
export async function program(
  args: readonly string[],
  { terminal = false, env = {} }: Setting = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  let exitCode: number | null = null;
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation(((piece: string | Uint8Array, ...rest: unknown[]) => {
      said[name] += typeof piece === 'string' ? piece : Buffer.from(piece).toString('utf8');
      const written = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
      written?.();
      return true;
    }) as never),
  );
  const exit = vi.spyOn(process, 'exit').mockImplementation(((code: number) => {
    exitCode ??= code;
  }) as never);
  const before = { code: process.exitCode, stdout: process.stdout.isTTY, stderr: process.stderr.isTTY };
  const surroundings = { CI: '', NO_COLOR: '', ...env };
  for (const [name, value] of Object.entries(surroundings)) vi.stubEnv(name, value);
  process.stdout.isTTY = terminal;
  process.stderr.isTTY = terminal;
  try {
    await runProgram(args);
    return { ...said, exitCode: exitCode ?? Number(process.exitCode ?? 0) };
  } finally {
    for (const spy of [...spies, exit]) spy.mockRestore();
    vi.unstubAllEnvs();
    process.stdout.isTTY = before.stdout;
    process.stderr.isTTY = before.stderr;
    process.exitCode = before.code;
  }
}
