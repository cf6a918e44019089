import type { Client } from '@temporalio/client';
import { createActivities, type Activities } from '../activities/index.ts';
import { createAnalyzers } from '../analyzers/index.ts';
import { imageLimitsOf } from '../config/image-limits.ts';
import { modelAccessOf } from '../config/model-access.ts';
import type { Settings } from '../config/settings.ts';
import type { Google } from '../google/open-google.ts';
import type { ImageDesks } from '../images/image-desks.ts';
import { loadPrompt } from '../prompts/load-prompt.ts';
import { createSources } from '../sources/index.ts';
import { resolveSourceSpec } from '../sources/resolve-source-spec.ts';
import type { StoreFinder } from '../stores/find-stores.ts';
import { makeRunPlace } from '../stores/index.ts';
import { createTemporalControl } from './temporal-control.ts';
import packageJson from '../package.json' with { type: 'json' };

export interface AssembleOptions {
  readonly settings: Settings;
  readonly client: Client;
  readonly images: ImageDesks;
  readonly google: Google;
  /** Relative paths in requests are resolved against this folder. */
  readonly workingDir: string;
  readonly stores: StoreFinder;
  readonly isStopping: () => boolean;
}

/** Puts the adapters that this worker has behind the ports that activities know. */
export function assembleActivities(options: AssembleOptions): Activities {
  const { settings, client, images, google, workingDir, stores, isStopping } = options;
  const sources = createSources(google);
  const analyzers = createAnalyzers(modelAccessOf(settings));
  return createActivities({
    stores,
    sources: { resolve: resolveSourceSpec, find: (spec) => sources.find(spec.kind) },
    analyzer: (kind) => analyzers.find(kind),
    analyzerKinds: analyzers.kinds,
    loadPrompt: (name) => loadPrompt(name, { userFolder: settings.promptsDir }),
    images,
    imageLimits: imageLimitsOf(settings),
    temporal: createTemporalControl(client),
    makePlace: makeRunPlace,
    workingDir,
    version: packageJson.version,
    isStopping,
  });
}
