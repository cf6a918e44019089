import { SourceError } from './ports.ts';

/** Null where it is refused: for what is only told of, and does no harm where it is not. */
export async function ifAllowed<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SourceError && error.failure === 'InvalidRequest') return null;
    throw error;
  }
}
