/** A field of RFC 4180: quoted where it holds a comma, a quote or a line break. */
const field = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One record with its CRLF. */
export const csvRecord = (values: readonly (string | number)[]): string => `${values.map(field).join(',')}\r\n`;
