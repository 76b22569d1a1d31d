import type { RefundLine } from '../order/events.ts';
import { type LicenseOfLine, netOfLine, type PlacedOrder } from '../order/state.ts';
import type { LicenseToFollow, VendorPart } from './steps.ts';

/** The vendors of an order, each once, in the order of its lines. */
export const vendorsOf = (order: PlacedOrder): readonly string[] => [
  ...new Set(order.lines.map((line) => line.vendorId)),
];

/** What each vendor sold with the order. */
export const salesByVendor = (order: PlacedOrder): readonly VendorPart[] =>
  vendorsOf(order).map((vendorId) => ({
    vendorId,
    lines: order.lines
      .filter((line) => line.vendorId === vendorId)
      .map((line) => ({ lineId: line.lineId, net: netOfLine(line), commission: line.commission })),
  }));

/** What a refund takes from each vendor that it touches. */
export const refundByVendor = (order: PlacedOrder, parts: readonly RefundLine[]): readonly VendorPart[] =>
  salesByVendor(order)
    .map(({ vendorId, lines }) => ({
      vendorId,
      lines: parts
        .filter((part) => lines.some((line) => line.lineId === part.lineId))
        .map(({ lineId, net, commission }) => ({ lineId, net, commission })),
    }))
    .filter((part) => part.lines.length > 0);

/** The licences of some lines; without ids where the order was never fulfilled. */
export const licencesOf = (order: PlacedOrder, lineIds: readonly string[]): readonly LicenseToFollow[] =>
  lineIds.map((lineId) => licenceOf(order.licenses, lineId));

const licenceOf = (licenses: readonly LicenseOfLine[] | undefined, lineId: string): LicenseToFollow =>
  licenses?.find((license) => license.lineId === lineId) ?? { lineId };
