/** How many assets had an outcome at a moment of work. */
export interface ProgressSample {
  readonly atMs: number;
  readonly done: number;
}

export interface RateEstimate {
  readonly ratePerMinute: number | null;
  readonly etaSeconds: { readonly low: number; readonly high: number } | null;
}

const WINDOW_MS = 5 * 60_000;
const MOST_SAMPLES = 60;
/** Below this much observed time a rate would be a guess. */
const LEAST_MS = 2_000;
/** Assets that the range is narrowed by: with few done, the range is wide. */
const SPREAD_AT_ONE = 1.2;

/** Adds a sample and forgets what is older than the window. */
export function addSample(samples: readonly ProgressSample[], sample: ProgressSample): readonly ProgressSample[] {
  const recent = samples.filter((old) => sample.atMs - old.atMs <= WINDOW_MS && old.done <= sample.done);
  return [...recent, sample].slice(-MOST_SAMPLES);
}

/**
 * Rate over the samples and a range for the time left. The range comes from the spread between the slower and the faster
 * half of the window and from how few assets were seen; null until there is something to measure.
 */
export function estimateRate(samples: readonly ProgressSample[], left: number, nowMs: number): RateEstimate {
  const first = samples.at(0);
  const last = samples.at(-1);
  if (!first || !last) return { ratePerMinute: null, etaSeconds: null };
  const spanMs = Math.max(last.atMs, nowMs) - first.atMs;
  const seen = last.done - first.done;
  if (spanMs < LEAST_MS || seen <= 0) return { ratePerMinute: null, etaSeconds: null };
  const perSecond = (seen * 1000) / spanMs;
  const seconds = left / perSecond;
  const spread = Math.min(0.6, SPREAD_AT_ONE / Math.sqrt(seen) + halvesDiffer(samples));
  return {
    ratePerMinute: perSecond * 60,
    etaSeconds: { low: Math.floor(seconds * (1 - spread)), high: Math.ceil(seconds * (1 + spread)) },
  };
}

/** 0 when both halves of the window went equally fast, up to 0.4. */
function halvesDiffer(samples: readonly ProgressSample[]): number {
  const middle = samples[Math.floor(samples.length / 2)];
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !middle || !last || samples.length < 3) return 0.1;
  const early = rate(first, middle);
  const late = rate(middle, last);
  const faster = Math.max(early, late);
  return faster === 0 ? 0.4 : Math.min(0.4, (faster - Math.min(early, late)) / faster / 2);
}

function rate(from: ProgressSample, to: ProgressSample): number {
  return to.atMs > from.atMs ? (to.done - from.done) / (to.atMs - from.atMs) : 0;
}
