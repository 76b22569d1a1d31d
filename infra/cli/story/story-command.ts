import type { Register } from '../command.ts';
export const storyCommand: Register = () => undefined;
