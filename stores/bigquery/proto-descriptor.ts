import type { TableField } from '@google-cloud/bigquery';
import { adapt } from '@google-cloud/bigquery-storage';

/** Columns as the Storage Write protocol describes them. */
export function protoDescriptor(fields: readonly TableField[]) {
  const schema = adapt.convertBigQuerySchemaToStorageTableSchema({ fields: [...fields] });
  return adapt.convertStorageSchemaToProto2Descriptor(schema, 'root');
}
