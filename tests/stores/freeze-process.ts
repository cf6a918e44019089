/** A process of its own that freezes a CSV file: `node freeze-process.ts <folder> <file>`. Prints what it froze as a line of JSON. */
import { createCsvSource } from '../../sources/csv-source.ts';
import { openParquetStores } from '../../stores/index.ts';
import { placeIn } from '../suites/store-samples.ts';

const [folder = '', path = ''] = process.argv.slice(2);
const source = createCsvSource();
const spec = await source.settle({ kind: 'csv', path });
const ref = await openParquetStores(folder).manifests.freeze(placeIn(folder), {
  assets: (onReject) => source.assets(spec, onReject),
  statement: (await source.statement?.(spec)) ?? null,
});
process.stdout.write(`${JSON.stringify(ref)}\n`);
