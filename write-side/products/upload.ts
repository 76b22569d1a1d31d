import type { FastifyInstance, FastifyRequest } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DomainError, domainError } from '../../domain/errors.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { type KnownProduct, type Product, versionOf } from '../../domain/product/product.ts';
import { isSemver } from '../../domain/product/semver.ts';
import type { ObjectInfo, ObjectStore } from '../../infra/objects/port.ts';
import type { Handled } from '../handling/handling.ts';
import {
  type CommandRouteDeps,
  commandAnswer,
  commandContract,
  contextOf,
  idempotencyKeyOf,
  idParams,
  ifRevisionOf,
  sendHandled,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { catalogueRate } from './catalogue-rate.ts';
import { readForm } from './multipart.ts';
import { ownProduct } from './own-product.ts';
import { type FileLimits, storeVersionFile } from './version-file.ts';

export type UploadDeps = CommandRouteDeps & {
  readonly objects: ObjectStore;
  /** Default 20 MiB, workflows 5 MiB. */
  readonly fileLimits?: FileLimits;
};

const defaultLimits: FileLimits = { fileBytes: 20 * 1_048_576, workflowBytes: 5 * 1_048_576 };
const maxFieldBytes = 20_000;
/** What boundaries, part headers and the text fields may add to the file. */
const overheadBytes = 65_536;

const versionFields = z.strictObject({
  version: z.string().refine(isSemver, 'must be a semantic version like 1.0.0'),
  notes: z.string().trim().max(5_000).exactOptional(),
});
type VersionFields = z.infer<typeof versionFields>;
const uploadForm = z.strictObject({ file: z.file(), ...versionFields.shape });

const uploadRefusals = [
  'INVALID_FILE',
  'VERSION_EXISTS',
  'VERSION_STATE',
  'VERSION_NOT_NEWER',
  'TOO_MANY_VERSIONS',
  'PRODUCT_RETIRED',
] as const;

type StoredFile = { readonly object: ObjectInfo; readonly fileName: string };

const checkedFields = (fields: Readonly<Record<string, string>>, file: StoredFile | undefined) => {
  const parsed = versionFields.safeParse({ ...fields });
  const issues = parsed.error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ?? [];
  const errors = [...issues, ...(file === undefined ? [{ path: 'file', message: 'is missing' }] : [])];
  if (!parsed.success || file === undefined) {
    throw domainError('INVALID_INPUT', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
  }
  return { fields: parsed.data, file };
};

const multipartType = (request: FastifyRequest): string => {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType))
    throw domainError('UNSUPPORTED_MEDIA_TYPE', 'Send multipart/form-data.');
  return contentType;
};

/**
 * `POST /products/{id}/versions`: the file goes straight into the object store while it comes. Whatever happens, only an
 * object that a version of the product names is left there; when the outcome of the append is unknown, it is left too.
 */
const uploadVersion = (deps: UploadDeps) => {
  const { handling, objects, random } = deps;
  const limits = deps.fileLimits ?? defaultLimits;

  const receive = async (request: FastifyRequest, { listing }: KnownProduct) => {
    const contentType = multipartType(request);
    if (Number(request.headers['content-length'] ?? 0) > limits.fileBytes + overheadBytes) {
      throw domainError('PAYLOAD_TOO_LARGE', undefined, { maxBytes: limits.fileBytes });
    }
    const attempt = random.uuid();
    const discard = ({ object }: StoredFile): Promise<void> => objects.remove(object.key);
    const form = await readForm<StoredFile>(request.raw, contentType, {
      textFields: ['version', 'notes'],
      fileField: 'file',
      maxFieldBytes,
      receive: async (content, fileName) => ({
        object: await storeVersionFile(objects, { kind: listing.kind, attempt, limits }, content),
        fileName,
      }),
      discard,
    });
    try {
      return checkedFields(form.fields, form.file);
    } catch (error) {
      if (form.file !== undefined) await discard(form.file);
      throw error;
    }
  };

  const record = async (
    request: FastifyRequest,
    productId: string,
    { version, notes }: VersionFields,
    { object, fileName }: StoredFile,
  ): Promise<Handled<Product>> => {
    const { key: objectKey, sha256, size } = object;
    const { context } = contextOf(deps, request, { version, notes, sha256 });
    const add = {
      type: 'AddVersion',
      version,
      objectKey,
      sha256,
      size,
      fileName,
      ...(notes ? { notes } : {}),
    } as const;
    try {
      const handled = await handling.handle(productDecider, productId, add, context, {
        ifRevision: ifRevisionOf(request),
      });
      const recorded = handled.state.status === 'none' ? undefined : versionOf(handled.state, version);
      if (recorded?.objectKey !== objectKey) await objects.remove(objectKey); // a repeat: the first one's bytes are kept
      return handled;
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'UNAVAILABLE') await objects.remove(objectKey);
      throw error;
    }
  };

  return async (request: FastifyRequest, productId: string): Promise<Handled<Product>> => {
    idempotencyKeyOf(request);
    ifRevisionOf(request);
    const { product } = await ownProduct(handling, productId, signedIn(request.identity));
    const { fields, file } = await receive(request, product);
    return record(request, productId, fields, file);
  };
};

/** Registers the upload in a scope of its own, which takes multipart forms and nothing else. */
export const uploadRoute = (app: FastifyInstance, deps: UploadDeps): void => {
  const upload = uploadVersion(deps);
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Left unread: the handler takes the body as a stream.
    scope.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: 'POST',
      url: '/products/:id/versions',
      config: {
        access: { roles: ['vendor'] },
        ratePerMinute: catalogueRate,
        contract: commandContract(uploadRefusals),
      },
      schema: {
        summary: 'Upload a version; it is scanned before it can be on sale',
        tags: ['Products'],
        consumes: ['multipart/form-data'],
        params: idParams,
        body: uploadForm,
        response: { 202: commandAnswer },
      },
      // The body's schema describes the form; the form is checked where it is read.
      validatorCompiler: (route) =>
        route.httpPart === 'body'
          ? () => true
          : validatorCompiler({ ...route, schema: route.httpPart === 'querystring' ? z.strictObject({}) : idParams }),
      handler: async (request, reply) => {
        const { id } = request.params;
        return sendHandled(reply, 202, id, await upload(request, id));
      },
    });
  });
};
