/** Everything that is taken out, in the order in which a report lists it; the first that fits names a find. */
export const kinds = {
  pattern: 'text that was asked for',
  'private-key': 'private key',
  'github-token': 'GitHub token',
  'gitlab-token': 'GitLab token',
  'docker-token': 'Docker token',
  'aws-key': 'AWS key',
  'google-key': 'Google key',
  'slack-token': 'Slack token',
  'npm-token': 'npm token',
  'pypi-token': 'PyPI token',
  'stripe-key': 'Stripe key',
  'ai-token': 'AI service token',
  jwt: 'JSON web token',
  token: 'token',
  login: 'login in a URL',
  secret: 'secret value',
  email: 'e-mail address',
  host: 'host',
  home: 'home path',
  user: 'user name',
  cut: 'word cut in half',
} as const;

export type Kind = keyof typeof kinds;

const order = Object.keys(kinds) as Kind[];
const ranks = new Map(order.map((kind, i) => [kind, i]));

/** Place of a kind in the list, from 0. */
export function rankOf(kind: Kind): number {
  return ranks.get(kind) ?? order.length;
}

/** What stands where something was taken out begins so; what begins so is never taken out again. */
export const placeholderStart = 'REDACTED-';
