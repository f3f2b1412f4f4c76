import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createBuildkitd } from '../../src/builders/buildkitd.js';
import { systemSurroundings } from '../../src/builders/surroundings.js';
import { withScratch } from '../../src/runner/scratch.js';

// Starts a private daemon in a scratch folder as a run does, says so, and stays until it is killed.
const [bin = '', log = ''] = process.argv.slice(2);
await withScratch(async (folder) => {
  const scratch = path.join(folder, 'iteration');
  mkdirSync(scratch);
  const builder = createBuildkitd(bin, systemSurroundings());
  await builder.startDaemon?.(
    { snapshotter: 'overlayfs', flags: [], keepMegabytes: null, cpus: null, mirrors: [] },
    { name: 'killed', scratch, log },
  );
  process.stdout.write(`${folder}\n`);
  await new Promise(() => setInterval(() => {}, 60_000));
});
