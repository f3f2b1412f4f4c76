#!/usr/bin/env node
const argv = process.argv.slice(2);
try {
  // It asks nothing of the program, and is what other tools call to see whether there is one.
  if (argv.length === 1 && argv[0] === '--version')
    process.stdout.write(`${(await import('./version.js')).toolVersion}\n`);
  else await (await import('./cli/program.js')).runProgram(argv);
} catch (error) {
  // Only a program that could not be read comes here: nothing of it is there to say so.
  const { code, message } = error as NodeJS.ErrnoException;
  const mend = code === 'EMFILE' || code === 'ENFILE' ? '; raise the limit on open files (ulimit -n)' : '';
  process.stderr.write(`buildrace cannot start: ${message}${mend}\n`);
  process.exitCode = 2;
}
