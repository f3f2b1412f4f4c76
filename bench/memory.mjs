/** Loaded in front of a program: says on stderr how much memory it took, in KiB, when it ends. */
process.on('exit', () => process.stderr.write(`\n${process.resourceUsage().maxRSS}\n`));
