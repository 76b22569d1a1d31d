export const REMOVED = '[removed]';

// Full-width forms and the usual spellings against harvesters count as what they mean.
const AT = String.raw`(?:\\?[@＠﹫]|%(?:25)?40|\s?[[({](?:at|@)[\])}]\s?)`;
const DOT = String.raw`(?:\\?[.．。]|%(?:25)?2e|\s?[[({](?:dot|\.)[\])}]\s?)`;
// `user@` may be broken off from its domain by a line end.
const EMAIL = new RegExp(
  String.raw`(?:"[^"\n@]{1,64}"|[\p{L}\p{N}_](?:[\p{L}\p{N}._%+'’-]{0,62}[\p{L}\p{N}._%+!#$&*^|~-])?)${AT}(?:[ \t]{0,4}\r?\n[ \t]{0,8})?[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}${DOT}){1,8}[\p{L}\p{N}-]{0,61}\p{L}`,
  'giu',
);

/** Takes out every e-mail address. Package versions (`name@1.2.3`) and handles (`@name`) are not addresses and stay. */
export const withoutEmails = (text: string): string => text.replace(EMAIL, REMOVED);
