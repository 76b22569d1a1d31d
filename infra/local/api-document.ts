import { z } from 'zod';
import type { TestSystem } from './test-system.ts';

/** The JSON schema of the API document, as far as requests are made from it. */
export type JsonSchema = {
  readonly type?: string | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly format?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
};

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z
    .object({
      type: z.union([z.string(), z.array(z.string())]).optional(),
      anyOf: z.array(jsonSchema).optional(),
      properties: z.record(z.string(), jsonSchema).optional(),
      required: z.array(z.string()).optional(),
      // `false`: nothing after the items of a tuple.
      items: z.union([jsonSchema, z.literal(false).transform(() => undefined)]).optional(),
      enum: z.array(z.unknown()).optional(),
      format: z.string().optional(),
      maxLength: z.number().optional(),
      maxItems: z.number().optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    })
    .transform(({ type, ...rest }) =>
      Array.isArray(type) ? { anyOf: type.map((one) => ({ ...rest, type: one })) } : { ...rest, type },
    ),
);

const media = z.record(z.string(), z.object({ schema: jsonSchema.optional() }));
const operation = z.object({
  tags: z.array(z.string()).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: jsonSchema }))
    .default([]),
  requestBody: z.object({ content: media }).optional(),
  responses: z.record(z.string(), z.object({ content: media.optional() })),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

export type Operation = z.infer<typeof operation> & {
  /** As in the document, the base path cut off: `POST /orders/{id}/cancel`. */
  readonly key: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its base path. */
  readonly path: string;
};

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Every operation of the system's own `/openapi.json`; `HEAD` is what `GET` is. */
export const operationsOf = async ({ app }: TestSystem): Promise<readonly Operation[]> => {
  const { paths } = document.parse((await app.inject('/openapi.json')).json());
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([verb, described]) => {
      const method = methods.find((name) => name.toLowerCase() === verb);
      return method === undefined
        ? []
        : [{ ...described, method, path, key: `${method} ${path.replace('/api/v1', '')}` }];
    }),
  );
};
