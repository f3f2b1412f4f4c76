/** Words that say secret wherever they stand in a name. */
const secretWords = new Set([
  ...['token', 'tokens', 'secret', 'secrets', 'password', 'passwords', 'passwd', 'passphrase', 'passcode'],
  ...['credential', 'credentials', 'creds', 'authtoken', 'authkey', 'authorization', 'apikey', 'accesskey'],
  ...['apitoken', 'accesstoken', 'secretkey', 'privatekey', 'cookie', 'cookies', 'bearer', 'jwt', 'pat'],
]);

/** Words that say it only behind another: `DB_PASS`, but not the `PASS:` of a test; `MYSQL_PWD`, but not `PWD`. */
const secretBehindAnother = new Set(['pass', 'pwd', 'auth', 'sig', 'signature', 'pat']);

/** Words in front of KEY that make it one that is secret. */
const secretKeys = new Set([
  ...['api', 'access', 'private', 'secret', 'signing', 'encryption', 'account', 'ssh', 'deploy', 'license'],
  ...['master', 'auth', 'gpg', 'service', 'shared', 'storage', 'subscription', 'client', 'webhook', 'app'],
]);

/** Last words of names that stand for something about a secret, or for where it is, and not for itself. */
const about = new Set([
  ...['file', 'files', 'path', 'dir', 'sock', 'socket', 'name', 'names', 'id', 'ids', 'type', 'count'],
  ...['length', 'limit', 'ttl', 'expiry', 'expires', 'enabled', 'disabled', 'provider', 'method', 'mode'],
  ...['host', 'port', 'user', 'username', 'helper', 'parallelism', 'size', 'version', 'endpoint', 'scope'],
  ...[
    'url',
    'uri',
    'server',
    'service',
    'realm',
    'store',
    'algorithm',
    'alg',
    'issuer',
    'audience',
    'required',
  ],
  ...['timeout', 'policy', 'region', 'env', 'var', 'mount', 'mounts', 'cmd', 'command', 'script', 'format'],
  ...[
    'stdin',
    'prompt',
    'kind',
    'at',
    'bytes',
    'max',
    'min',
    'status',
    'state',
    'error',
    'for',
    'hint',
    'age',
    'image',
    'images',
    'tag',
    'digest',
    'platform',
    'repo',
    'repository',
    'registry',
    'stage',
    'target',
  ],
]);

/** Longest name that is looked at. */
export const maxNameLength = 120;

/** The words of a name: `npmAuthToken`, `NPM_AUTH_TOKEN` and `npm.auth-token` have the same. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const known = new Map<string, boolean>();

/** Whether a variable, argument, header or key of that name holds a secret. */
export function isSecretName(name: string): boolean {
  if (name.length > maxNameLength) return false;
  const before = known.get(name);
  if (before !== undefined) return before;
  const answer = decide(name);
  if (known.size > 10_000) known.clear();
  known.set(name, answer);
  return answer;
}

function decide(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined) return false;
  // A number behind it counts for nothing: TOKEN_2.
  if (/^\d+$/.test(last)) return words.length > 1 && decide(words.slice(0, -1).join('_'));
  if (about.has(last) || words[0] === 'no') return false;
  // npm's own; any other that is "auth" alone says how, and not with what.
  if (name === '_auth') return true;
  return words.some((word, i) => {
    const before = words[i - 1];
    if (word === 'pwd' && before === 'old') return false;
    if (word === 'key' || word === 'keys') return before !== undefined && secretKeys.has(before);
    if (word === 'pat') return i > 0;
    if (secretWords.has(word)) return true;
    return (i > 0 && i === words.length - 1 && secretBehindAnother.has(word)) || isRunTogether(word);
  });
}

/** `PGPASSWORD`, `GITHUBTOKEN`: names that are written without a sign between their words. */
function isRunTogether(word: string): boolean {
  return (
    word.length <= 40 && /(?:password|passwd|passphrase|secret|apikey|authtoken|accesstoken)$/.test(word)
  );
}
