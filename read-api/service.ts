import type { FastifyPluginAsync } from 'fastify';
import { adminRoutes } from './admin/admin-routes.ts';
import { type AuditDeps, auditRoutes } from './audit/audit-routes.ts';
import { type AuditStreamDeps, auditStreamRoutes } from './audit/stream-routes.ts';
import { type CatalogueDeps, catalogueRoutes } from './catalogue/catalogue-routes.ts';
import { couponRoutes } from './coupons/coupon-routes.ts';
import { type LicenseDeps, licenseRoutes } from './licenses/license-routes.ts';
import { type MoneyDeps, moneyRoutes } from './money/money-routes.ts';
import { type OperatorDeps, operatorRoutes } from './operator/operator-routes.ts';
import { type OrderDeps, orderRoutes } from './orders/order-routes.ts';

export type ReadApiDeps = AuditDeps &
  AuditStreamDeps &
  CatalogueDeps &
  LicenseDeps &
  MoneyDeps &
  OperatorDeps &
  OrderDeps;

/** All queries of the system, below `/api/v1`. */
export const readApiService =
  (deps: ReadApiDeps): FastifyPluginAsync =>
  async (app) => {
    await app.register(
      async (api) => {
        catalogueRoutes(api, deps);
        orderRoutes(api, deps);
        licenseRoutes(api, deps);
        couponRoutes(api, deps);
        moneyRoutes(api, deps);
        auditRoutes(api, deps);
        auditStreamRoutes(api, deps);
        operatorRoutes(api, deps);
        adminRoutes(api, deps);
      },
      { prefix: '/api/v1' },
    );
  };
