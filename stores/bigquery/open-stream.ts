import { managedwriter } from '@google-cloud/bigquery-storage';
import type { StoreDataset } from './dataset.ts';

type Stream = Awaited<ReturnType<managedwriter.WriterClient['createWriteStreamFullResponse']>>;

/** Opens a pending stream of a table; whoever calls keeps to the pace of the connection. Throws what the client throws. */
export async function openStream(store: StoreDataset, table: string): Promise<Stream> {
  const destinationTable = store.path(table);
  const writer = store.connection.writer();
  return writer.createWriteStreamFullResponse({ streamType: managedwriter.PendingStream, destinationTable });
}
