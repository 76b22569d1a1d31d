import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The ways in which a text may lie in a file. */
const formsOf = (text: string): readonly Buffer[] => {
  const bytes = Buffer.from(text);
  // Base64 of text in the middle of other text: three ways to fall into groups of three bytes, the ends cut off.
  const base64 = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + 3 * Math.floor((bytes.length - skip) / 3)));
  return [
    bytes,
    Buffer.from(text.toLowerCase()),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    Buffer.from(text, 'utf16le'),
    ...base64.map((part) => Buffer.from(part.toString('base64'))),
    ...base64.map((part) => Buffer.from(part.toString('base64url'))),
  ];
};

const filesBelow = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile());

/** Which of the texts lie in which files below the folder, in whatever form: `<text> in <path>`. */
export const tracesOf = (texts: Iterable<string>, dir: string): readonly string[] => {
  const wanted = [...texts].map((text) => ({ text, forms: formsOf(text) }));
  return filesBelow(dir).flatMap((path) => {
    const bytes = readFileSync(path);
    return wanted
      .filter(({ forms }) => forms.some((form) => bytes.includes(form)))
      .map(({ text }) => `${text} in ${path}`);
  });
};

/** The same for many texts that all begin with `start`: each file is read once for all of them. */
export const tracesWith = (start: string, texts: ReadonlySet<string>, dir: string): readonly string[] => {
  if (texts.size === 0) return [];
  const longest = 4 * Math.max(...[...texts].map((text) => text.length));
  const found = filesBelow(dir).flatMap((path) => {
    const bytes = readFileSync(path);
    const windows: Buffer[] = [];
    for (const form of formsOf(start))
      for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + 1))
        windows.push(bytes.subarray(Math.max(0, at - 4), at + longest));
    const around = Buffer.concat(windows);
    if (windows.length === 0) return [];
    return [...texts]
      .filter((text) => formsOf(text).some((form) => around.includes(form)))
      .map((text) => `${text} in ${path}`);
  });
  return found;
};
