import type { FastifyInstance } from 'fastify';
import { buildGateway } from '../../../gateway/app.ts';
import { readApiService } from '../../../read-api/service.ts';
import { writeSideService } from '../../../write-side/service.ts';
import type { DoorParts } from '../../local/system.ts';

const isCallable = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)) ||
  typeof value === 'function';

/** Stands for whatever `present` answers at the moment of each use. */
const standIn = <T extends object>(first: T, present: () => unknown): T =>
  new Proxy(first, {
    get: (_first, name) => {
      const now = present();
      return isCallable(now) ? Reflect.get(now, name) : undefined;
    },
    apply: (_first, self, given) => {
      const now = present();
      if (typeof now !== 'function') throw new Error('what the door was built with is gone');
      return Reflect.apply(now, self, given);
    },
  });

/** Dependencies whose members always are those of the process that lives now; plain values stay those of the first. */
const standIns = <D extends object>(first: D, present: () => object): D => {
  const members = new Map<string | symbol, unknown>();
  return new Proxy(first, {
    get: (target, name) => {
      if (members.has(name)) return members.get(name);
      const member: unknown = Reflect.get(target, name);
      const shown = isCallable(member) ? standIn(member, () => Reflect.get(present(), name)) : member;
      members.set(name, shown);
      return shown;
    },
  });
};

export type SharedDoor = DoorParts & {
  /** @throws Error before the first system was started */
  app(): FastifyInstance;
};

const nothing = async (): Promise<void> => {};

/**
 * The real door, built once for all systems of this thread: a hundred routes and their schemas take longer than a whole run. Each
 * system that starts puts what it is made of behind it.
 */
export const sharedDoor = (): SharedDoor => {
  type Behind = {
    readonly writeSide: Parameters<DoorParts['writeSide']>[0];
    readonly readApi: Parameters<DoorParts['readApi']>[0];
    readonly gateway: Parameters<DoorParts['gateway']>[0];
  };
  let coming: Partial<Behind> = {};
  let present: Behind | undefined;
  let app: FastifyInstance | undefined;
  const now = (): Behind => {
    if (present === undefined) throw new Error('nothing is behind the door yet');
    return present;
  };
  return {
    app: () => {
      if (app === undefined) throw new Error('the door was not built yet');
      return app;
    },
    writeSide: (deps) => {
      coming = { ...coming, writeSide: deps };
      return nothing;
    },
    readApi: (deps) => {
      coming = { ...coming, readApi: deps };
      return nothing;
    },
    metrics: () => ({
      answered: () => {},
      appended: () => {},
      exposition: async () => ({ contentType: 'text/plain', text: '' }),
    }),
    gateway: async (options) => {
      const { writeSide, readApi } = coming;
      if (writeSide === undefined || readApi === undefined) throw new Error('the services come before the door');
      present = { writeSide, readApi, gateway: options };
      if (app !== undefined) return app;
      const shown = standIns(options, () => now().gateway);
      const building = buildGateway({
        ...options,
        services: [
          writeSideService(standIns(writeSide, () => now().writeSide)),
          readApiService(standIns(readApi, () => now().readApi)),
          ...options.services.filter((service) => service !== nothing),
        ],
        authenticate: shown.authenticate,
        authenticateKey: shown.authenticateKey,
        browserSessions: shown.browserSessions,
        counters: shown.counters,
        clock: shown.clock,
        random: shown.random,
      });
      app = await building;
      return app;
    },
  };
};
