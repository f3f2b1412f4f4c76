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

/** Hosts that builds fetch from, in domains where others have hosts of their own. */
const publicHosts = new Set(
  `storage.googleapis.com sts.amazonaws.com s3.amazonaws.com deb.nodesource.com rpm.nodesource.com bootstrap.pypa.io
  pypa.io get.docker.com production.cloudflare.docker.com bun.sh zlib.net openssl.org www.openssl.org sqlite.org www.sqlite.org
  curl.se ziglang.org cmake.org llvm.org apt.llvm.org apt.postgresql.org packages.confluent.io artifacts.elastic.co
  sh.rustup.rs apt.releases.hashicorp.com dl.bintray.com services.gradle.org go.googlesource.com boringssl.googlesource.com
  packagecloud.io get.helm.sh dl.min.io static.crates.io index.crates.io objects.githubusercontent.com`
    .split(/\s+/)
    .filter((host) => host !== ''),
);

/** Where modules and packages of Go, JavaScript and others have their names from. */
const namesOfPackages = new Set(
  `modernc.org filippo.io dario.cat sigs.k8s.io gonum.org go4.org cel.dev socket.io google.golang.org gorm.io gocloud.dev
  rsc.io kernel.dev pgregory.net nhooyr.io lukechampine.com braces.dev software.sslmate.com vitess.io
  cuelang.org cloud.google.com gioui.org github.com tailscale.com zombiezen.com go.mongodb.org goa.design helm.sh
  knative.dev istio.io linkerd.io kubevirt.io tags.cncf.io goji.io buf.build connectrpc.com entgo.io`
    .split(/\s+/)
    .filter((host) => host !== ''),
);

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
  ...[
    'metadata.google.internal',
    'kubernetes.docker.internal',
    'host.containers.internal',
    'buildkit',
    'buildkitd',
    'dockerd',
    'daemon',
  ],
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

/** Endings that only inner networks have. */
const inner = new Set(['internal', 'local', 'lan', 'corp', 'intranet', 'localdomain']);

/** Endings of names of files and units, which no domain has that a person writes from. */
const files = new Set(
  `service socket slice timer target mount scope js ts jsx tsx mjs cjs css html htm json yaml yml md txt log py go rs rb
  java jar war whl gem png jpg jpeg gif svg conf cfg toml lock sock git exe dll pdb tgz zip tar gz xz bz so dylib patch diff
  sum mod test proto sql xml csv ini env bak orig tmp in am ac`.split(/\s+/),
);

const label = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/** Whether a text can be a name of several labels that ends as names of hosts do. */
export function isDomainName(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1)?.toLowerCase() ?? '';
  return (
    labels.length >= 2 && text.length <= 253 && topLevel.has(last) && labels.every((one) => label.test(one))
  );
}

/** Whether a text may be a host's name where one is expected: its ending need not be one of the usual. */
export function mayBeDomainName(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1)?.toLowerCase() ?? '';
  return (
    labels.length >= 2 &&
    text.length <= 253 &&
    /^(?:[a-z]{2,18}|xn--[a-z0-9-]{2,59})$/.test(last) &&
    !files.has(last) &&
    labels.every((one) => label.test(one))
  );
}

/** Whether a name says by its ending that it is of an inner network, wherever it stands. */
export function isInnerName(text: string): boolean {
  const labels = text.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  if (!isDomainName(text) || !inner.has(last) || isReversed(labels)) return false;
  // `jdk.internal`, `settings.local`: with two labels it may be a package or a file.
  return labels.length >= (last === 'internal' || last === 'local' ? 3 : 2);
}

/**
 * Whether a name in front of a slash is a host's though nothing says so: files, packages and classes have names like
 * `hello.in`, `System.Net` and `org.eclipse.jetty.io`.
 */
export function isHostOfPath(text: string): boolean {
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  if (!isDomainName(text)) return false;
  if (isInnerName(text)) return true;
  if (/[A-Z]/.test(text) || isReversed(labels)) return false;
  return labels.length >= 3 || usual.has(last);
}

/** Endings of hosts that are not words of files too. */
const usual = new Set(
  'com net org io dev cloud co ai eu edu gov mil biz internal local lan corp intranet localdomain'.split(' '),
);

function isReversed([first = '', ...more]: readonly string[]): boolean {
  return more.length > 1 && /^(?:com|org|net|io|edu|gov|java|javax|jdk)$/.test(first);
}

/** Whether a host's name or address may be given away. */
export function isPublicHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (everybodys.has(name) || examples.has(name) || name === '') return true;
  if (isLoopback(name)) return true;
  if (somebodysOwn.test(name)) return false;
  if (publicHosts.has(name)) return true;
  const labels = name.split('.');
  return labels.some((_, i) => {
    const domain = labels.slice(i).join('.');
    return publicDomains.has(domain) || namesOfPackages.has(domain);
  });
}

function isLoopback(name: string): boolean {
  return /^127\.\d+\.\d+\.\d+$|^0\.0\.0\.0$|^\[?::1?\]?$/.test(name);
}
