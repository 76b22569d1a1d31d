import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DomainError, domainError } from '../../../domain/errors.ts';
import { productDecider } from '../../../domain/product/decider.ts';
import type { Identity } from '../../../infra/http/port.ts';
import type { CommandContext } from '../../handling/context.ts';
import { idFrom } from '../../handling/ids.ts';
import type { CommandRouteDeps } from '../../http/command-route.ts';
import { draftProduct } from '../draft-product.ts';
import { productBody } from '../product-body.ts';
import type { ImportLine } from './lines.ts';

const ref = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'is 1 to 255 visible characters');
const importBody = z.strictObject({ ...productBody.shape, ref: ref.exactOptional() });

/** What became of a line: `status` is what `POST /products` would have answered. */
export const importResult = z.object({
  line: z.number().int(),
  ref: z.string().optional(),
  status: z.number().int(),
  id: z.string().optional(),
  stream: z.string().optional(),
  revision: z.string().optional(),
  position: z.string().optional(),
  /** The same line was taken before: this is its product. */
  replayed: z.boolean().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ImportResult = z.infer<typeof importResult>;

export type Importing = {
  readonly deps: CommandRouteDeps;
  readonly vendorId: string;
  readonly identity: Identity;
  /** The request's Idempotency-Key. */
  readonly key: string | undefined;
  readonly correlationId: string;
  /** Told of a fault of ours, which the line's sender gets as INTERNAL. */
  readonly onFault: (error: unknown) => void;
};

const checked = (value: unknown): z.infer<typeof importBody> => {
  const parsed = importBody.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path: path || '(line)', message: issue.message }];
    return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, message: 'is not a known field' }));
  });
  throw domainError('INVALID_INPUT', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
};

const commandIdOf = ({ deps, identity, key }: Importing, line: number, named: string | undefined): string => {
  if (named !== undefined) return idFrom('import', identity.accountId, 'ref', named);
  return key === undefined ? deps.random.uuid() : idFrom('import', identity.accountId, 'key', key, line);
};

const refOf = (value: unknown): { readonly ref?: string } =>
  typeof value === 'object' && value !== null && 'ref' in value && ref.safeParse(value.ref).success
    ? { ref: String(value.ref) }
    : {};

const draft = async (importing: Importing, { line }: ImportLine, value: unknown): Promise<ImportResult> => {
  const { deps, vendorId, identity, correlationId } = importing;
  const { ref: named, ...listing } = checked(value);
  const commandId = commandIdOf(importing, line, named);
  const bodyHash = deps.keyedHash('request', createHash('sha256').update(JSON.stringify(listing)).digest('hex'));
  const context: CommandContext = {
    ...{ commandId, correlationId, actorId: identity.accountId, actorRole: identity.roles.at(-1) ?? 'anyone' },
    bodyHash: Buffer.from(bodyHash).toString('base64url'),
  };
  const productId = idFrom(commandId, 'creates');
  const handled =
    (await deps.handling.recorded(productDecider, productId, context)) ??
    (await draftProduct(deps, { productId, vendorId, listing }, context));
  const { stream, revision, position, replayed } = handled;
  return {
    ...{ line, ...(named === undefined ? {} : { ref: named }), status: 201, id: productId, stream },
    ...{ revision: revision.toString(), position: position.toString() },
    ...(replayed ? { replayed } : {}),
  };
};

/**
 * Drafts the product of one line. With a `ref`, or else with an Idempotency-Key and the line's number, the same line again
 * finds the same product; another body under the same name is refused. Never rejects: a refusal is a result.
 */
export const importLine = async (importing: Importing, of: ImportLine): Promise<ImportResult> => {
  const named = 'value' in of ? refOf(of.value) : {};
  try {
    if ('error' in of) throw of.error;
    return await draft(importing, of, of.value);
  } catch (error) {
    if (!(error instanceof DomainError)) importing.onFault(error);
    const { code, status, message, details } = error instanceof DomainError ? error : domainError('INTERNAL');
    const errors = details.errors === undefined ? {} : { errors: [...details.errors] };
    return { line: of.line, ...named, status, code, detail: message, ...errors };
  }
};
