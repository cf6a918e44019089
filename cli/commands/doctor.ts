import type { Sightline } from '../../client/main.ts';
import { SettingsError } from '../../config/parse-settings.ts';
import type { Settings } from '../../config/settings.ts';
import type { CliContext } from '../cli-context.ts';
import { defineCommand } from '../define-command.ts';
import { fine, type Check } from '../doctor/check.ts';
import { settingsOf } from '../open-worker.ts';
import { reportChecks } from '../doctor/report-checks.ts';

export const doctor = defineCommand<object>({
  usage: 'doctor',
  summary: 'Check everything that a run needs, and say how to fix what is missing',
  examples: ['doctor', 'doctor --json'],
  async run(context) {
    const checks = await examine(context);
    return reportChecks(context, checks, 'runs start <folder or CSV> --wait');
  },
});

async function examine(context: CliContext): Promise<readonly Check[]> {
  const { checkProgram } = await import('../doctor/check-program.ts');
  const { checkDataFolder, checkPrompts } = await import('../doctor/check-folders.ts');
  const { checkGoogleCloud } = await import('../doctor/check-google-cloud.ts');
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
  const { lanesOf } = await import('../../workers/lanes.ts');
  return [
    ...program,
    fine('settings', 'valid'),
    ...(await checkDataFolder(settings.dataDir)),
    ...(await checkPrompts(settings.promptsDir, context.command)),
    ...(await checkGoogleCloud(settings, context.command)),
    await checkTemporalProgram(context.io.env),
    ...(await checkTemporalServer(sightline.address, () => sightline.inspect(lanesOf(settings)), context.command)),
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
