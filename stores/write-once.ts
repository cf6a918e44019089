import { join } from 'node:path';
import { namesIn, readIfThere } from './durable-files.ts';
import type { DurableFiles } from './durable-files.ts';

/** Documents by their names, wherever they are kept. */
export interface Documents {
  /** A document as error messages name it. */
  pathOf(name: string): string;
  /** The content; undefined when there is none of this name. */
  read(name: string): Promise<Buffer | undefined>;
  /** Of all that are there, in no order. */
  names(): Promise<readonly string[]>;
}

/** Documents that never change: each name is taken once. */
export interface WriteOnce extends Documents {
  /** False when there is one of this name already, which is left as it is. `step` names the call for tests. */
  createOnce(step: string, name: string, content: string | Uint8Array): Promise<boolean>;
}

/** The files of a folder. */
export function documentsIn(folder: string): Documents {
  const pathOf = (name: string): string => join(folder, name);
  return { pathOf, read: (name) => readIfThere(pathOf(name)), names: () => namesIn(folder) };
}

/** A folder whose files are written once. */
export function writeOnceIn(folder: string, files: DurableFiles): WriteOnce {
  const documents = documentsIn(folder);
  return {
    ...documents,
    createOnce: (step, name, content) => files.createOnce(step, documents.pathOf(name), content),
  };
}
