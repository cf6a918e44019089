import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

interface Call {
  /** Of the last answer to what was fetched. */
  status?: number;
}

/**
 * A call of a client that uses Node's `fetch`, and does not tell the status of an error whose body it stumbles over. What it
 * throws then, after an answer with 400 or more, becomes an error with that `status`.
 */
export async function withStatus<T>(isStumble: (error: unknown) => boolean, call: () => Promise<T>): Promise<T> {
  watch();
  const answered: Call = {};
  try {
    return await calls.run(answered, call);
  } catch (error) {
    const { status } = answered;
    throw status !== undefined && status >= 400 && isStumble(error) ? new StatusError(status, error) : error;
  }
}

const calls = new AsyncLocalStorage<Call>();
const callOf = new WeakMap<object, Call>();
let watches = false;

/** Node tells of each request in the context of who makes it, and of its answer outside of that. */
function watch(): void {
  if (watches) return;
  watches = true;
  subscribe('undici:request:create', (message) => {
    const call = calls.getStore();
    if (call) callOf.set((message as { readonly request: object }).request, call);
  });
  subscribe('undici:request:headers', (message) => {
    const { request, response } = message as { readonly request: object; readonly response: { statusCode: number } };
    const call = callOf.get(request);
    if (call) call.status = response.statusCode;
  });
}

class StatusError extends Error {
  override name = 'StatusError';
  readonly status: number;

  constructor(status: number, cause: unknown) {
    super('The server did not say why', { cause });
    this.status = status;
  }
}
