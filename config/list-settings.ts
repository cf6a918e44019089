import { isAbsolute, resolve } from 'node:path';
import { loadClientConfigProfile } from '@temporalio/envconfig';
import { maskAddress } from './mask-address.ts';
import { readingProfiles } from './temporal-settings.ts';
import { saidIn } from './said-in.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** One setting as it holds here, and who said so. */
export interface ListedSetting {
  /** Variable of the environment. */
  readonly name: string;
  /** Secrets are only said to be set, and those in an address are masked; null: not set, and there is no default. */
  readonly value: string | number | null;
  readonly origin: string;
}

export interface ListOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDir: string;
  /** What the command line says instead. */
  readonly flags: { readonly dataDir?: string; readonly address?: string };
}

const DEFAULT = 'default';
const FOLDERS: readonly string[] = [SETTINGS.dataDir.env, SETTINGS.promptsDir.env];

/** Every setting of Sightline, then where Temporal is, in the order in which they are looked for: flag, environment, profile, default. */
export function listSettings(options: ListOptions): readonly ListedSetting[] {
  const all = [
    ...Object.values<Setting>(SETTINGS).map((setting) => listOwn(setting, options)),
    ...listTemporal(options),
  ];
  return all.map(({ value, ...rest }) => ({ ...rest, value: typeof value === 'string' ? maskAddress(value) : value }));
}

function listOwn(setting: Setting, { env, workingDir, flags }: ListOptions): ListedSetting {
  const { env: name, default: ordinary, secret } = setting;
  if (name === SETTINGS.dataDir.env && flags.dataDir !== undefined) {
    return { name, value: resolve(workingDir, flags.dataDir), origin: 'flag --data-dir' };
  }
  const said = saidIn(env, setting);
  const origin = said === undefined ? DEFAULT : `environment ${said.name}`;
  if (secret && said) return { name, value: 'set, not shown', origin };
  const value = said?.text ?? ordinary;
  return {
    name,
    value: FOLDERS.includes(name) && !isAbsolute(String(value)) ? resolve(workingDir, String(value)) : value,
    origin,
  };
}

function listTemporal({ env, flags }: ListOptions): readonly ListedSetting[] {
  const named = env['TEMPORAL_PROFILE']?.trim();
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const profile = readingProfiles(() =>
    loadClientConfigProfile({ disableEnv: true, overrideEnvVars, ...(named ? { profile: named } : {}) }),
  );
  const find = (variable: string, inProfile: string | undefined, ordinary: string | null): ListedSetting => {
    const said = env[variable]?.trim();
    if (said) return { name: variable, value: said, origin: `environment ${variable}` };
    if (inProfile)
      return { name: variable, value: inProfile, origin: `profile ${named || 'default'} of the Temporal CLI` };
    return { name: variable, value: ordinary, origin: DEFAULT };
  };
  const address = find('TEMPORAL_ADDRESS', profile.address, 'localhost:7233');
  const key = find('TEMPORAL_API_KEY', profile.apiKey, null);
  return [
    flags.address === undefined ? address : { ...address, value: flags.address, origin: 'flag --address' },
    find('TEMPORAL_NAMESPACE', profile.namespace, 'default'),
    { ...key, value: key.value === null ? null : 'set, not shown' },
  ];
}
