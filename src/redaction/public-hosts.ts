/** Domains that everybody knows: names in them stay. Public registries first, then where builds fetch from. */
const publicDomains = new Set([
  ...[
    'docker.io',
    'docker.com',
    'ghcr.io',
    'quay.io',
    'gcr.io',
    'pkg.dev',
    'public.ecr.aws',
    'mcr.microsoft.com',
  ],
  ...['k8s.io', 'kubernetes.io', 'registry.gitlab.com', 'registry.access.redhat.com', 'registry.redhat.io'],
  ...[
    'cgr.dev',
    'nvcr.io',
    'registry.fedoraproject.org',
    'registry.opensuse.org',
    'registry.suse.com',
    'ttl.sh',
  ],
  ...['docker.elastic.co', 'lscr.io', 'container-registry.oracle.com', 'dhi.io', 'astral.sh'],
  ...[
    'github.com',
    'github.io',
    'githubusercontent.com',
    'gitlab.com',
    'bitbucket.org',
    'codeberg.org',
    'sr.ht',
  ],
  ...['golang.org', 'go.dev', 'gopkg.in', 'uber.org', 'opentelemetry.io', 'honnef.co', 'mvdan.cc', 'etcd.io'],
  ...['containerd.io', 'opencontainers.org', 'mobyproject.org', 'dagger.io', 'gotest.tools'],
  ...[
    'debian.org',
    'ubuntu.com',
    'alpinelinux.org',
    'fedoraproject.org',
    'centos.org',
    'redhat.com',
    'suse.com',
  ],
  ...['opensuse.org', 'archlinux.org', 'nixos.org', 'kernel.org', 'gnu.org', 'freedesktop.org', 'gnome.org'],
  ...['npmjs.org', 'npmjs.com', 'yarnpkg.com', 'nodejs.org', 'pypi.org', 'pythonhosted.org', 'python.org'],
  ...[
    'crates.io',
    'rust-lang.org',
    'rustup.rs',
    'docs.rs',
    'rubygems.org',
    'ruby-lang.org',
    'packagist.org',
    'php.net',
  ],
  ...['maven.org', 'apache.org', 'gradle.org', 'nuget.org', 'dot.net', 'hex.pm', 'haskell.org', 'cpan.org'],
  ...[
    'anaconda.org',
    'anaconda.com',
    'pytorch.org',
    'huggingface.co',
    'nvidia.com',
    'swift.org',
    'deno.land',
    'jsr.io',
  ],
  ...['microsoft.com', 'apple.com', 'google.com', 'oracle.com', 'openjdk.org', 'adoptium.net'],
  ...[
    'hashicorp.com',
    'sigstore.dev',
    'letsencrypt.org',
    'cncf.io',
    'grpc.io',
    'slsa.dev',
    'in-toto.io',
    'spdx.org',
  ],
  ...[
    'w3.org',
    'json-schema.org',
    'schema.org',
    'wikipedia.org',
    'stackoverflow.com',
    'ietf.org',
    'iana.org',
  ],
  ...[
    'unpkg.com',
    'jsdelivr.net',
    'cloudflare.com',
    'sourceforge.net',
    'readthedocs.io',
    'secretlint.dev',
    'nginx.org',
  ],
]);

/** Names of those domains that are somebody's own all the same. */
const somebodysOwn = /(?:^|\.)(?:internal|corp|private|intranet)\./;

/** Reserved for examples (RFC 2606): the bare names only, as what stands below them is often a real name in disguise. */
const examples = new Set(['example.com', 'example.org', 'example.net', 'www.example.com']);

/** Names that every machine has for itself or for the machine that its containers run on. */
const everybodys = new Set([
  ...[
    'localhost',
    'localhost.localdomain',
    'host.docker.internal',
    'gateway.docker.internal',
    'ip6-localhost',
  ],
  ...['kubernetes.docker.internal', 'host.containers.internal', 'buildkit', 'buildkitd', 'dockerd', 'daemon'],
  ...[
    'docker-container',
    'docker',
    'registry',
    'host',
    'hostname',
    'server',
    'example',
    'scratch',
    'context',
  ],
]);

/** Endings of names that no file, package or version has: the usual top-level domains, and those of inner networks. */
const topLevel = new Set([
  ...[
    'com',
    'net',
    'org',
    'io',
    'dev',
    'cloud',
    'app',
    'co',
    'ai',
    'eu',
    'edu',
    'gov',
    'mil',
    'int',
    'info',
    'biz',
  ],
  ...[
    'tech',
    'tools',
    'online',
    'site',
    'xyz',
    'me',
    'tv',
    'name',
    'systems',
    'software',
    'services',
    'network',
  ],
  ...[
    'internal',
    'local',
    'lan',
    'corp',
    'home',
    'intranet',
    'private',
    'localdomain',
    'arpa',
    'test',
    'example',
  ],
  ...[
    'invalid',
    'svc',
    'consul',
    'onion',
    'company',
    'bank',
    'google',
    'aws',
    'land',
    'run',
    'sh',
    'host',
    'zone',
  ],
  ...[
    'us',
    'uk',
    'de',
    'fr',
    'nl',
    'be',
    'ch',
    'at',
    'it',
    'es',
    'pt',
    'pl',
    'cz',
    'se',
    'no',
    'fi',
    'dk',
    'ie',
  ],
  ...[
    'ca',
    'au',
    'nz',
    'jp',
    'kr',
    'cn',
    'tw',
    'hk',
    'sg',
    'in',
    'br',
    'mx',
    'ar',
    'cl',
    'za',
    'il',
    'tr',
    'ru',
  ],
  ...[
    'ua',
    'gr',
    'hu',
    'ro',
    'bg',
    'sk',
    'si',
    'hr',
    'lt',
    'lv',
    'ee',
    'is',
    'lu',
    'id',
    'th',
    'vn',
    'my',
    'ph',
  ],
]);

const label = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/** Whether a text can be a name of several labels that ends as names of hosts do. */
export function isDomainName(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1)?.toLowerCase() ?? '';
  return (
    labels.length >= 2 && text.length <= 253 && topLevel.has(last) && labels.every((one) => label.test(one))
  );
}

/** Whether a host's name or address may be given away. */
export function isPublicHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (everybodys.has(name) || examples.has(name) || name === '') return true;
  if (isLoopback(name)) return true;
  if (somebodysOwn.test(name)) return false;
  const labels = name.split('.');
  return labels.some((_, i) => publicDomains.has(labels.slice(i).join('.')));
}

function isLoopback(name: string): boolean {
  return /^127\.\d+\.\d+\.\d+$|^0\.0\.0\.0$|^\[?::1?\]?$/.test(name);
}
