/**
 * Seeds that broke a rule and hold now, and what each found. They stay: `npm test` runs each of them. A change of how plans are drawn
 * makes other plans of the same seeds.
 */
export const failedSeeds: readonly { readonly seed: number; readonly hours?: number; readonly found: string }[] = [
  { seed: 2878784215, found: 'a check that counted sealed machines by their ciphers' },
  {
    seed: 2878784310,
    found: 'a worker that settled a dead letter after another one had moved the checkpoint failed at it for ever',
  },
  { seed: 259, found: 'a drop of a generation that the sink did not answer was never done' },
  {
    seed: 50685,
    found:
      'the generation before the kept one, whose drop after a switch the sink did not answer, stood still until the next start',
  },
  { seed: 305824, found: 'an operator could pay by hand what a dispute that was open took a moment later' },
  {
    seed: 502211,
    found:
      'a second worker that remembered the key of who was erased wrote them in clear into a read model that was built anew',
  },
  {
    seed: 400056,
    found:
      'a second worker switched readers to a generation that was behind the one they saw: an answer was older than asked for',
  },
  { seed: 505819, found: 'a check took an order that waits for a bank for one that has not ended' },
  { seed: 308781, found: 'the simulator let a worker outlive the power cut that lost what it had read' },
  { seed: 2878784247, found: 'the simulator took what is known in memory for a call that fails' },
];
