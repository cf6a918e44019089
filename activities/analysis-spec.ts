import type { ImageLimits } from '../images/ports.ts';
import type { Prompt } from '../contracts/prompt.ts';
import type { BlobStore } from '../stores/ports.ts';

/** Everything that decides what an asset is asked; frozen at the start of a run, named by its digest. */
export interface AnalysisSpec {
  readonly prompt: Prompt;
  readonly analyzer: string;
  readonly model: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly imageLimits: ImageLimits;
}

const SPEC_MAX_BYTES = 1_000_000;
const MOST_CACHED = 100;

export interface SpecStore {
  freeze(blobs: BlobStore, spec: AnalysisSpec): Promise<string>;
  load(blobs: BlobStore, digest: string): Promise<AnalysisSpec>;
}

/** Keeps frozen specifications as blobs; they never change, so what was read once is kept. */
export function createSpecStore(): SpecStore {
  const cache = new Map<string, Promise<AnalysisSpec>>();
  return {
    async freeze(blobs, spec) {
      const stored = await blobs.put(spec, SPEC_MAX_BYTES);
      if (!stored.ok) throw new Error(`the prompt ${spec.prompt.name} is too large to freeze`);
      return stored.value;
    },
    load(blobs, digest) {
      const known = cache.get(digest);
      if (known) return known;
      if (cache.size >= MOST_CACHED) cache.clear();
      const loading = blobs.get(digest) as Promise<AnalysisSpec>;
      cache.set(digest, loading);
      loading.catch(() => cache.delete(digest));
      return loading;
    },
  };
}
