import { asked, got, type Reply } from '../../local/test-door.ts';
import { signedIn, tokenOf } from '../../local/test-market.ts';
import { holds } from '../expecting.ts';
import { as, counted, type Errand, listOf, type Scene } from './errand.ts';

export const operator = 'operator';

const orderedOf = async (scene: Scene, name: string, verb: string): Promise<Reply> => {
  const token = await tokenOf(scene.door, operator);
  return asked(
    scene.door,
    'POST',
    `/operator/projections/${name}/${verb}`,
    undefined,
    as(scene, token, `${name}-${verb}`),
  );
};

/** Names of all projections. */
export const projectionNames = async ({ door }: Pick<Scene, 'door'>): Promise<readonly string[]> => {
  const { items } = await got(door, '/operator/projections', { token: await tokenOf(door, operator) });
  return listOf(items).map(({ name }) => String(name));
};

/** Rebuilds a read model, and in the middle of it may pause, go on, cancel, go back or drop what was kept. */
export const rebuilds: Errand = async (scene) => {
  const { n, random } = scene;
  const names = await projectionNames(scene);
  const name = names[Math.floor(random.fraction() * names.length)] ?? '';
  const more =
    [[], ['pause', 'resume'], ['cancel'], ['rollback'], ['drop'], ['pause', 'cancel', 'resume']][n % 6] ?? [];
  for (const verb of ['rebuild', ...more]) {
    const { status, text } = await orderedOf(scene, name, verb);
    // 409: it was done before that, or somebody else is at it.
    holds(status < 300 || status === 409, `${verb} of ${name} answered ${status} ${text}`);
    await scene.door.pause();
  }
  counted(scene, `rebuilt, ${more.join(' and ') || 'nothing more'}`);
};

/** From now on webhooks come late, doubled and out of order, or as they should. */
export const disturbsWebhooks: Errand = async (scene) => {
  const { door, n } = scene;
  const token = await signedIn(door, 'admin');
  const chaos = n % 2 === 0 ? { delayMs: 200, copies: 2, shuffle: true } : { delayMs: 0, copies: 1, shuffle: false };
  const { status, text } = await asked(door, 'POST', '/simulator/webhooks', chaos, { token });
  holds(status < 300, `POST /simulator/webhooks answered ${status} ${text}`);
  counted(scene, 'disturbed webhooks');
};
