import type { Rule } from '../find.js';
import type { Kind } from '../kinds.js';

/**
 * Tokens that tell their kind by how they begin. Sources are the services' own descriptions of their token formats. Each
 * expression starts with letters that are rare in text and goes on with one class of characters, so that it is decided
 * in one pass. The lengths are smaller than those of whole tokens: a token that was cut is one still.
 */
const table: readonly (readonly [Kind, string])[] = [
  ['github-token', 'gh[pousr]_[A-Za-z0-9_]{12,}'],
  ['github-token', 'github_pat_[A-Za-z0-9_]{12,}'],
  ['gitlab-token', 'gl(?:pat|ptt|dt|rt|rtr|cbt|ft|soat|agent|imt|ffct|oas)-[\\w.-]{12,}'],
  ['docker-token', 'dckr_(?:pat|oat)_[\\w-]{12,}'],
  ['aws-key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}'],
  ['google-key', 'AIza[\\w-]{20,}'],
  ['google-key', 'ya29\\.[\\w.-]{16,}'],
  ['google-key', 'GOCSPX-[\\w-]{16,}'],
  ['slack-token', 'xox[abeoprs][-.][\\w.-]{10,}'],
  ['slack-token', 'xapp-\\d-[\\w-]{10,}'],
  ['npm-token', 'npm_[A-Za-z0-9]{20,}'],
  ['pypi-token', 'pypi-[\\w-]{16,}'],
  ['stripe-key', '[spr]k_(?:live|test)_[A-Za-z0-9]{10,}'],
  ['stripe-key', 'whsec_[A-Za-z0-9+/=]{16,}'],
  ['ai-token', 'sk-ant-[\\w-]{12,}'],
  ['ai-token', 'sk-(?:proj|svcacct|admin|or-v1)-[\\w-]{16,}'],
  ['ai-token', 'sk-[A-Za-z0-9]{32,}'],
  ['ai-token', 'hf_[A-Za-z0-9]{20,}'],
  ['token', 'do[opr]_v1_[a-f0-9]{20,}'],
  ['token', 'SG\\.[\\w-]{12,}(?:\\.[\\w-]+)?'],
  ['token', 'shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{20,}'],
  ['token', 'hv[sbr]\\.[\\w-]{20,}'],
  ['token', 'dapi[a-f0-9]{32}'],
  ['token', 'lin_(?:api|oauth)_[A-Za-z0-9]{20,}'],
  ['token', 'dp\\.(?:pt|st|ct|scim|audit)\\.[\\w.-]{20,}'],
  ['token', 'AGE-SECRET-KEY-1[A-Z0-9]{20,}'],
  ['token', 'sntr(?:ys|yu)_[\\w=+/-]{20,}'],
  ['token', 'glsa_[\\w-]{20,}'],
  ['token', 'glc_[\\w=+/-]{20,}'],
  ['token', 'NRAK-[A-Z0-9]{20,}'],
  ['token', 'ATATT3[\\w=-]{20,}'],
  ['token', 'HRKU-[\\w-]{20,}'],
  ['token', 'rubygems_[a-f0-9]{20,}'],
  ['token', 'oy2[a-z0-9]{43}'],
  ['token', 'tskey-[\\w-]{12,}'],
  ['token', 'sbp_[a-f0-9]{20,}'],
  ['token', 'nfp_[A-Za-z0-9]{20,}'],
  ['token', 'CCIPAT_[\\w-]{16,}'],
  ['token', 'bk(?:ua|ct|at)_[a-f0-9]{20,}'],
  ['token', 'ops_ey[\\w+/=-]{20,}'],
  ['token', 'AKCp[A-Za-z0-9]{20,}'],
  ['token', 'fm[12][a-z]?_[\\w+/=,-]{20,}'],
  ['token', 'key-[0-9a-f]{32}'],
  // Its end is optional, as everything behind a border that it needed would be looked at again from each "eyJ".
  ['jwt', 'eyJ[\\w-]{10,}(?:\\.[\\w-]+){0,4}'],
];

// A letter or digit in front means that the letters are the end of a word; that also makes one start per word.
const any = new RegExp(`(?<![A-Za-z0-9])(?:${table.map(([, source]) => `(${source})`).join('|')})`, 'g');

/** Paths of addresses that are as good as a password: chat webhooks. */
const webhooks =
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\/|\.webhook\.office\.com\/webhookb2\/)[\w/@.-]{8,}/g;

export const tokens: Rule = {
  name: 'tokens',
  find(text, report) {
    for (const match of text.matchAll(any)) {
      const column = match.findIndex((group, i) => i > 0 && group !== undefined);
      const kind = table[column - 1]?.[0] ?? 'token';
      report({
        start: match.index,
        end: match.index + match[0].length,
        kind,
        everywhere: [match[0]],
      });
    }
    for (const { index, 0: path } of text.matchAll(webhooks))
      report({ start: index, end: index + path.length, kind: 'token', everywhere: [path] });
  },
};
