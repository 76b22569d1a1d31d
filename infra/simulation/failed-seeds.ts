/** Every seed that ever broke a rule, and what it found. They stay: `npm test` runs each of them. */
export const failedSeeds: readonly { readonly seed: number; readonly hours?: number; readonly found: string }[] = [];
