/** Secrets made up for these tests, put together here so that no scanner takes this file for a leak. */
export interface Planted {
  readonly kind: string;
  readonly value: string;
  /** The part that says nothing by itself, as a login's user or a key's first line. */
  readonly open?: string;
}

const letters = 'q7Zt0RkW3nXb9LmC2vYp8HsD5gJf4TaE6uKoQ1iBrPzNwVxMcGhSdUyAjFelOq';

/** `length` letters and digits that look random, another row for each `turn`. */
export function random(length: number, turn: number): string {
  const turned = letters.slice(turn) + letters.slice(0, turn);
  return turned.repeat(Math.ceil(length / turned.length)).slice(0, length);
}

const hex = (length: number, turn: number): string =>
  Buffer.from(random(length, turn))
    .toString('hex')
    .slice(3, length + 3);

/** One of each kind that is told by itself, wherever it stands. */
export const planted: readonly Planted[] = [
  { kind: 'GitHub token', value: `ghp_${random(36, 1)}` },
  { kind: 'fine-grained GitHub token', value: `github_pat_${random(22, 2)}_${random(59, 3)}` },
  { kind: 'GitLab token', value: `glpat-${random(20, 4)}` },
  { kind: 'Docker Hub token', value: `dckr_pat_${random(27, 5)}` },
  { kind: 'AWS key', value: `AKIA${random(16, 6).toUpperCase()}` },
  { kind: 'Google key', value: `AIza${random(35, 7)}` },
  { kind: 'Slack token', value: `xoxb-${'1234567890'}-${random(24, 8)}` },
  { kind: 'npm token', value: `npm_${random(36, 9)}` },
  { kind: 'PyPI token', value: `pypi-AgEIcHlwaS5vcmc${random(60, 10)}` },
  { kind: 'Stripe key', value: `sk_live_${random(24, 11)}` },
  { kind: 'Hugging Face token', value: `hf_${random(34, 12)}` },
  { kind: 'Anthropic key', value: `sk-ant-api03-${random(93, 13)}AA` },
  { kind: 'SendGrid key', value: `SG.${random(22, 14)}.${random(43, 15)}` },
  { kind: 'DigitalOcean token', value: `dop_v1_${hex(64, 16)}` },
  { kind: 'Vault token', value: `hvs.${random(24, 17)}` },
  { kind: 'JSON web token', value: `eyJhbGciOiJIUzI1NiJ9.eyJ${random(40, 18)}.${random(43, 19)}` },
  { kind: 'GitLab token of a runner', value: `glrt-${random(20, 20)}` },
  { kind: 'inner registry', value: 'registry.acme-forge.internal' },
  { kind: 'inner address', value: '10.83.117.46' },
  { kind: 'e-mail address', value: 'grace.hopperton@acme-forge.dev' },
];

/** The texts around a value in which it is told by its name or its place. */
export const named: readonly { readonly name: string; readonly text: (value: string) => string }[] = [
  { name: 'assignment', text: (value) => `DB_PASSWORD=${value}` },
  { name: 'quoted assignment', text: (value) => `export NPM_TOKEN="${value}" && npm ci` },
  { name: 'YAML', text: (value) => `  api_key: ${value}` },
  { name: 'JSON', text: (value) => `{"user":"x","clientSecret":"${value}","n":1}` },
  { name: 'JSON in JSON', text: (value) => `{"msg":"got {\\"password\\":\\"${value}\\"}"}` },
  { name: 'option', text: (value) => `tool --auth-token ${value} --verbose` },
  { name: 'option with =', text: (value) => `tool --password=${value}` },
  { name: 'bearer', text: (value) => `curl -H "Authorization: Bearer ${value}" https://github.com/x` },
  { name: 'header', text: (value) => `> PRIVATE-TOKEN: ${value}` },
  { name: 'cookie', text: (value) => `Set-Cookie: session=${value}; Path=/` },
  { name: 'ENV', text: (value) => `ENV SECRET_KEY ${value}` },
  { name: 'ARG', text: (value) => `#5 [2/3] ARG GITHUB_TOKEN=${value}` },
  { name: 'docker login', text: (value) => `RUN docker login -u bot -p ${value} ghcr.io` },
  { name: 'curl -u', text: (value) => `curl -u bot:${value} https://github.com/x` },
  { name: 'URL', text: (value) => `fatal: https://bot:${value}@github.com/team/app.git not found` },
  { name: 'npmrc', text: (value) => `//registry.npmjs.org/:_authToken=${value}` },
  { name: 'query', text: (value) => `GET https://github.com/x?sig=1&access_token=${value}&n=2` },
  { name: 'docker config', text: (value) => `"auth": "${Buffer.from(`bot:${value}`).toString('base64')}"` },
];

/** A key as OpenSSL writes it, of random letters. */
export const privateKeyLines: readonly string[] = [
  `-----BEGIN RSA ${'PRIVATE'} KEY-----`,
  ...Array.from({ length: 6 }, (_, i) => `MII${random(61, i + 21)}`),
  `${random(30, 40)}==`,
  `-----END RSA ${'PRIVATE'} KEY-----`,
];
