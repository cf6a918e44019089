import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/messages.ts';

export interface ServingQuestion {
  readonly address: string;
  readonly namespaces: readonly string[];
  readonly timeoutMs: number;
  /** Resolves when the server's process is gone. */
  readonly exited: Promise<void>;
}

const POLL_MS = 50;

/** Resolves when the server answers and every namespace knows the search attributes; throws when it dies or takes too long. */
export async function untilServing(question: ServingQuestion): Promise<void> {
  const gaveUp = new AbortController();
  const deadline = delay(question.timeoutMs, undefined, { signal: gaveUp.signal }).then(() => {
    throw new Error(`no answer on ${question.address} within ${question.timeoutMs / 1000} s`);
  });
  const death = question.exited.then(() => {
    throw new Error('it ended by itself');
  });
  try {
    await Promise.race([answers(question, gaveUp.signal), death, deadline]);
  } finally {
    gaveUp.abort();
    // Whoever lost the race rejects later, with nobody listening.
    deadline.catch(() => {});
    death.catch(() => {});
  }
}

async function answers(question: ServingQuestion, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await accepts(question.address))) await delay(POLL_MS);
  while (!signal.aborted && !(await knowsAttributes(question))) await delay(POLL_MS);
}

/** A refused gRPC channel waits a second before it tries again; a plain socket does not. */
async function accepts(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  const socket = connect({ host: host ?? '', port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function knowsAttributes({ address, namespaces }: ServingQuestion): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
    for (const namespace of namespaces) {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      if (Object.values(SEARCH_ATTRIBUTES).some(({ name }) => customAttributes?.[name] === undefined)) return false;
    }
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
