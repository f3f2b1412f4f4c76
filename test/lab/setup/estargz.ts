import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tmp from 'tmp';
import { call, LabFailure } from './commands.js';

/** Names of lazily pulled images (ghcr.io, which the registry mirrors too), as Dockerfiles of reports have them. */
export const estargzImages = [
  'stargz-containers/alpine:3.15.3-esgz',
  'stargz-containers/ubuntu:22.04-esgz',
] as const;

/** Converts the base image to eStargz and pushes it under these names; the converter is BuildKit itself. */
export async function pushEstargzImages(bin: string, address: string, registry: string): Promise<void> {
  const folder = tmp.dirSync({ unsafeCleanup: true });
  try {
    writeFileSync(join(folder.name, 'Dockerfile'), 'FROM alpine:3.20\nCOPY name /etc/image-name\n');
    for (const name of estargzImages) {
      // Reports of lazy layers want two images that are not the same content.
      writeFileSync(join(folder.name, 'name'), `${name}\n`);
      await convert(folder.name, { bin, address }, `${registry}/${name}`);
      await checkEstargz(`${registry}/${name}`);
    }
  } finally {
    folder.removeCallback();
  }
}

async function convert(folder: string, to: { bin: string; address: string }, name: string): Promise<void> {
  const compression = 'compression=estargz,force-compression=true,oci-mediatypes=true';
  await call(join(to.bin, 'buildctl'), [
    ...[
      '--addr',
      to.address,
      'build',
      '--frontend',
      'dockerfile.v0',
      '--opt',
      'platform=linux/amd64,linux/arm64',
    ],
    ...['--local', `context=${folder}`, '--local', `dockerfile=${folder}`],
    ...['--output', `type=image,name=${name},push=true,${compression}`],
  ]);
}

// The annotation is what makes a layer lazy: https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md
async function checkEstargz(name: string): Promise<void> {
  const index = await inspect(`docker://${name}`);
  const digest = /sha256:[0-9a-f]{64}/.exec(index)?.[0] ?? '';
  const manifest = await inspect(`docker://${name.replace(/:[^:/]*$/, '')}@${digest}`);
  if (!manifest.includes('containerd.io/snapshot/stargz/toc.digest')) {
    throw new LabFailure(`${name} was pushed and is no eStargz image`);
  }
}

function inspect(reference: string): Promise<string> {
  return call('skopeo', ['inspect', '--raw', '--tls-verify=false', reference]);
}
