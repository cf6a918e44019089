/** What Google says in the body of an answer that is none. */
export interface GoogleProblem {
  /** HTTP status. */
  readonly status: number;
  /** Name of the status, such as `RESOURCE_EXHAUSTED`. */
  readonly code: string;
  readonly message: string;
  /** Reasons of `ErrorInfo`, such as `API_KEY_INVALID`. */
  readonly reasons: readonly string[];
  /** Quotas that are used up. */
  readonly quotas: readonly string[];
  /** The wait of `RetryInfo`, in ms. */
  readonly waitMs?: number;
}

/** The parts of `google.rpc.Status` in JSON that are looked at. */
interface GoogleBody {
  readonly error?: {
    readonly code?: unknown;
    readonly status?: unknown;
    readonly message?: unknown;
    readonly details?: readonly Detail[];
  };
}

interface Detail {
  readonly reason?: string;
  readonly retryDelay?: string;
  readonly violations?: readonly ({ readonly quotaId?: string; readonly subject?: string } | null)[] | null;
}

/**
 * Both clients put the body as JSON into the message of what they throw; undefined when the error is another. `secrets` are never
 * in it.
 */
export function googleProblemOf(error: unknown, secrets: readonly string[] = []): GoogleProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const body = parseBody(error.message.slice(error.message.indexOf('{')));
  const status = statusOf(error, body);
  if (status === undefined) return undefined;
  const listed: readonly (Detail | null)[] = Array.isArray(body?.details) ? body.details : [];
  const details = listed.flatMap((detail) => detail ?? []);
  const waitMs = details.map(({ retryDelay }) => parseSeconds(retryDelay)).find((wait) => wait !== undefined);
  return {
    status,
    code: typeof body?.status === 'string' ? body.status : '',
    message: oneLine(withoutSecrets(typeof body?.message === 'string' ? body.message : error.message, secrets)),
    reasons: details.flatMap(({ reason }) => reason ?? []),
    quotas: details.flatMap(({ violations }) =>
      (violations ?? []).map((violation) => violation?.quotaId ?? violation?.subject ?? ''),
    ),
    ...(waitMs !== undefined && { waitMs }),
  };
}

function parseBody(text: string): GoogleBody['error'] {
  try {
    return (JSON.parse(text) as GoogleBody).error;
  } catch {
    return undefined;
  }
}

function statusOf(error: Error, body: GoogleBody['error']): number | undefined {
  if ('status' in error && typeof error.status === 'number') return error.status;
  const said = /\bgot status: (\d{3})\b/.exec(error.message)?.[1];
  if (said !== undefined) return Number(said);
  return typeof body?.code === 'number' ? body.code : undefined;
}

/** A duration as Google writes it in JSON: `2.5s`. */
function parseSeconds(text: string | undefined): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1_000);
}

/** Before anything is cut: the beginning of a key is not found any more. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '...'), text);
}

const LONGEST_MESSAGE = 300;

/** Also pages of a proxy come here as messages. */
function oneLine(text: string): string {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
}
