import type { StatementContent } from '../../domain/vendor-account/events.ts';
import { projection } from '../definition.ts';

/** A month of a vendor's account, as it was frozen when the month was closed. */
export type StatementDocument = StatementContent & {
  /** `<vendorId>:<period>`. */
  readonly id: string;
  readonly issuedAt: string;
  readonly revision: string;
};

export const statementIdOf = (vendorId: string, period: string): string => `${vendorId}:${period}`;

/** Every statement that was issued. */
export const statements = projection<StatementDocument>('statements', {
  version: 1,
  sink: 'documents',
  indexes: [['vendorId', 'period']],
}).on(
  'StatementIssued',
  ({ data }) => statementIdOf(data.vendorId, data.period),
  (_, { data, metadata, revision }, id) => ({
    ...data,
    id,
    issuedAt: metadata.occurredAt,
    revision: revision.toString(),
  }),
);
