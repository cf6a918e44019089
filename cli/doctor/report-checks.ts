import type { CliContext } from '../cli-context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { cleanText } from '../output/clean-text.ts';
import type { Check } from './check.ts';

/** Prints what was looked at and says what to do: what to fix first, or `next` when nothing is in the way. */
export function reportChecks(context: CliContext, checks: readonly Check[], next: string): ExitCode {
  if (context.globals.json === true) context.printJson(checks);
  else for (const check of checks) printCheck(context, check, nameWidthOf(checks));
  const first = checks.find(({ state }) => state !== 'ok' && state !== 'warning');
  if (first) context.say(`${countText(checks)} Fix first: ${first.name}.`);
  else context.next(next);
  return exitCodeOfChecks(checks);
}

/** 2 before everything else, 7 when only a server or worker is not running. */
export function exitCodeOfChecks(checks: readonly Check[]): ExitCode {
  if (checks.some(({ state }) => state === 'problem')) return EXIT_CODES.usage.code;
  return checks.some(({ state }) => state === 'missing') ? EXIT_CODES.noServer.code : EXIT_CODES.ok.code;
}

/** Of the column of names, with the room behind it. Only names of tables and buckets are longer than the widest. */
const NAME_WIDTH = { least: 24, most: 40 };
const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok      ',
  warning: 'warning ',
  problem: 'PROBLEM ',
  missing: 'missing ',
};

function nameWidthOf(checks: readonly Check[]): number {
  const longest = Math.max(0, ...checks.map(({ name }) => name.length));
  return Math.min(NAME_WIDTH.most, Math.max(NAME_WIDTH.least, longest + 2));
}

function printCheck(context: CliContext, { name, state, message, fix }: Check, nameWidth: number): void {
  if (context.globals.quiet === true) return state === 'ok' ? undefined : context.print(name);
  if (context.forScreenReader)
    return context.print(`${name}: ${state}, ${cleanText(message)}${fix ? ` Fix: ${fix}` : ''}`);
  const colour = state === 'ok' ? 'completed' : state === 'problem' ? 'failed' : 'paused';
  context.print(`${context.paint(colour, MARKS[state])}${name.padEnd(nameWidth - 2)}  ${cleanText(message)}`);
  if (fix !== undefined) context.print(`${' '.repeat(MARKS.ok.length + nameWidth)}Fix: ${fix}`);
}

function countText(checks: readonly Check[]): string {
  const wrong = checks.filter(({ state }) => state === 'problem' || state === 'missing').length;
  return wrong === 1 ? 'One thing is not right.' : `${wrong} things are not right.`;
}
