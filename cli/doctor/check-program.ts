import packageJson from '../../package.json' with { type: 'json' };
import { reasonOf } from '../reason-of.ts';
import { fine, type Check } from './check.ts';

const NODE_MAJOR = Number(packageJson.dependencies.node.split('.')[0]);

/** The versions, and whether the native libraries can be loaded on this machine. */
export async function checkProgram(nodeVersion = process.versions.node): Promise<readonly Check[]> {
  return [
    fine('sightline', packageJson.version),
    checkNode(nodeVersion),
    await checkLibrary('sharp', async () => {
      const { default: sharp } = await import('sharp');
      await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
        .webp()
        .toBuffer();
      return sharp.versions.sharp ?? '';
    }),
    await checkLibrary('duckdb', async () => {
      const { queryRows, textOf } = await import('../../stores/duckdb.ts');
      return textOf((await queryRows('SELECT version() AS version'))[0]?.['version']);
    }),
  ];
}

function checkNode(version: string): Check {
  if (Number(version.split('.')[0]) >= NODE_MAJOR) return fine('node', version);
  return {
    name: 'node',
    state: 'problem',
    message: `Node ${version} is too old; ${NODE_MAJOR} is needed.`,
    fix: 'npm run setup, then start with npx sightline',
  };
}

async function checkLibrary(name: string, use: () => Promise<string>): Promise<Check> {
  try {
    return fine(name, `${await use()} loads and works`);
  } catch (error) {
    return { name, state: 'problem', message: `It cannot be used: ${reasonOf(error)}`, fix: 'npm run setup' };
  }
}
