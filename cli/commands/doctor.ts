import type { Sightline } from '../../client/main.ts';
import { SettingsError } from '../../config/parse-settings.ts';
import type { Settings } from '../../config/settings.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { fine, type Check } from '../doctor/check.ts';
import { EXIT_CODES, type ExitCode } from '../exit-codes.ts';
import { settingsOf } from '../open-worker.ts';
import { cleanText } from '../output/clean-text.ts';

export const doctor = defineCommand<object>({
  usage: 'doctor',
  summary: 'Check everything that a run needs, and say how to fix what is missing',
  examples: ['doctor', 'doctor --json'],
  async run(context) {
    const checks = await examine(context);
    if (context.globals.json === true) context.printJson(checks);
    else for (const check of checks) printCheck(context, check);
    const first = checks.find(({ state }) => state !== 'ok' && state !== 'warning');
    if (first) context.say(`${countText(checks)} Fix first: ${first.name}.`);
    else context.next('runs start <folder or CSV> --wait');
    return exitCodeOfChecks(checks);
  },
});

/** 2 before everything else, 7 when only a server or worker is not running. */
export function exitCodeOfChecks(checks: readonly Check[]): ExitCode {
  if (checks.some(({ state }) => state === 'problem')) return EXIT_CODES.usage.code;
  return checks.some(({ state }) => state === 'missing') ? EXIT_CODES.noServer.code : EXIT_CODES.ok.code;
}

async function examine(context: CliContext): Promise<readonly Check[]> {
  const { checkProgram } = await import('../doctor/check-program.ts');
  const { checkDataFolder, checkPrompts } = await import('../doctor/check-folders.ts');
  const { checkTemporalProgram, checkTemporalServer } = await import('../doctor/check-temporal.ts');
  const program = await checkProgram();
  const read = await readSettings(context);
  if (read instanceof SettingsError) {
    const fix = 'Correct or unset it; docs/settings.md lists what each takes';
    const problems = read.message.split('\n');
    return [...program, ...problems.map((message): Check => ({ name: 'settings', state: 'problem', message, fix }))];
  }
  const { settings } = read;
  await using sightline = read.sightline;
  const { LANES } = await import('../../workers/start-worker.ts');
  return [
    ...program,
    fine('settings', 'valid'),
    ...(await checkDataFolder(settings.dataDir)),
    ...(await checkPrompts(settings.promptsDir, context.command)),
    await checkTemporalProgram(context.io.env),
    ...(await checkTemporalServer(sightline.address, () => sightline.inspect(LANES), context.command)),
  ];
}

interface ReadSettings {
  readonly settings: Settings;
  /** Connects only when it is asked something. */
  readonly sightline: Sightline;
}

async function readSettings(context: CliContext): Promise<ReadSettings | SettingsError> {
  try {
    return { settings: settingsOf(context), sightline: await context.connect() };
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
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
