import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { WORKFLOWS } from '../../contracts/messages.ts';
import { temporaryFolder } from '../cli/temporal-server/stand-ins.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

test('all workflows fit into a bundle, under the names that people type', async () => {
  const { code } = await bundleWorkflowCode({ workflowsPath: join(ROOT, 'workflows/index.ts'), logger: silent });
  for (const name of Object.values(WORKFLOWS)) expect(code).toContain(name);
});

test('a workflow that reaches for the file system does not fit', async () => {
  await using folder = await temporaryFolder();
  await symlink(join(ROOT, 'node_modules'), join(folder.path, 'node_modules'));
  const workflowsPath = join(folder.path, 'index.ts');
  await writeFile(
    workflowsPath,
    "import { readFileSync } from 'node:fs';\nexport async function leak() { return readFileSync('x'); }\n",
  );
  await expect(bundleWorkflowCode({ workflowsPath, logger: silent })).rejects.toThrow(/Webpack finished with errors/);
});
