import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { withRequestLogs } from './request-log.ts';

const logged = () => {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, log };
};

it('says of a request what a child of the log would say', () => {
  const { lines, log } = logged();
  const request = withRequestLogs(log).child({ reqId: 'r-1' });
  request.error({ err: new Error('no') }, 'failed');
  request.child({ step: 2 }).info('went on');
  expect(lines).toEqual([
    { level: 50, reqId: 'r-1', err: expect.objectContaining({ message: 'no' }), msg: 'failed' },
    { level: 30, reqId: 'r-1', step: 2, msg: 'went on' },
  ]);
});

it('takes a level of its own', () => {
  const { lines, log } = logged();
  const request = withRequestLogs(log).child({ reqId: 'r-1' }, { level: 'error' });
  request.warn('not said');
  expect(request.level).toBe('error');
  expect(lines).toEqual([]);
});

it('makes no child for a request that says nothing', () => {
  const { log } = logged();
  const child = vi.spyOn(log, 'child');
  const request = withRequestLogs(log).child({ reqId: 'r-1' });
  expect(child).not.toHaveBeenCalled();
  request.info('now');
  request.info('and again');
  expect(child).toHaveBeenCalledOnce();
});
