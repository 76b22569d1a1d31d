/** How many reviews that count gave 1, 2, 3, 4 and 5 stars. */
export type Stars = readonly number[];
export const noStars: Stars = [0, 0, 0, 0, 0];

type Starred = { readonly stars: Stars };
type Review = { readonly data: { readonly stars: number } };
type Edit = { readonly data: { readonly stars: number; readonly previousStars: number } };

const changed = (stars: Stars, given: number, by: 1 | -1): Stars =>
  stars.map((count, index) => (index === given - 1 ? count + by : count));

/** Folds for whatever knows the stars of a product: ReviewPublished and ReviewRestored, ReviewExcluded, ReviewEdited. */
export const withReview = <Doc extends Starred>(doc: Doc | undefined, { data }: Review): Doc | undefined =>
  doc && { ...doc, stars: changed(doc.stars, data.stars, 1) };
export const withoutReview = <Doc extends Starred>(doc: Doc | undefined, { data }: Review): Doc | undefined =>
  doc && { ...doc, stars: changed(doc.stars, data.stars, -1) };
export const withEditedReview = <Doc extends Starred>(doc: Doc | undefined, { data }: Edit): Doc | undefined =>
  doc && { ...doc, stars: changed(changed(doc.stars, data.previousStars, -1), data.stars, 1) };

export const countOf = (stars: Stars): number => stars.reduce((sum, count) => sum + count, 0);

/** The mean, rounded half up to hundredths; 0 without reviews. */
export const averageOf = (stars: Stars): number => {
  const count = countOf(stars);
  const sum = stars.reduce((total, each, index) => total + each * (index + 1), 0);
  return count === 0 ? 0 : Math.floor((200 * sum + count) / (2 * count)) / 100;
};
