import { hasOpaquePart, isOpaque, isPlaceholder } from './opaque.ts';

/** A stretch of text, `end` exclusive, that looks like a live credential of `kind`. */
export type SecretSpan = { readonly kind: string; readonly start: number; readonly end: number };

type Rule = {
  readonly kind: string;
  /** Global; the secret is group 1, or all of it. Every repetition is bounded or starts at a rare literal: no quadratic time. */
  readonly pattern: RegExp;
  readonly accepts?: (secret: string) => boolean;
};

const real = (secret: string): boolean => !isPlaceholder(secret);

// A key may follow `_` or a letter where it was glued to a word, so the left edge only excludes what belongs to a longer key.
const key = (kind: string, body: string): Rule => ({
  kind,
  pattern: new RegExp(`(?<![A-Za-z0-9])${body}`, 'g'),
  accepts: (secret) => real(secret) && (hasOpaquePart(secret) || isOpaque(secret)),
});

const BASIC_STAND_INS = /^(?:dXNlcm5hbWU6|dXNlcjpw|QWxhZGRpbjpvcGVu|dGVzdDp0ZXN0)/;

const isUrlPassword = (userAndPassword: string): boolean => {
  const colon = userAndPassword.indexOf(':');
  const [user, password] = [userAndPassword.slice(0, colon), userAndPassword.slice(colon + 1)];
  return (
    real(userAndPassword) && password !== user && !/^(?:pass|password|passwd|pwd|secret|postgres|root)$/i.test(password)
  );
};

const RULES: readonly Rule[] = [
  key('anthropic-key', 'sk-ant-[\\w-]{20,300}'),
  key('openrouter-key', 'sk-or-[\\w-]{20,200}'),
  key('openai-key', 'sk-(?!ant-|or-)[\\w-]{20,300}'),
  key('google-api-key', 'AIza[\\w-]{30,50}'),
  key('google-oauth-token', 'ya29\\.[\\w-]{20,600}'),
  key('google-client-secret', 'GOCSPX-[\\w-]{20,60}'),
  key('slack-token', 'xox[abeoprs]-[\\w-]{10,300}'),
  key('slack-token', 'xapp-[\\w-]{20,300}'),
  key('github-token', 'gh[pousr]_[A-Za-z0-9]{30,260}'),
  key('github-token', 'github_pat_\\w{30,260}'),
  key('gitlab-token', 'glpat-[\\w-]{16,100}'),
  key('aws-access-key', '(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])'),
  key('stripe-key', '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,260}'),
  key('elevenlabs-key', 'sk_[0-9a-f]{40,60}'),
  key('stripe-webhook-secret', 'whsec_[A-Za-z0-9+/]{20,100}'),
  key('sendgrid-key', 'SG\\.[\\w-]{16,40}\\.[\\w-]{16,80}'),
  key('twilio-key', '(?:AC|SK)[0-9a-f]{32}(?![0-9A-Za-z])'),
  key('tavily-key', 'tvly-(?:dev-|prod-)?[A-Za-z0-9-]{16,100}'),
  key('apify-token', 'apify_api_[A-Za-z0-9]{20,100}'),
  key('huggingface-token', 'hf_[A-Za-z0-9]{24,100}'),
  key('groq-key', 'gsk_[A-Za-z0-9]{24,100}'),
  key('perplexity-key', 'pplx-[A-Za-z0-9]{24,100}'),
  key('xai-key', 'xai-[A-Za-z0-9]{24,200}'),
  key('facebook-token', 'EAA[A-Za-z0-9]{40,600}'),
  key('airtable-token', 'pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}'),
  key('notion-token', '(?:secret_|ntn_)[A-Za-z0-9]{30,80}'),
  key('npm-token', 'npm_[A-Za-z0-9]{30,60}'),
  key('replicate-token', 'r8_[A-Za-z0-9]{30,60}'),
  key('firecrawl-key', 'fc-[0-9a-f]{32}'),
  key('mailchimp-key', '[0-9a-f]{32}-us\\d{1,2}(?!\\w)'),
  key('shopify-token', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'),
  key('linear-key', 'lin_api_[A-Za-z0-9]{30,80}'),
  {
    kind: 'telegram-bot-token',
    pattern: /(?<!\d)\d{8,10}(?::|%3A)[\w-]{33,50}/gi,
    accepts: (s) => real(s) && /(?::|%3A)A/i.test(s),
  },
  {
    kind: 'jwt',
    pattern: /(?<!\w)eyJ[\w-]{10,2000}\.eyJ[\w-]{5,4000}\.[\w-]{10,1000}/g,
    accepts: (s) => real(s) && !s.includes('eyJzdWIiOiIxMjM0NTY3ODkw'),
  },
  {
    kind: 'private-key',
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\s|\\{1,8}[nr]){0,8}[A-Za-z0-9+/=]{40}(?:[A-Za-z0-9+/=\s]|\\{1,8}[nr]){0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
    accepts: (s) => new Set(s.slice(40, 90)).size > 12,
  },
  {
    kind: 'discord-webhook',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{10,25}\/[\w-]{30,120}/gi,
    accepts: real,
  },
  {
    kind: 'slack-webhook',
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/\w{5,20}\/\w{5,30}\/[\w/]{16,120}/gi,
    accepts: real,
  },
  { kind: 'teams-webhook', pattern: /webhook\.office\.com\/webhookb2\/[\w@/-]{40,300}/gi, accepts: real },
  {
    kind: 'make-webhook',
    pattern: /hook\.(?:[a-z]{2}\d\.)?(?:make|integromat)\.com\/[a-z0-9]{20,64}/gi,
    accepts: real,
  },
  { kind: 'zapier-webhook', pattern: /hooks\.zapier\.com\/hooks\/catch\/\d{4,12}\/\w{5,20}/gi, accepts: real },
  {
    kind: 'presigned-url',
    pattern:
      /[?&;](?:amp;)?(?:X-Amz-Signature|X-Goog-Signature|X-Amz-Credential|AWSAccessKeyId|sig)(?:=|%3D)([\w%+/=-]{16,1000})/gi,
    accepts: real,
  },
  {
    kind: 'url-password',
    pattern: /(?:[a-z][a-z0-9+.-]{1,20}):\/\/([^\s:/?#@"'`<>]{1,100}:[^\s/?#@"'`<>]{3,100})@[\w.[-]/gi,
    accepts: isUrlPassword,
  },
  {
    kind: 'basic-auth',
    pattern: /(?<!\w)(?:-u|--user)[ =]["']?[\w.@+-]{1,64}:([^\s"'`]{6,100})/g,
    accepts: (s) => real(s) && isOpaque(s, 12),
  },
  {
    kind: 'basic-auth',
    pattern: /(?<!\w)Basic(?:\s|%20|\+)+([A-Za-z0-9+/]{12,500}={0,2})/gi,
    accepts: (s) => real(s) && !BASIC_STAND_INS.test(s) && (s.endsWith('=') || isOpaque(s, 12)),
  },
  {
    kind: 'bearer-token',
    pattern: /(?<!\w)Bearer(?:\s|%20|\+)+["']?([\w\-./+=~|:]{16,4000})/gi,
    accepts: (s) => isOpaque(s),
  },
];

/** Credentials that show themselves: by a known prefix, a scheme before them, or the address they are part of. */
export const prefixedSecrets = (text: string): SecretSpan[] =>
  RULES.flatMap(({ kind, pattern, accepts }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const secret = match[1] ?? match[0];
      if (accepts !== undefined && !accepts(secret)) return [];
      const start = match.index + match[0].lastIndexOf(secret);
      return [{ kind, start, end: start + secret.length }];
    }),
  );
