import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { geminiSettingsSchema, vertexAiSettingsSchema } from '../analyzers/gemini/gemini-settings.ts';
import { EXIT_CODES } from '../cli/exit-codes.ts';
import { flagOf } from '../cli/flag-of.ts';
import { SETTINGS, type Setting } from '../config/settings.ts';
import { LIMITS, type LimitRule } from '../contracts/limits.ts';
import { PICTURE_SETTINGS } from '../images/picture-changes.ts';

/** Where the page stands. */
export const SETTINGS_PAGE = fileURLToPath(new URL('../docs/settings.md', import.meta.url));

/** The page of everything that can be set, made of the tables that the program itself uses. */
export async function settingsPage(): Promise<string> {
  const text = [
    '# Settings, limits and exit codes',
    'Written by `node scripts/write-settings-docs.ts` from the tables in the code; a test fails when they differ.',
    '## Settings of workers and commands',
    'Read from the environment by `config/parse-settings.ts`; all wrong values are reported at once, with exit code 2. Relative paths start from the working folder. `--data-dir` goes before `SIGHTLINE_DATA_DIR`, `--health-port` before `SIGHTLINE_HEALTH_PORT`.',
    table(['Variable', 'Default', 'Values', 'What it does'], Object.values<Setting>(SETTINGS).map(settingCells)),
    'The default of `SIGHTLINE_LOG_LEVEL` is `error` under `sightline dev`, and `silent` under `sightline demo`; that of `SIGHTLINE_GRACE_MS` is 5000 under `dev` and 1000 under `demo`.',
    '## Limits of a run',
    'Given with the run, in `limits` of the request or as options of `runs start`, and frozen at its start.',
    table(['Field', 'Option', 'Default', 'Values', 'What it does'], Object.entries<LimitRule>(LIMITS).map(limitCells)),
    '## Settings of the analyzers `gemini` and `vertexai`',
    'Given with the run, in `analyzer.settings` of the request or as `--setting name=value`, frozen at its start, and kept in each row; beside [those of every analyzer that looks at pictures](images.md#smaller-pictures-for-the-analyzer).',
    table(['Setting', 'Default', 'Values', 'Analyzers', 'What it does'], modelSettings().map(modelCells)),
    '## Temporal',
    TEMPORAL,
    '## Exit codes of `sightline`',
    table(
      ['Code', 'Meaning'],
      Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]),
    ),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(SETTINGS_PAGE)), parser: 'markdown' });
}

const TEMPORAL = `
| Variable | What it does |
| --- | --- |
| \`TEMPORAL_ADDRESS\` | Temporal server, \`host:port\`; default \`localhost:7233\`. Where it is set, nothing starts a server of its own, except the tests. \`--address\` goes before it. |
| \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_API_KEY\`, \`TEMPORAL_TLS_...\`, \`TEMPORAL_PROFILE\` | As for the Temporal CLI, with its configuration file. |
| \`SIGHTLINE_TEMPORAL_DOWNLOAD_URL\` | Where set-up downloads the Temporal program: a folder with the files of the official release, or \`off\`. Default: the official release. |
| \`POSTGRES_PASSWORD\`, \`TEMPORAL_BIND\`, \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_RETENTION\` | Of \`docker-compose.temporal.yml\`: password of the database (no default), address that the ports are opened on (\`127.0.0.1\`), namespace (\`default\`), how long ended workflows are kept (\`168h\`). |
`.trim();

function settingCells(setting: Setting): readonly string[] {
  const { env, also, default: value, values, form, min, max, unit, description } = setting;
  return [
    `\`${env}\``,
    value === '' ? '' : `\`${value}\``,
    `${form?.name ?? valuesText(values, min, max, unit)}${also === undefined ? '' : `; or in \`${also}\``}`,
    description,
  ];
}

function limitCells([name, { default: value, min, max, unit, description }]: [string, LimitRule]): readonly string[] {
  return [`\`${name}\``, `\`${flagOf(name)}\``, String(value), valuesText(undefined, min, max, unit), description];
}

interface ModelSetting {
  readonly name: string;
  readonly schema: z.core.JSONSchema.BaseSchema;
}

function modelSettings(): readonly ModelSetting[] {
  const { properties = {} } = z.toJSONSchema(geminiSettingsSchema);
  return Object.entries(properties)
    .filter(([name]) => !(name in PICTURE_SETTINGS))
    .map(([name, schema]) => ({ name, schema: schema as z.core.JSONSchema.BaseSchema }));
}

function modelCells({ name, schema }: ModelSetting): readonly string[] {
  const both = name in vertexAiSettingsSchema.shape;
  return [
    `\`${name}\``,
    schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``,
    valuesText(schema.enum as readonly string[] | undefined, schema.minimum, schema.maximum),
    both ? '`gemini`, `vertexai`' : '`gemini`',
    schema.description ?? '',
  ];
}

function valuesText(values: readonly string[] | undefined, min?: number, max?: number, unit?: string): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (min === undefined || max === undefined) return 'a path';
  return `${min} to ${max}${unit === undefined || unit === 'port' ? '' : ` ${unit}`}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(SETTINGS_PAGE, await settingsPage());
