import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import { createProgram } from '../../cli/run-cli.ts';
import { DOC_PAGES, docCommands, shellWords } from '../support/doc-commands.ts';
import { recordedIo } from '../support/recorded-io.ts';

/** The program with commands that do nothing. */
function inertProgram(): Command {
  const program = createProgram(recordedIo(), () => undefined);
  const still = (command: Command): void => {
    if (command.commands.length === 0) command.action(() => undefined);
    for (const child of command.commands) still(child);
  };
  still(program);
  return program;
}

const parse = (argv: readonly string[]) => inertProgram().parseAsync(argv, { from: 'user' });

describe.each(DOC_PAGES)('%s', (page) => {
  test('shows only command lines that are right', async () => {
    for (const { line, argv } of docCommands(page)) {
      await expect(parse(argv), line).resolves.toBeDefined();
    }
  });
});

test.each(COMMANDS.flatMap(({ examples }) => examples))('the help shows a right command line: %s', async (example) => {
  await expect(parse(shellWords(example))).resolves.toBeDefined();
});

test('command lines are found at all, and a wrong one is noticed', async () => {
  expect(DOC_PAGES.flatMap(docCommands).length).toBeGreaterThan(20);
  await expect(parse(['runs', 'strat', 'x'])).rejects.toThrow("unknown command 'strat'");
  await expect(parse(['runs', 'list', '--limt', '1'])).rejects.toThrow("unknown option '--limt'");
  await expect(parse(['results', 'get', 'a-run'])).rejects.toThrow("missing required argument 'asset'");
});
