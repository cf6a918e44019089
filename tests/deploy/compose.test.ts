import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = 'docker-compose.temporal.yml';

const DEPENDS_ON = z.record(
  z.string(),
  z.object({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
);
const SERVICE = z.strictObject({
  image: z.string(),
  restart: z.string(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  depends_on: DEPENDS_ON.default({}),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
});
const COMPOSE = z.object({
  services: z.record(z.string(), SERVICE),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
});

function read(path: string): string {
  return readFileSync(`${ROOT}/${path}`, 'utf8');
}

describe('the compose file of Temporal', () => {
  const { services, networks, volumes } = COMPOSE.parse(parse(read(FILE), { merge: true }));
  const of = (name: string) => SERVICE.parse(services[name]);

  test('pins one release everywhere', () => {
    const images = Object.fromEntries(Object.entries(services).map(([name, { image }]) => [name, image]));
    expect(images).toEqual({
      postgres: expect.stringMatching(/^postgres:16\.\d+$/),
      schema: 'temporalio/admin-tools:1.31.2',
      temporal: 'temporalio/server:1.31.2',
      namespace: 'temporalio/admin-tools:1.31.2',
      ui: 'temporalio/ui:2.50.1',
    });
  });

  test('starts in order: database, schema, server, namespace, Web UI', () => {
    expect(of('schema').depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(of('temporal').depends_on).toEqual({ schema: { condition: 'service_completed_successfully' } });
    expect(of('namespace').depends_on).toEqual({ temporal: { condition: 'service_healthy' } });
    expect(of('ui').depends_on).toEqual({ namespace: { condition: 'service_completed_successfully' } });
  });

  test('checks the health of everything that stays, and lets the jobs end', () => {
    for (const name of ['postgres', 'temporal', 'ui']) {
      expect(of(name).healthcheck, name).toBeDefined();
      expect(of(name).restart).toBe('unless-stopped');
    }
    for (const name of ['schema', 'namespace']) {
      expect(of(name).healthcheck, name).toBeUndefined();
      expect(of(name).restart).toMatch(/^on-failure/);
    }
  });

  test('holds no password and no default for one', () => {
    const text = read(FILE);
    for (const [, value] of text.matchAll(/(?:PASSWORD|PWD): *(\S+)/g))
      expect(value).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    expect(text).not.toMatch(/POSTGRES_PASSWORD:?-/);
    expect(text).toMatch(/POSTGRES_PASSWORD:\?set POSTGRES_PASSWORD/);
  });

  test('opens ports on loopback unless told otherwise, and never the database', () => {
    expect(of('postgres').ports).toEqual([]);
    for (const port of Object.values(services).flatMap((service) => service.ports)) {
      expect(port).toMatch(/^\$\{TEMPORAL_BIND:-127\.0\.0\.1\}:/);
    }
  });

  test('mounts files that exist, and uses networks and volumes that are declared', () => {
    for (const { volumes: mounts, networks: joined } of Object.values(services)) {
      for (const mount of mounts) {
        const source = mount.split(':')[0] ?? '';
        if (source.startsWith('./')) expect(existsSync(`${ROOT}/${source}`), source).toBe(true);
        else expect(Object.keys(volumes)).toContain(source);
      }
      for (const name of joined) expect(Object.keys(networks)).toContain(name);
    }
  });

  test('runs the scripts it mounts', () => {
    for (const name of ['schema', 'namespace']) {
      const [script] = of(name).command ?? [];
      expect(of(name).volumes.map((mount) => mount.split(':')[1])).toContain(script);
    }
  });

  test('gives server and schema job the same databases and user', () => {
    const server = of('temporal').environment;
    const schema = of('schema').environment;
    expect(server['POSTGRES_SEEDS']).toBe(schema['SQL_HOST']);
    expect(server['POSTGRES_USER']).toBe(schema['SQL_USER']);
    expect(server['DB']).toBe(schema['SQL_PLUGIN']);
    expect(of('postgres').environment['POSTGRES_USER']).toBe(schema['SQL_USER']);
    const script = read('deploy/temporal/prepare-schema.sh');
    for (const database of [server['DBNAME'], server['VISIBILITY_DBNAME']]) expect(script).toContain(database);
  });

  test('reads the dynamic configuration that it mounts', () => {
    const mounted = of('temporal').volumes.map((mount) => mount.split(':')[1]);
    expect(mounted).toContain(of('temporal').environment['DYNAMIC_CONFIG_FILE_PATH']);
  });

  test('is accepted by docker compose, where there is one', () => {
    if (!hasCompose()) return;
    const config = () =>
      execFileSync('docker', ['compose', '-f', FILE, 'config', '--quiet'], {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], POSTGRES_PASSWORD: 'x' },
        stdio: 'pipe',
      });
    expect(config).not.toThrow();
  });
});

describe('the dynamic configuration', () => {
  const settings = z
    .record(z.string(), z.array(z.strictObject({ value: z.unknown() })).length(1))
    .parse(parse(read('deploy/temporal/dynamicconfig.yaml')));
  const valueOf = (key: string) => settings[key]?.[0]?.value;

  test('switches fairness on and gives queues one partition', () => {
    expect(valueOf('matching.enableFairness')).toBe(true);
    expect(valueOf('matching.numTaskqueueReadPartitions')).toBe(1);
    expect(valueOf('matching.numTaskqueueWritePartitions')).toBe(1);
  });
});

describe('the namespace job', () => {
  test('registers exactly the search attributes of the contracts', () => {
    const spelling = { KEYWORD: 'Keyword', INT: 'Int', DOUBLE: 'Double' };
    const expected = Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => `${name} ${spelling[type]}`);
    const listed = read('deploy/temporal/prepare-namespace.sh').match(/^Sightline\w+ \w+$/gm);
    expect(listed).toEqual(expected);
  });
});

function hasCompose(): boolean {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
