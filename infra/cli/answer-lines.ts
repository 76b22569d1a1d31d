import { CommandFailed, exitCodes } from './exit-codes.ts';

const cutOff = (cause?: unknown): CommandFailed =>
  new CommandFailed(
    exitCodes.unreachable,
    'the connection broke before the answer was whole: run the same command again to continue',
    'CUT_OFF',
    { cause },
  );

/** Whole lines of an answer, as they come. @throws CommandFailed where the connection breaks */
export async function* answerLines(response: Response, signal: AbortSignal): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandFailed) throw error;
    throw cutOff(error);
  }
  if (rest !== '') throw cutOff();
}
