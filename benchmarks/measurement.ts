/** One number that a benchmark found out. */
export interface Measurement {
  /** `<benchmark>/<what>` */
  readonly name: string;
  /** Median over the repetitions. */
  readonly value: number;
  readonly unit: string;
  /** Sightline's value divided by that of its counterpart, median over pairs; null where there is no counterpart. */
  readonly ratio: number | null;
  /** (largest - smallest) / median: of the ratios where there are some, otherwise of the values. */
  readonly spread: number;
}

/** What has to hold; `of` says whether the value or the ratio is meant. */
export interface Bar {
  readonly measurement: string;
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface BenchmarkOptions {
  /** Small sizes and few repetitions: shows that everything works, not how fast it is. */
  readonly quick: boolean;
  /** An empty folder; removed by the caller. */
  readonly dir: string;
  /** Path of the `temporal` program. */
  readonly temporal: string;
  /** Told what happens, for a person who waits. */
  readonly say: (text: string) => void;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** How it measures, in Markdown. */
  readonly method: string;
  readonly bars: readonly Bar[];
  run(options: BenchmarkOptions): Promise<readonly Measurement[]>;
}

export function meets(bar: Bar, measurement: Measurement): boolean {
  const number = bar.of === 'ratio' ? (measurement.ratio ?? Number.NaN) : measurement.value;
  return number >= (bar.atLeast ?? -Infinity) && number <= (bar.atMost ?? Infinity);
}
