import type { Projection } from '../definition.ts';
import { also } from './also.ts';
import { type At, type DeskDocument, idOf, sinceOf, soon } from './document.ts';

/** A licence and the review on it: the review has to follow where they differ. */
const review =
  (change: Partial<NonNullable<DeskDocument['review']>>) =>
  (before: DeskDocument | undefined, event: At, id: string): DeskDocument | undefined => {
    const { standing, counted } = { standing: true, counted: null, ...before?.review, ...change };
    if (standing && counted === null) return undefined;
    const differs = counted !== null && counted !== standing;
    const owes = differs ? ['followLicense'] : [];
    return {
      ...{ process: 'review', key: id.slice('review:'.length), dueAt: differs ? soon(event) : null, owes },
      ...{ since: sinceOf(before, owes, event), review: { standing, counted } },
    };
  };

/** Licences with a review on them. */
export const withReviews = (desk: Projection<DeskDocument>): Projection<DeskDocument> => {
  const ofLicense = ({ data }: { readonly data: { readonly licenseId: string } }): readonly string[] => [
    data.licenseId,
  ];
  const published = also(desk, 'review', 'ReviewPublished', ofLicense, review({ counted: true }));
  const edited = also(
    published,
    'review',
    'ReviewEdited',
    ({ data }) => [...new Set([data.licenseId, data.previousLicenseId])],
    (before, event, id) =>
      review({ counted: id === idOf('review', event.data.licenseId) ? true : null })(before, event, id),
  );
  const excluded = also(edited, 'review', 'ReviewExcluded', ofLicense, review({ counted: false }));
  const restored = also(excluded, 'review', 'ReviewRestored', ofLicense, review({ counted: true }));
  const suspended = also(restored, 'review', 'LicenseSuspended', ofLicense, review({ standing: false }));
  const active = also(suspended, 'review', 'LicenseRestored', ofLicense, review({ standing: true }));
  return also(active, 'review', 'LicenseRevoked', ofLicense, review({ standing: false }));
};
