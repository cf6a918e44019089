import type { CliContext } from './cli-context.ts';

/** Says how to look at a page, in the words of this system. */
export function sayOpen(context: CliContext, path: string): void {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  context.say(`Open it in a browser: ${opener} ${context.word(context.showPath(path))}`);
}
