import { finished, type Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { domainError } from '../../domain/errors.ts';

/** A form as it came: text fields by name, and what was made of the file. */
export type Form<File> = { readonly fields: Readonly<Record<string, string>>; readonly file: File | undefined };

export type FormReader<File> = {
  readonly textFields: readonly string[];
  readonly fileField: string;
  /** Bytes of one text field. */
  readonly maxFieldBytes: number;
  /** Takes the file while it comes; rejects when it is not wanted. Nothing may be left behind by a rejection. */
  readonly receive: (content: AsyncIterable<Uint8Array>, fileName: string) => Promise<File>;
  /** Takes back what `receive` made, when the rest of the form turns out to be bad. */
  readonly discard: (file: File) => Promise<void>;
};

const refusal = (path: string, message: string) =>
  domainError('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });

const incomplete = () => refusal('(body)', 'is not a complete multipart form');

const unnamed = '(part without a name)';
/** What the lenient decoder puts in the place of bytes that are not UTF-8. */
const notUtf8 = /\uFFFD/;
const controls = /\p{Cc}/gu;

/** A name to show and to download under: no control characters, at most 200 characters, whole ones. */
const fileNameFrom = (given: string): string =>
  given
    .replace(controls, '')
    .trim()
    .slice(0, 200)
    .replace(/[\uD800-\uDBFF]$/, '');

const parserOf = (contentType: string, maxFieldBytes: number) => {
  const headers: BusboyHeaders = { 'content-type': contentType };
  try {
    const limits = { fieldSize: maxFieldBytes, parts: 20, headerPairs: 20, headerSize: 8_192 };
    return new Busboy({ headers, limits });
  } catch {
    throw refusal('Content-Type', 'names no boundary');
  }
};

/**
 * Reads a multipart form, its file as a stream. The first thing that is wrong ends it: what `receive` was given fails, what
 * it had made is discarded, and the rest of the body is read past, so that the sender can hear the refusal.
 * @throws DomainError INVALID_INPUT naming the part; what `receive` rejects with
 */
export const readForm = async <File>(
  body: Readable,
  contentType: string,
  reader: FormReader<File>,
): Promise<Form<File>> => {
  const parser = parserOf(contentType, reader.maxFieldBytes);
  const fields: Record<string, string> = Object.create(null);
  const seen = new Set<string>();
  let receiving: Promise<File> | undefined;

  const parsed = new Promise<void>((resolve, reject) => {
    let arriving: Readable | undefined;
    let refused = false;
    const refuse = (error: Error): void => {
      refused = true;
      reject(error);
      body.unpipe(parser);
      body.resume();
      arriving?.destroy(error);
    };
    /** False: refused; also what follows in the same chunk, or a file would be begun that never comes to its end. */
    const expected = (name: string, isFile: boolean): boolean => {
      if (refused) return false;
      const known = name === reader.fileField || reader.textFields.includes(name);
      if (!known) refuse(refusal(name, 'is not a known field'));
      else if (seen.has(name)) refuse(refusal(name, 'is there twice'));
      else if ((name === reader.fileField) !== isFile)
        refuse(refusal(name, isFile ? 'must be text' : 'must be a file with a name'));
      else {
        seen.add(name);
        return true;
      }
      return false;
    };
    parser.on('field', (name: string | undefined, value, _nameCut, valueCut) => {
      if (!expected(name ?? unnamed, false)) return;
      if (valueCut) refuse(refusal(name ?? unnamed, `has more than ${reader.maxFieldBytes} bytes`));
      else if (notUtf8.test(value)) refuse(refusal(name ?? unnamed, 'is not valid UTF-8'));
      else if (value.includes('\0')) refuse(refusal(name ?? unnamed, 'must be text without NUL'));
      else fields[name ?? unnamed] = value;
    });
    parser.on('file', (name: string | undefined, content, givenName: string | undefined) => {
      content.on('error', ({ name: kind }) => {
        // A reader that stopped early aborts its stream; why it did is said by `receiving`.
        if (kind !== 'AbortError') refuse(incomplete());
      });
      if (!expected(name ?? unnamed, true)) return void content.resume();
      const fileName = fileNameFrom(givenName ?? '');
      if (fileName === '') return refuse(refusal(reader.fileField, 'must be a file with a name'));
      if (notUtf8.test(fileName)) return refuse(refusal(reader.fileField, 'has a name that is not valid UTF-8'));
      arriving = content;
      receiving = reader.receive(content, fileName);
      receiving.catch(refuse);
    });
    parser.on('partsLimit', () => refuse(refusal('(body)', 'has too many parts')));
    parser.on('error', () => refuse(incomplete()));
    parser.on('finish', resolve);
    finished(body, { writable: false }, (error) => {
      if (error) refuse(refusal('(body)', 'ended early'));
    });
    body.pipe(parser);
  });

  try {
    await parsed;
    return { fields, file: await receiving };
  } catch (error) {
    const made = await receiving?.catch(() => undefined); // the rejection, if it is one, is `error` itself
    if (made !== undefined) await reader.discard(made);
    throw error;
  }
};
