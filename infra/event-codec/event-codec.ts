import { eventCatalogue } from '../../domain/catalogue.ts';
import type { EventTable } from '../../domain/event/definition.ts';
import type { Random } from '../random/port.ts';
import type { PersonKeys } from '../secrets/port.ts';
import { type DecodeMemory, decoder } from './decode.ts';
import { encoder } from './encode.ts';
import type { EventCodec } from './port.ts';

/** Category of the stream → type → definition. */
export type Catalogue = Readonly<Record<string, EventTable>>;

/** The codec of a catalogue (the real one unless a test brings its own). `memory`: what it has read it keeps there. */
export const eventCodec = (options: {
  readonly keys: PersonKeys;
  readonly random: Random;
  readonly catalogue?: Catalogue;
  readonly memory?: DecodeMemory | undefined;
}): EventCodec => {
  const { keys, random, catalogue = eventCatalogue, memory } = options;
  const definitions = new Map(
    Object.entries(catalogue).map(([category, table]) => [category, new Map(Object.entries(table))]),
  );
  return { encode: encoder(definitions, keys, random), decode: decoder(definitions, keys, memory) };
};
