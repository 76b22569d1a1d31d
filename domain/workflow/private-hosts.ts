const PRIVATE_NAME = /^(?:localhost|[^.]+|.+\.(?:local|localhost|internal|lan|home|intranet|corp|localdomain))$/i;
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*|::ffff:.*)\]$/i;
const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\s]{0,200}@)?(\[[0-9a-f:.]{2,45}\]|[^/?#:@\s[\]]{1,253})/i;

const WEB = /^=?\s*(https?:\/\/[^\s]{1,2000})/i;

/** The address a string parameter starts with, also after the `=` of an expression; undefined when it is none. */
export const addressIn = (parameter: string): string | undefined => WEB.exec(parameter)?.[1];

/** True for an address whose host can only be reached from the machine or network it runs in. Expressions are not. */
export const isPrivateAddress = (address: string): boolean => {
  const host = HOST.exec(address)?.[1];
  if (host === undefined || /[{}$<>]/.test(host)) return false;
  return PRIVATE_IPV4.test(host) || PRIVATE_IPV6.test(host) || (!/^\d/.test(host) && PRIVATE_NAME.test(host));
};
