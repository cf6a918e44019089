import { Agent, type Dispatcher } from 'undici';
import { failed, ok, type Result } from '../contracts/failures.ts';
import { AddressRefusedError, createPublicConnector } from './connect-publicly.ts';
import { failureOfResponse } from './failure-of-response.ts';
import type { AllowedAddresses } from './judge-address.ts';
import { nameOfAddress, nameOfImage } from './name-of-image.ts';
import type { ReadOptions, ReadResult } from './ports.ts';
import { discardBody, receiveBody } from './receive-body.ts';

export interface ImageFetcher {
  /**
   * Fetches the bytes behind an `http(s)` address, at most five redirects away. Failures are AddressRefused, ImageMissing,
   * ImageForbidden, ImageUnreadable, ImageTooLarge, and FetchFailed for what may go away by itself, with the wait that the
   * server asks for. Throws the reason of a signal that aborts.
   */
  fetch(address: string, options: ReadOptions): Promise<ReadResult>;
  /** Cuts off what is being fetched. */
  close(): Promise<void>;
}

export interface FetcherOptions {
  readonly allowed: AllowedAddresses;
  /** For one image, from the first connection to the last byte. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Connections to one server: a worker with hundreds of calls must not bring it down. */
const CONNECTIONS_PER_SERVER = 32;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Fetches images from public addresses, without cookies, proxies or sign-in. */
export function createImageFetcher({ allowed, timeoutMs, userAgent }: FetcherOptions): ImageFetcher {
  const agent = new Agent({
    connect: createPublicConnector({ allowed, timeoutMs: Math.min(timeoutMs, CONNECT_TIMEOUT_MS) }),
    connections: CONNECTIONS_PER_SERVER,
    allowH2: false,
    // One clock for the whole image: the signal.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = { 'user-agent': userAgent, accept: 'image/*, */*;q=0.1', 'accept-encoding': 'identity' };
  return {
    async fetch(address, { maxBytes, signal, claim }) {
      await claim.reserve(maxBytes);
      // The clock starts when there is room for the image.
      const deadline = AbortSignal.timeout(timeoutMs);
      const request: Request = (url) =>
        agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'GET',
          headers,
          signal: AbortSignal.any([signal, deadline]),
        });
      const route: URL[] = [];
      try {
        return await follow(address, route, request, (name, response) =>
          receiveBody(name, response, { maxBytes, claim }),
        );
      } catch (error) {
        signal.throwIfAborted();
        const name = nameOfRoute(route);
        return deadline.aborted ? notNow(name, `no end within ${timeoutMs / 1000} s`) : failureOfFetch(name, error);
      }
    },
    close: () => agent.destroy(),
  };
}

type Request = (url: URL) => Promise<Dispatcher.ResponseData>;
type Receive = (name: string, response: Dispatcher.ResponseData) => Promise<ReadResult>;

/** Goes from redirect to redirect; `route` gets each URL that was asked. */
async function follow(address: string, route: URL[], request: Request, receive: Receive): Promise<ReadResult> {
  const url = parseAddress(address, route);
  if (!url.ok) return url;
  route.push(url.value);
  const name = nameOfRoute(route);
  const response = await request(url.value);
  const target = locationOf(response);
  if (target === undefined) {
    const head = { status: response.statusCode, retryAfter: headerOf(response, 'retry-after') };
    const failure = failureOfResponse(name, head, Date.now());
    if (!failure) return receive(name, response);
    discardBody(response.body);
    return failure;
  }
  discardBody(response.body);
  if (route.length <= MOST_REDIRECTS) return follow(target, route, request, receive);
  return failed('ImageMissing', `${name} does not exist: more than ${MOST_REDIRECTS} redirects follow each other`);
}

/** Odd spellings of an IP address, such as decimal and octal numbers, come out of the parser in their usual form. */
function parseAddress(address: string, route: readonly URL[]): Result<URL> {
  const before = route.at(-1);
  const name = before ? `${nameOfRoute(route)}: the next address` : nameOfImage(address);
  if (!URL.canParse(address, before?.href)) return failed('ImageMissing', `${name} is not a valid address`);
  const url = new URL(address, before?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return failed('AddressRefused', `${name} is refused: it begins with ${url.protocol}, not with http: or https:`);
  }
  if (url.username !== '' || url.password !== '') {
    return failed('AddressRefused', `${name} is refused: it holds a user name or password`);
  }
  return ok(url);
}

function nameOfRoute(route: readonly URL[]): string {
  const [first, ...others] = route.map(nameOfAddress);
  return others.length === 0 ? (first ?? '') : `${first} (redirected to ${others.at(-1)})`;
}

function locationOf(response: Dispatcher.ResponseData): string | undefined {
  return REDIRECTS.has(response.statusCode) ? headerOf(response, 'location') : undefined;
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function failureOfFetch(name: string, error: unknown): ReadResult {
  if (error instanceof AddressRefusedError) return failed('AddressRefused', `${name} is refused: ${error.message}`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '') throw new Error(`Fetching ${name} went wrong`, { cause: error });
  return notNow(name, code);
}

function notNow(name: string, reason: string): ReadResult {
  return failed('FetchFailed', `${name} cannot be fetched just now (${reason})`);
}
