import type { FastifyPluginAsync } from 'fastify';
import { adminRoutes } from './admin/admin-routes.ts';
import { type AuditDeps, auditRoutes } from './audit/audit-routes.ts';
import { type DocumentAsOfDeps, documentAsOfRoute } from './audit/document-as-of-route.ts';
import { type ProofDeps, proofRoutes } from './audit/proof-routes.ts';
import { type AuditStoryDeps, auditStoryRoutes } from './audit/story-routes.ts';
import { type AuditStreamDeps, auditStreamRoutes } from './audit/stream-routes.ts';
import { cartRoute } from './cart/cart-route.ts';
import { type CatalogueDeps, catalogueRoutes } from './catalogue/catalogue-routes.ts';
import { couponRoutes } from './coupons/coupon-routes.ts';
import { type DemoDeps, signInsRoute } from './demo/sign-ins-route.ts';
import { type InvoiceDeps, invoiceRoutes } from './invoices/invoice-route.ts';
import { type LicenseDeps, licenseRoutes } from './licenses/license-routes.ts';
import { type LiveDeps, liveRoute } from './live/live-route.ts';
import { type MoneyDeps, moneyRoutes } from './money/money-routes.ts';
import { statsRoute } from './money/stats-route.ts';
import { type NotificationDeps, notificationRoutes } from './notifications/notification-routes.ts';
import { type DeadLetterDeps, deadLetterRoute } from './operator/dead-letter-route.ts';
import { type EngineDeps, engineRoute } from './operator/engine-route.ts';
import { type OperatorDeps, operatorRoutes } from './operator/operator-routes.ts';
import { type OutboxDeps, outboxRoute } from './operator/outbox-route.ts';
import { type SagaDeps, sagaRoute } from './operator/saga-route.ts';
import { disputeRoutes } from './orders/dispute-routes.ts';
import { type OrderDeps, orderRoutes } from './orders/order-routes.ts';
import { salesRoutes } from './orders/sales-routes.ts';
import { type ReviewDeps, reviewRoutes } from './reviews/review-routes.ts';

export type ReadApiDeps = AuditDeps &
  AuditStreamDeps &
  CatalogueDeps &
  InvoiceDeps &
  LicenseDeps &
  MoneyDeps &
  OperatorDeps &
  DeadLetterDeps &
  LiveDeps &
  EngineDeps &
  SagaDeps &
  OrderDeps &
  OutboxDeps &
  DemoDeps &
  ProofDeps &
  AuditStoryDeps &
  DocumentAsOfDeps &
  ReviewDeps &
  NotificationDeps;

/** All queries of the system, below `/api/v1`. */
export const readApiService =
  (deps: ReadApiDeps): FastifyPluginAsync =>
  async (app) => {
    await app.register(
      async (api) => {
        catalogueRoutes(api, deps);
        orderRoutes(api, deps);
        invoiceRoutes(api, deps);
        licenseRoutes(api, deps);
        couponRoutes(api, deps);
        moneyRoutes(api, deps);
        auditRoutes(api, deps);
        auditStreamRoutes(api, deps);
        operatorRoutes(api, deps);
        deadLetterRoute(api, deps);
        liveRoute(api, deps);
        engineRoute(api, deps);
        sagaRoute(api, deps);
        cartRoute(api, deps);
        disputeRoutes(api, deps);
        salesRoutes(api, deps);
        statsRoute(api, deps);
        outboxRoute(api, deps);
        signInsRoute(api, deps);
        proofRoutes(api, deps);
        auditStoryRoutes(api, deps);
        documentAsOfRoute(api, deps);
        reviewRoutes(api, deps);
        notificationRoutes(api, deps);
        adminRoutes(api, deps);
      },
      { prefix: '/api/v1' },
    );
  };
