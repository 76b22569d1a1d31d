import { emailOf } from '../actors/client.ts';
import { Broken } from '../broken.ts';
import type { World } from '../world/world.ts';

/** Nothing of a person who was erased can be found anywhere: not in what is read, nor in what lies in the files, nor with a key in the log. */
export const checkErased = (world: World, erased: ReadonlyMap<string, string>): void => {
  const places = function* (): Generator<readonly [string, string]> {
    for (const { row, documents } of world.readModels.generations)
      for (const [id, { text }] of documents) yield [`${row.projection} generation ${row.generation} ${id}`, text];
    for (const text of world.readModels.remains) yield ['the remains in the file of the read models', text];
    for (const [key, { value }] of world.secrets) yield [`the secret ${key}`, Buffer.from(value).toString('latin1')];
  };
  // An erased person's place is kept, empty, so that no new key is made.
  for (const { kind, id, value } of world.secrets.values())
    if (kind === 'personKey' && erased.has(id) && value.byteLength > 0)
      throw new Broken('nothing erased can be read', `the key of ${id} is still there`);
  const wanted = [...erased.values()].flatMap((name) => [emailOf(name), `${name} of the market`]);
  if (wanted.length === 0) return;
  for (const [place, text] of places())
    for (const each of wanted)
      if (text.includes(each)) throw new Broken('nothing erased can be read', `${each} stands in ${place}`);
};
