import type { StoreDataset } from './dataset.ts';
import type { WantedView } from './keep-view.ts';

/** Views beside a table of results, as their names and statements; `answers` are the columns of what the prompt answers. */
export function viewsOf(store: StoreDataset, table: string, answers: readonly string[]): readonly WantedView[] {
  const latest = `${table}_latest`;
  return [
    {
      name: latest,
      description: 'The newest good answer for each asset, over all runs.',
      query: `SELECT * FROM ${store.quoted(table)} WHERE outcome = 'succeeded'
QUALIFY ROW_NUMBER() OVER (PARTITION BY asset_id ORDER BY analyzed_at DESC, row_key) = 1`,
    },
    {
      name: `${table}_by_gcs_uris`,
      description: 'The newest good answers with the columns of tables that were made without Sightline.',
      query: `SELECT asset_id, location, observation_ids,
ARRAY(SELECT uri FROM UNNEST(image_uris) AS uri WHERE STARTS_WITH(uri, 'gs://')) AS gcs_uris, detection_time${answers
        .map((name) => `, \`${name}\``)
        .join('')}
FROM ${store.quoted(latest)}`,
    },
  ];
}
