import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { domainError } from '../../../domain/errors.ts';
import { type CommandRouteDeps, idempotencyKeyOf, ifRevisionOf, refuseRevision } from '../../http/command-route.ts';
import { signedIn } from '../../http/signed-in.ts';
import { vendorOf } from '../own-product.ts';
import { csvLines } from './csv-lines.ts';
import { type Importing, importLine, importResult } from './import-line.ts';
import { inOrder } from './in-order.ts';
import { type ImportLine, jsonLines } from './lines.ts';

/** Lines under way at once: enough to share the log's commits, and few enough for everybody else to get their turn. */
const width = 16;
const formats = ['application/x-ndjson', 'text/csv'] as const;

const bodyOf = ({ body }: FastifyRequest): Readable => {
  if (body instanceof Readable) return body;
  throw domainError('UNSUPPORTED_MEDIA_TYPE', `Send ${formats.join(' or ')}.`);
};

/** A body that is not read to its end stays open: closing it would cut the answer off. */
const linesOf = (body: Readable, contentType = ''): AsyncIterable<ImportLine> =>
  contentType.startsWith('text/csv') ? csvLines(body) : jsonLines(body.iterator({ destroyOnReturn: false }));

async function* resultsOf(
  body: Readable,
  lines: AsyncIterable<ImportLine>,
  importing: Importing,
): AsyncGenerator<string> {
  try {
    for await (const result of inOrder(lines, width, (line) => importLine(importing, line)))
      yield `${JSON.stringify(result)}\n`;
  } finally {
    body.resume(); // what is left is read past, so that the sender can hear the results
  }
}

/**
 * Registers the import in a scope of its own, whose bodies are left to be read line by line. Results go out as they come;
 * who does not read them is not read from. A sender who goes away leaves whole products behind, and no others.
 */
export const importRoute = (app: FastifyInstance, deps: CommandRouteDeps): void => {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...formats], (_request, payload, done) => done(null, payload));
    scope.route({
      method: 'POST',
      url: '/products/import',
      config: {
        access: { roles: ['vendor'] },
        contract: { honours: ['Idempotency-Key', 'If-Match'], refuses: ['VENDOR_STATE', 'REVISION_MISMATCH'] },
      },
      schema: {
        summary:
          'Draft many products: a body of `POST /products` (plus `ref`) a line, a result a line, in order, while it runs',
        description:
          'NDJSON, or CSV with a header (ref, title, summary, description, kind, category, tags and integrations parted by ";", amount, currency, licenseTiers as JSON, stock). At most 10,000 lines of 65,536 bytes. The same `ref`, or the same Idempotency-Key and line, finds the same product again.',
        tags: ['Products'],
        consumes: [...formats],
        querystring: z.strictObject({}),
        body: z.string(),
        response: {
          200: { description: 'A result a line', content: { 'application/x-ndjson': { schema: importResult } } },
        },
      },
      // The body's schema is for the API document; each line is checked by itself.
      validatorCompiler: (route) =>
        route.httpPart === 'body' ? () => true : validatorCompiler({ ...route, schema: z.strictObject({}) }),
      handler: async (request, reply) => {
        const identity = signedIn(request.identity);
        const key = idempotencyKeyOf(request);
        const body = bodyOf(request);
        const vendorId = await vendorOf(deps.handling, identity);
        refuseRevision(ifRevisionOf(request));
        const importing: Importing = {
          ...{ deps, identity, key, vendorId },
          correlationId: deps.random.uuid(),
          onFault: (error) => request.log.error({ err: error }, 'a line of an import failed'),
        };
        reply.header('cache-control', 'no-store').type('application/x-ndjson');
        return reply.send(Readable.from(resultsOf(body, linesOf(body, request.headers['content-type']), importing)));
      },
    });
  });
};
