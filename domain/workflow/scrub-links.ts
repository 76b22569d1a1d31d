import { REMOVED } from './scrub-emails.ts';

/** Addresses whose path is the secret: everything after the kept part goes. */
const CALLABLE: readonly RegExp[] = [
  /^(hooks\.slack\.com)\/.+/is,
  /^(discord(?:app)?\.com\/api)\/(?:v\d{1,2}\/)?webhooks\/.+/is,
  /^(hook\.(?:[a-z0-9-]{1,10}\.)?(?:make|integromat)\.com)\/.+/is,
  /^(hooks\.zapier\.com)\/.+/is,
  /^([^/]{1,200}webhook\.office\.com)\/.+/is,
  /^(api\.telegram\.org(?:\/file)?)\/bot\d.*/is,
  /^([^/]{1,300}(?:\/[^/]{1,200}){0,8}?\/webhook(?:-test|-waiting)?)\/.+/is,
  /^([^/]{1,300}(?:\/[^/]{1,200}){0,8}?\/(?:form|mcp|chat)(?:-test)?)\/[0-9a-f]{8}-.*/is,
];

// What belongs to a query: anything up to a blank, a quote or a bracket, and expressions, placeholders and pairs of brackets whole.
const QUERY = String.raw`(?:\{\{[^{}]{0,500}\}\}|<[\w .-]{1,60}>|\([^\s()]{0,200}\)|\[[^\s[\]]{0,200}\]|(?<==)["'][^\s"']{0,200}["'](?=&)|[)"'](?=[&%=])|\|(?=[^\s|])|(?<=[?&=])\s{0,20}\n\s{0,20}(?=[\w%.[\]-]{1,60}=)|\s{0,20}\n\s{0,20}(?=&[\w%.[\]-]{1,60}=)|[^\s"'\`<>()[\]{}|])*`;

const LINK = new RegExp(
  String.raw`([a-z][a-z0-9+.-]{1,20}:\\?/\\?/|(?<![\w@./-])(?=www\.))([^\s"'\`<>()[\]{}|?#]{1,4000})(?:[?#]${QUERY})?`,
  'gi',
);
const BARE_QUERY = new RegExp(String.raw`[?](?=(?:amp;)?[\w.~%[\]-]{1,100}(?:=|%3d))${QUERY}`, 'gi');
// After an expression that makes up the path.
const AFTER_EXPRESSION = new RegExp(String.raw`(?<=\}\})\?(?=[\w{])${QUERY}`, 'g');
// `example.com/path?abc`: a host without a scheme, and a query without `=`.
const SCHEMELESS = new RegExp(
  String.raw`((?<![\w@.-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?::\d{1,5})?(?:/[^\s"'\`<>()[\]{}|?#]{0,2000})?)\?(?=\S)${QUERY}`,
  'gi',
);
const MAILTO_QUERY = new RegExp(String.raw`(mailto:[^\s"'\`<>()?]{0,300})\?${QUERY}`, 'gi');
const RELATIVE_HOOK = /(\/webhook(?:-test|-waiting)?)\/(?!\[removed\])[\w%-]{8,}(?:\/[\w%:.-]{0,200}){0,8}/gi;

const withoutUser = (rest: string): string => {
  const host = rest.slice(0, rest.search(/[\\/]|$/));
  const at = host.lastIndexOf('@');
  return at === -1 ? rest : rest.slice(at + 1);
};

/** The part of a path that is itself a query in disguise: matrix parameters, `&a=b` without `?`, an encoded `?` or `#`. */
const DISGUISED = /(?:;|&(?:amp;)?)[\w.%-]{1,100}=.*|%(?:25)?(?:3f|23).*/is;

const cleanedLink = (start: string, rest: string): string => {
  const bare = withoutUser(rest).replace(DISGUISED, '');
  const callable = CALLABLE.find((pattern) => pattern.test(bare));
  return start + (callable === undefined ? bare : bare.replace(callable, `$1/${REMOVED}`));
};

/**
 * Keeps scheme, host and path of every link; its user and password, query and fragment go, and the path too where the
 * path is what makes it callable (webhooks of n8n, Slack, Discord, Make, Zapier, Teams; a Telegram bot's address).
 */
export const withoutLinkQueries = (text: string): string =>
  text
    .replace(LINK, (_link, start: string, rest: string) => cleanedLink(start, rest))
    .replace(MAILTO_QUERY, '$1')
    .replace(BARE_QUERY, '')
    .replace(AFTER_EXPRESSION, '')
    .replace(SCHEMELESS, '$1')
    .replace(RELATIVE_HOOK, `$1/${REMOVED}`);
