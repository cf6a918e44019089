import type { CliContext } from '../cli-context.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { cleanText } from '../output/clean-text.ts';
import type { Check } from './check.ts';

/** Prints what was looked at and says what to do: what to fix first, or `next` when nothing is in the way. */
export function reportChecks(context: CliContext, checks: readonly Check[], next: string): ExitCode {
  if (context.globals.json === true) context.printJson(checks);
  else for (const check of checks) printCheck(context, check);
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

const NAME_WIDTH = 24;
const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok      ',
  warning: 'warning ',
  problem: 'PROBLEM ',
  missing: 'missing ',
};

function printCheck(context: CliContext, { name, state, message, fix }: Check): void {
  if (context.globals.quiet === true) return state === 'ok' ? undefined : context.print(name);
  if (context.forScreenReader)
    return context.print(`${name}: ${state}, ${cleanText(message)}${fix ? ` Fix: ${fix}` : ''}`);
  const colour = state === 'ok' ? 'completed' : state === 'problem' ? 'failed' : 'paused';
  context.print(`${context.paint(colour, MARKS[state])}${name.padEnd(NAME_WIDTH)}${cleanText(message)}`);
  if (fix !== undefined) context.print(`${' '.repeat(MARKS.ok.length + NAME_WIDTH)}Fix: ${fix}`);
}

function countText(checks: readonly Check[]): string {
  const wrong = checks.filter(({ state }) => state === 'problem' || state === 'missing').length;
  return wrong === 1 ? 'One thing is not right.' : `${wrong} things are not right.`;
}
