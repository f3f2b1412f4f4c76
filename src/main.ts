#!/usr/bin/env node
try {
  const { runProgram } = await import('./cli/program.js');
  await runProgram(process.argv.slice(2));
} catch (error) {
  // Only a program that could not be read comes here: nothing of it is there to say so.
  const { code, message } = error as NodeJS.ErrnoException;
  const mend = code === 'EMFILE' || code === 'ENFILE' ? '; raise the limit on open files (ulimit -n)' : '';
  process.stderr.write(`buildrace cannot start: ${message}${mend}\n`);
  process.exitCode = 2;
}
