import { SourceError } from './ports.ts';

export interface BigQueryPlace {
  /** In which jobs run. */
  readonly project: string;
  /** `project.dataset.table`; absent where only a project is named. */
  readonly table?: string;
}

export function isBigQueryPath(path: string): boolean {
  return /^bq:\/\//i.test(path);
}

/** Reads `bq://project.dataset.table` or `bq://project`; a project may have a domain, `example.com:project`. Throws `SourceError`. */
export function parseBigQueryPath(path: string): BigQueryPlace {
  const [, project, dataset, table] =
    /^bq:\/\/((?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*)(?:\.([\p{L}\p{N}_$-]+)\.([\p{L}\p{M}\p{N}_ $*-]+))?$/iu.exec(path) ??
    [];
  if (project === undefined) {
    throw new SourceError(
      'InvalidRequest',
      `${path} names no table; write bq://PROJECT.DATASET.TABLE, or bq://PROJECT with a query`,
    );
  }
  return { project, ...(table !== undefined && { table: `${project}.${dataset}.${table}` }) };
}
