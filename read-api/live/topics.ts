import type { DomainEvent } from '../../domain/catalogue.ts';
import { domainError } from '../../domain/errors.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore, StoredEvent } from '../../infra/event-store/port.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { ReadModels } from '../read-models.ts';
import { accountOf, isAdmin, ownVendor, vendorOf } from '../who-owns.ts';

export type TopicDeps = { readonly store: EventStore; readonly codec: EventCodec; readonly models: ReadModels };

/** Something that one may follow: which events of the log are about it, and under which id they are told. */
export type Topic = {
  readonly name: string;
  readonly categories: readonly string[];
  /** The id of what changed; undefined: the event is about something else. `event` is only there where it can be read. */
  readonly about: (stored: StoredEvent, event: Recorded<DomainEvent> | undefined) => string | undefined;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
const unknownTopic = (name: string) =>
  domainError('INVALID_INPUT', `topics: there is no topic ${name}`, {
    errors: [{ path: 'topics', message: `there is no topic ${name}` }],
  });

/** From the log, not from a read model: one may follow what one has ordered just now. */
const orderTopic = async (
  { store, codec, models }: TopicDeps,
  identity: Identity,
  name: string,
  id: string,
): Promise<Topic> => {
  const stream = `order-${id}`;
  for await (const page of store.readStream(stream, { limit: 1 })) {
    const [placed] = await codec.decode(page);
    if (placed?.ok !== true || placed.event.type !== 'OrderPlaced') break;
    const { customerId, lines } = placed.event.data;
    const vendor = await vendorOf(models, identity);
    const mayFollow =
      customerId === identity.accountId || isAdmin(identity) || lines.some(({ vendorId }) => vendorId === vendor?.id);
    if (!mayFollow) break;
    return { name, categories: ['order'], about: (stored) => (stored.stream === stream ? id : undefined) };
  }
  throw domainError('NOT_FOUND');
};

const operatorTopic = (identity: Identity, name: string, categories: readonly string[]): Topic => {
  if (!identity.roles.includes('operator')) throw domainError('FORBIDDEN');
  return { name, categories, about: ({ stream }) => idIn(stream) };
};

const topicNamed = async (deps: TopicDeps, identity: Identity, name: string): Promise<Topic> => {
  const [kind = '', id] = name.split(':', 2);
  if (name === 'projections') return operatorTopic(identity, name, ['projection', 'deadLetter']);
  if (name === 'sagas') return operatorTopic(identity, name, ['order', 'payment', 'vendorPayout']);
  if (name === 'notifications') {
    const mine = accountOf(identity);
    const isMine = (event: Recorded<DomainEvent> | undefined): boolean =>
      event !== undefined && 'accountId' in event.data && event.data.accountId === mine;
    return {
      name,
      categories: ['notification'],
      about: ({ stream }, event) => (isMine(event) ? idIn(stream) : undefined),
    };
  }
  if (id === undefined || !uuid.test(id)) throw unknownTopic(name);
  if (kind === 'order') return orderTopic(deps, identity, name, id);
  if (kind !== 'payouts') throw unknownTopic(name);
  const vendor = await ownVendor(deps.models, identity, id);
  return {
    name,
    categories: ['vendorPayout'],
    about: ({ stream }, event) =>
      event !== undefined && 'vendorId' in event.data && event.data.vendorId === vendor.id ? idIn(stream) : undefined,
  };
};

const mostTopics = 20;

/**
 * The topics of a comma-separated list, where the caller may follow all of them.
 * @throws DomainError INVALID_INPUT (unknown, too many), FORBIDDEN (another role's), NOT_FOUND (somebody else's)
 */
export const topicsOf = async (deps: TopicDeps, identity: Identity, list: string): Promise<readonly Topic[]> => {
  const names = [...new Set(list.split(','))];
  if (names.length > mostTopics) throw domainError('INVALID_INPUT', `topics: at most ${mostTopics}`);
  return Promise.all(names.map((name) => topicNamed(deps, identity, name)));
};
