/**
 * Requests a minute of one vendor or administrator on what brings a product on sale: a catalogue comes product by product,
 * and two thousand of them should not wait for the gateway's own limit.
 */
export const catalogueRate = 3_000;
