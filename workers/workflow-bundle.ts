import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The bundle of all workflows, built once per version of their sources and of the SDK: a worker that restarts after a crash
 * takes it from `cacheDir` instead of building for two seconds.
 */
export async function workflowBundle(cacheDir: string, logger?: Logger): Promise<WorkflowBundleWithSourceMap> {
  const path = join(cacheDir, `workflows-${await sourcesDigest()}.js`);
  const cached = await readFile(path, 'utf8').catch(() => undefined);
  if (cached !== undefined) return { code: cached, sourceMap: '' };
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows/index.ts'),
    ...(logger ? { logger } : {}),
  });
  await mkdir(cacheDir, { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, bundle.code);
  await rename(temporary, path);
  return bundle;
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256').update(sdkVersion());
  for (const folder of ['contracts', 'workflows']) {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    for (const name of names.filter((file) => file.endsWith('.ts')).toSorted()) {
      hash.update(`\0${folder}/${name}\0`).update(await readFile(join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 20);
}

function sdkVersion(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json') as { version: string };
  return version;
}
