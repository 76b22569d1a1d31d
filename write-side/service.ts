import type { FastifyPluginAsync } from 'fastify';
import type { PaymentProvider } from '../infra/payments/port.ts';
import type { AccessTokens } from '../infra/secrets/port.ts';
import { jwksRoute } from './accounts/jwks-route.ts';
import { type AccountDeps, accountRoutes } from './accounts/routes.ts';
import { type UnsealDeps, unsealRoute } from './audit/unseal-route.ts';
import { cartRoutes } from './cart/routes.ts';
import { type CouponDeps, couponRoutes } from './coupons/routes.ts';
import { eraseRoute } from './erasure/erase-route.ts';
import type { NotBusyDeps } from './erasure/not-busy.ts';
import { type FileDeps, fileRoutes } from './files/routes.ts';
import { type LicenseDeps, licenseRoutes } from './licenses/routes.ts';
import { notificationRoutes } from './notifications/routes.ts';
import { type DeadLetterRouteDeps, deadLetterRoutes } from './operator/dead-letter-routes.ts';
import { type ProjectionRouteDeps, projectionRoutes } from './operator/projection-routes.ts';
import { type SagaRouteDeps, sagaRoutes } from './operator/saga-routes.ts';
import { claimRoutes } from './orders/claim-routes.ts';
import { quoteRoute } from './orders/quote.ts';
import { type OrderDeps, orderRoutes } from './orders/routes.ts';
import { type PayoutDeps, payoutRoutes } from './payouts/routes.ts';
import { importRoute } from './products/import/import-route.ts';
import { type ProductDeps, productRoutes } from './products/routes.ts';
import { type UploadDeps, uploadRoute } from './products/upload.ts';
import { type ReviewDeps, reviewRoutes } from './reviews/routes.ts';
import { vendorRoutes } from './vendors/routes.ts';
import { paymentWebhooks } from './webhooks/payment-webhooks.ts';
import { simulatorRoutes } from './webhooks/simulator-routes.ts';

export type WriteSideDeps = AccountDeps &
  ProductDeps &
  UploadDeps &
  FileDeps &
  LicenseDeps &
  CouponDeps &
  OrderDeps &
  PayoutDeps &
  ProjectionRouteDeps &
  DeadLetterRouteDeps &
  SagaRouteDeps &
  NotBusyDeps &
  UnsealDeps &
  ReviewDeps & {
    readonly tokens: AccessTokens;
    readonly provider: PaymentProvider;
    /** Public keys (JWK) that signed heads of the audit chain are checked with. */
    readonly auditKeys: readonly Record<string, unknown>[];
    /** Present with the simulated provider only. */
    readonly setWebhookChaos: Parameters<typeof simulatorRoutes>[1]['setWebhookChaos'] | undefined;
  };

/** All commands of the system, below `/api/v1`. */
export const writeSideService =
  (deps: WriteSideDeps): FastifyPluginAsync =>
  async (app) => {
    jwksRoute(app, deps.tokens, deps.auditKeys);
    await app.register(
      async (api) => {
        accountRoutes(api, deps);
        eraseRoute(api, deps);
        vendorRoutes(api, deps);
        productRoutes(api, deps);
        uploadRoute(api, deps);
        importRoute(api, deps);
        couponRoutes(api, deps);
        orderRoutes(api, deps);
        quoteRoute(api, deps);
        claimRoutes(api, deps);
        cartRoutes(api, deps);
        licenseRoutes(api, deps);
        fileRoutes(api, deps);
        payoutRoutes(api, deps);
        projectionRoutes(api, deps);
        deadLetterRoutes(api, deps);
        sagaRoutes(api, deps);
        unsealRoute(api, deps);
        reviewRoutes(api, deps);
        notificationRoutes(api, deps);
        paymentWebhooks(api, deps);
        if (deps.setWebhookChaos !== undefined) simulatorRoutes(api, { setWebhookChaos: deps.setWebhookChaos });
      },
      { prefix: '/api/v1' },
    );
  };
