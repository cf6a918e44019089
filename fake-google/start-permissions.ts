import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { passOn } from './pass-on.ts';

export interface PermissionsOptions {
  /** Where calls go that ask for no permission, such as `http://127.0.0.1:9050`. */
  readonly bigQueryUrl: string;
  readonly storageUrl: string;
  /** Permissions that nobody has. Default: none. */
  readonly missing?: readonly string[];
  /** APIs that are off, such as `aiplatform.googleapis.com`. Default: none. */
  readonly off?: readonly string[];
}

export interface PermissionsServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: takes the place of BigQuery, Cloud Storage, Service Usage and Resource Manager. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a server that answers who may do what, as four of Google's services do, before servers that know nothing of it. */
export async function startPermissions(options: PermissionsOptions): Promise<PermissionsServer> {
  const server = createServer((message, response) => {
    // The server behind is away, or the client is.
    void answer(options, message, response).catch(() => response.destroy());
  });
  const { port, close } = await listenOnLoopback(server, 0, () => server.closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

async function answer(options: PermissionsOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://127.0.0.1');
  const body = Buffer.concat(await message.toArray());
  const say = (value: object): unknown =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (pathname.endsWith('/services:batchGet')) say({ services: servicesOf(options, searchParams.getAll('names')) });
  else if (pathname.endsWith('/iam/testPermissions')) say(heldOf(options, searchParams.getAll('permissions')));
  else if (pathname.endsWith(':testIamPermissions')) say(heldOf(options, permissionsIn(body)));
  else {
    const target = /^\/(upload\/|download\/)?storage\//.test(pathname) ? options.storageUrl : options.bigQueryUrl;
    const { status, headers, body: passed } = await passOn(target, message, body);
    response.writeHead(status, headers).end(passed);
  }
}

function servicesOf({ off = [] }: PermissionsOptions, names: readonly string[]) {
  return names.map((name) => ({ name, state: off.includes(name.split('/').at(-1) ?? '') ? 'DISABLED' : 'ENABLED' }));
}

/** Where nothing is held, Google answers with an empty object. */
function heldOf({ missing = [] }: PermissionsOptions, asked: readonly string[]): { permissions?: readonly string[] } {
  const permissions = asked.filter((permission) => !missing.includes(permission));
  return permissions.length === 0 ? {} : { permissions };
}

function permissionsIn(body: Buffer): readonly string[] {
  return (JSON.parse(body.toString()) as { readonly permissions?: readonly string[] }).permissions ?? [];
}
