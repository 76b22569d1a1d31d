import { fernleafTeams } from './fernleaf-teams.ts';
import { fernleafWatch } from './fernleaf-watch.ts';
import { kontorDocuments } from './kontor-documents.ts';
import { kontorMoney } from './kontor-money.ts';
import { maraContent } from './mara-content.ts';
import { maraSales } from './mara-sales.ts';
import { maraSupport } from './mara-support.ts';
import type { Offer } from './offer.ts';

/** One of each list in turn, so that every vendor begins on the first day. */
const inTurn = (lists: readonly (readonly Offer[])[]): readonly Offer[] =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, i) =>
    lists.flatMap((list) => list.slice(i, i + 1)),
  ).flat();

/** Everything that the demo's vendors offer, in the order in which it appears. */
export const offers: readonly Offer[] = inTurn([
  kontorDocuments,
  fernleafWatch,
  maraContent,
  kontorMoney,
  fernleafTeams,
  maraSales,
  maraSupport,
]);
