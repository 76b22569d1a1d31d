import { startHelper } from './ask.ts';
import type { LoadJob, LoadResult } from './load-job.ts';

export type Load = {
  /** @throws Error when a request was not answered with 2xx: a figure about refusals is none */
  run(job: LoadJob): Promise<LoadResult>;
  close(): Promise<void>;
};

/** The process that the load comes from. */
export const startLoad = (): Load => {
  const helper = startHelper(new URL('load-process.ts', import.meta.url));
  return {
    run: async (job) => {
      const { result } = await helper.ask<{ readonly result: LoadResult }>(job);
      if (result.failed > 0) throw new Error(`${result.failed} of ${result.requests} failed: ${result.firstFailure}`);
      return result;
    },
    close: helper.close,
  };
};
