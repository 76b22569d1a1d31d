import fc from 'fast-check';

/**
 * Set-up file of the test runner: property-based tests draw from one seed, so that a run is repeatable and what they count as
 * reached is reached every time. `PROPERTY_SEED=random` looks at fresh cases (fast-check prints the seed of a failure), a number
 * goes back to them.
 */
const { PROPERTY_SEED: asked } = process.env;
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? 20261121 : Number(asked) });
