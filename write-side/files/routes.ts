import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { Handling } from '../handling/handling.ts';
import { signedIn } from '../http/signed-in.ts';
import { ownLicense } from '../licenses/routes.ts';
import { attachment } from './content-disposition.ts';
import { linkToken, readLinkToken } from './download-link.ts';
import { type Downloadable, downloadable, issuedLicense } from './downloadable.ts';
import { byteRange } from './range.ts';

export type FileDeps = {
  readonly handling: Handling;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  /** Base of the links; absent: they are relative to this host. */
  readonly publicUrl?: string | undefined;
};

const linkMs = 5 * 60_000;
const filesPath = '/api/v1/files';

const downloadBody = z.strictObject({ licenseId: z.uuid(), version: z.string().min(1).max(64).exactOptional() });
const downloadAnswer = z.object({ url: z.string(), expiresAt: z.string(), sha256: z.string(), size: z.number() });
const downloadRefusals = ['LICENSE_STATE', 'NO_FILE', 'VERSION_STATE'] as const;

const tokenParams = z.object({ token: z.string() });

const bytes = { schema: z.string() };
/** What the document says of a file; it is sent as a stream. */
const fileBytes = { content: { 'application/octet-stream': bytes, 'application/json': bytes } };

const rfc3339 = (ms: number): string => new Date(ms).toISOString();

/** The range that is asked for, if what the caller has of the file already is of the same bytes. */
const rangeOf = (request: FastifyRequest, etag: string, size: number) => {
  const ifRange = request.headers['if-range'];
  // RFC 9110 knows ranges for GET only.
  const applies = request.method === 'GET' && (ifRange === undefined || ifRange === etag);
  return byteRange(applies ? request.headers.range : undefined, size);
};

/** Sends the bytes, or the range that was asked for. @throws DomainError RANGE_NOT_SATISFIABLE */
const sendFile = (
  objects: ObjectStore,
  request: FastifyRequest,
  reply: FastifyReply,
  { product, version }: Downloadable,
): FastifyReply => {
  const { size, sha256, fileName, objectKey } = version;
  const etag = `"${sha256}"`;
  const range = rangeOf(request, etag, size);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw domainError('RANGE_NOT_SATISFIABLE', `The file has ${size} bytes`);
  }
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  reply.status(range === 'whole' ? 200 : 206).headers({
    'content-type': product.listing.kind === 'n8n-workflow' ? 'application/json' : 'application/octet-stream',
    'content-length': end - start + 1,
    'content-disposition': attachment(fileName),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    etag,
  });
  if (range !== 'whole') reply.header('content-range', `bytes ${start}-${end}/${size}`);
  if (request.method === 'HEAD') return reply.send();
  return reply.send(Readable.from(objects.read(objectKey, { start, end }), { objectMode: false }));
};

/** Downloads: a short-lived link for a licence, and the bytes behind it. */
export const fileRoutes = (app: FastifyInstance, deps: FileDeps): void => {
  const { handling, objects, clock, keyedHash } = deps;
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.route({
    method: 'POST',
    url: '/downloads',
    config: { access: 'signedIn', contract: { refuses: ['NOT_FOUND', ...downloadRefusals] } },
    schema: {
      summary: "A link to a licence's file, good for five minutes",
      tags: ['Licences'],
      body: downloadBody,
      response: { 200: downloadAnswer },
    },
    handler: async (request, reply) => {
      const { licenseId, version: name } = request.body;
      const now = clock.now();
      const license = await ownLicense(handling, licenseId, signedIn(request.identity));
      const { version } = await downloadable(deps, license, name, rfc3339(now));
      const expiresAt = now + linkMs;
      const token = linkToken(keyedHash, {
        licenseId,
        productId: license.productId,
        version: version.version,
        expiresAt,
      });
      reply.header('cache-control', 'no-store');
      const base = deps.publicUrl?.replace(/\/+$/, '') ?? '';
      return {
        url: `${base}${filesPath}/${token}`,
        expiresAt: rfc3339(expiresAt),
        sha256: version.sha256,
        size: version.size,
      };
    },
  });

  typed.route({
    method: ['GET', 'HEAD'],
    url: '/files/:token',
    config: {
      access: 'anyone',
      contract: {
        honours: ['Range', 'If-Range'],
        sends: ['ETag', 'Content-Disposition', 'Content-Range', 'Accept-Ranges'],
        refuses: ['LINK_EXPIRED', 'RANGE_NOT_SATISFIABLE', ...downloadRefusals],
      },
    },
    schema: {
      summary: 'The bytes behind a link, whole or one range; the token is the only credential',
      tags: ['Licences'],
      params: tokenParams,
      response: { 200: fileBytes, 206: fileBytes },
    },
    handler: async (request, reply) => {
      const link = readLinkToken(keyedHash, request.params.token);
      if (link === undefined) throw domainError('NOT_FOUND');
      const now = clock.now();
      if (link.expiresAt <= now) throw domainError('LINK_EXPIRED');
      // Asked again: a refund, a dispute or a yank ends the links that are out.
      const license = await issuedLicense(handling, link.licenseId);
      return sendFile(objects, request, reply, await downloadable(deps, license, link.version, rfc3339(now)));
    },
  });
};
