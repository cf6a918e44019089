import { openParquetStores } from '../../stores/index.ts';
import { blobStoreSuite } from '../suites/blob-store.suite.ts';
import { lateRowsSuite } from '../suites/late-rows.suite.ts';
import { manifestStoreSuite } from '../suites/manifest-store.suite.ts';
import { resultReaderSuite } from '../suites/result-reader.suite.ts';
import { resultStoreSuite } from '../suites/result-store.suite.ts';
import { resultSummarySuite } from '../suites/result-summary.suite.ts';
import { runRecordsSuite } from '../suites/run-records.suite.ts';
import { placeIn } from '../suites/store-samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function open() {
  const folder = await temporaryFolder("sight [line] *stores' $& ");
  const { manifests, results, reader, records, blobs } = openParquetStores(folder.path);
  return {
    place: placeIn(folder.path),
    manifests,
    results,
    reader,
    records,
    blobs,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function openResults() {
  const opened = await open();
  return { ...opened, store: opened.results };
}

manifestStoreSuite('a Parquet file', async () => {
  const opened = await open();
  return { ...opened, store: opened.manifests };
});
resultStoreSuite('a Parquet folder', openResults);
lateRowsSuite('a Parquet folder', openResults);
resultReaderSuite('a Parquet folder', openResults);
resultSummarySuite('a Parquet folder', openResults);
runRecordsSuite('a folder', open);
blobStoreSuite('a folder', open);
