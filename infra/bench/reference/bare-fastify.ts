import { startHelper } from '../load/ask.ts';

export type BareFastify = {
  readonly port: number;
  /** From now on answers with these bodies, in turn. */
  answer(bodies: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

/** The reference of everything that answers by HTTP, in a process of its own. */
export const startBareFastify = async (): Promise<BareFastify> => {
  const helper = startHelper(new URL('bare-process.ts', import.meta.url));
  const { port } = await helper.next<{ readonly port: number }>();
  return {
    port,
    answer: async (bodies) => {
      await helper.ask({ bodies });
    },
    close: helper.close,
  };
};
