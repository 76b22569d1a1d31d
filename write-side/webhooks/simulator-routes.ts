import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** How the simulated provider is to send its webhooks from now on. */
export type WebhookChaos = { readonly delayMs: number; readonly copies: number; readonly shuffle: boolean };

const chaosBody = z.strictObject({
  delayMs: z.number().int().min(0).max(86_400_000).default(0),
  copies: z.number().int().min(1).max(100).default(1),
  shuffle: z.boolean().default(false),
});

/** `POST /simulator/webhooks`; not registered with a real provider, so it answers 404 there. */
export const simulatorRoutes = (
  app: FastifyInstance,
  deps: { readonly setWebhookChaos: (chaos: WebhookChaos) => void },
): void => {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/simulator/webhooks',
    {
      config: { access: { roles: ['admin'] } },
      schema: {
        summary: "Make the simulated provider's webhooks late, doubled and out of order",
        tags: ['Webhooks'],
        querystring: z.strictObject({}),
        body: chaosBody,
        response: { 200: chaosBody },
      },
    },
    async ({ body }) => {
      deps.setWebhookChaos(body);
      return body;
    },
  );
};
