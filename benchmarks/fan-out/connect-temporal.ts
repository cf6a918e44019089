import { Connection } from '@temporalio/client';

export async function connectTemporal(address: string): Promise<Connection & AsyncDisposable> {
  const connection = await Connection.connect({ address });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}
