import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type BuildArguments, buildArguments } from '../arguments.js';
import { parseDockerfile } from '../dockerfile/parse.js';
import { toStages } from '../dockerfile/stages.js';
import { BuildError } from '../errors.js';
import { failureText } from '../failure-text.js';
import { isMissing } from '../files.js';
import { Identifiers } from '../identifiers.js';
import { withTag } from '../image-reference.js';
import { ImageStore } from '../images.js';
import { Pace } from '../pace.js';
import { planBuild } from '../plan.js';
import { exportImage, prepare } from '../preliminaries.js';
import { PlainPrinter } from '../printer.js';
import { RecordFile } from '../record.js';
import { foldersOf, type Session } from '../session.js';
import { Solver } from '../solver.js';
import { ownState } from '../state.js';

/** Runs one build: progress on stderr, the image's names on stdout. Gives the exit code, 0 or 1. Throws `UsageError`. */
export async function build(args: readonly string[]): Promise<number> {
  const request = buildArguments(args);
  ownState(request.state);
  const id = randomUUID();
  const session = openSession(request, id);
  const tags = request.tags.length > 0 ? request.tags.map(withTag) : [withTag(id)];
  const { profile, context, dockerfile, platforms, noCache } = request;
  session.record.write('build-started', {
    profile: profile.name,
    tags,
    platforms,
    dockerfile,
    context,
    noCache,
  });
  const stopListening = cleanUpWhenKilled(session);
  try {
    const platforms = await solve(request, session);
    const store = new ImageStore(request.state);
    for (const name of tags) {
      await store.put({ name, build: id, platforms, createdAt: new Date().toISOString() });
    }
    process.stdout.write(`${tags.join('\n')}\n`);
    session.record.write('build-ended', { exitCode: 0, tags });
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) {
      throw error;
    }
    session.record.write('build-ended', { exitCode: 1, tags, error: error.closingPrefix + error.message });
    return 1;
  } finally {
    await rm(session.folders.build, { recursive: true, force: true });
    stopListening();
  }
}

function openSession(request: BuildArguments, id: string): Session {
  const cancel = new AbortController();
  return {
    profile: request.profile,
    folders: foldersOf(request.state, id),
    context: request.context,
    printer: new PlainPrinter((text) => process.stderr.write(text)),
    record: new RecordFile(request.state, id),
    pace: new Pace(request.pace, cancel.signal),
    identifiers: new Identifiers(request.seed),
    cancel,
  };
}

/** Gives the platforms that were built. Prints how the build failed, and throws the `BuildError`. */
async function solve(request: BuildArguments, session: Session): Promise<readonly string[]> {
  const { printer, profile } = session;
  printer.describe(`building with "simulated" instance using no real builder (profile ${profile.name})`);
  let text = '';
  try {
    text = await readDockerfile(request.dockerfile);
    const plan = planBuild(toStages(parseDockerfile(text)), request);
    await prepare(session, plan.images, request.dockerfile, Buffer.byteLength(text));
    await new Solver(plan.graph, session).solveAll(plan.results.map(({ vertex }) => vertex));
    await exportImage(session, plan.results.length);
    return plan.results.map(({ platform }) => platform);
  } catch (error) {
    if (error instanceof BuildError) {
      printer.summarize();
      process.stderr.write(failureText(error, profile, { path: request.dockerfile, text }));
    }
    throw error;
  }
}

async function readDockerfile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) {
      throw new BuildError(
        `failed to read dockerfile: open ${path.basename(file)}: no such file or directory`,
      );
    }
    throw error;
  }
}

/** A build that is told to stop takes its own files with it, and leaves the shared ones as they are, as Apple's does. */
function cleanUpWhenKilled({ folders, record }: Session): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (signal: NodeJS.Signals): void => {
    record.write('build-ended', { exitCode: null, signal });
    rmSync(folders.build, { recursive: true, force: true });
    for (const other of signals) {
      process.removeListener(other, stop);
    }
    process.kill(process.pid, signal);
  };
  for (const signal of signals) {
    process.once(signal, stop);
  }
  return () => {
    for (const signal of signals) {
      process.removeListener(signal, stop);
    }
  };
}
