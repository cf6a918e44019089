import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { cleanText } from '../output/clean-text.ts';
import { findCandidates } from './candidates.ts';
import { FILES_LINE } from './shell-script.ts';

/** What the scripts of the shells ask; nobody types it. A Tab must never show an error, so there is none. */
export function addCompleteCommand(program: Command, io: CliIo): void {
  program.command('complete [words...]', { hidden: true }).action(async (given: readonly string[]) => {
    // PowerShell puts a space behind the word that is typed.
    const words = given.map((word, at) => (at === given.length - 1 ? word.trimEnd() : word));
    try {
      const { liveWords } = await import('./live-words.ts');
      const found = await findCandidates(program, words, liveWords(io, words));
      io.stdout.write(found === 'files' ? `${FILES_LINE}\n` : found.map(line).join(''));
    } catch {
      return;
    }
  });
}

function line({ value, description }: { readonly value: string; readonly description: string }): string {
  return `${value}\t${cleanText(description)}\n`;
}
