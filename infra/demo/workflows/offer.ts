export type VendorName = 'kontor' | 'fernleaf' | 'mara';

/** A product of the demo, as its vendor would write it, with the files of its versions. */
export type Offer = {
  /** Names it in the demo's own story. */
  readonly ref: string;
  readonly vendor: VendorName;
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly kind?: 'prompt-pack';
  /** In minor units of `currency`, by default that of the vendor. */
  readonly price: number;
  readonly currency?: string;
  /** What a licence for a team costs, where there is one. */
  readonly team?: number;
  readonly stock?: number;
  /** Oldest first. */
  readonly versions: readonly [OfferVersion, ...OfferVersion[]];
};

export type OfferVersion = {
  readonly version: string;
  readonly notes?: string;
  /** The text of the file. */
  readonly file: string;
};
