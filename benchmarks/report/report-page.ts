import { meets, type Bar, type Benchmark, type Measurement } from '../measurement.ts';
import { formatNumber } from './format-number.ts';

export interface Results {
  readonly benchmark: Benchmark;
  readonly measurements: readonly Measurement[];
}

/** The page `docs/benchmarks.md`, of all benchmarks; `date` is that of the measurements. */
export function reportPage(facts: Readonly<Record<string, string>>, results: readonly Results[], date: string): string {
  const names = results.map(({ benchmark }) => benchmark.name).join('|');
  const rows = Object.entries(facts).map(([name, value]) => `| ${name} | ${value} |`);
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\`; do not edit. One of them: \`npm run bench -- ${names}\`, with`,
    '`--json` for one object per measurement and `--quick` for small sizes. Values are medians; *ratio* is Sightline divided by its',
    'counterpart, the median over pairs; *spread* is (largest - smallest) / median, of the ratios where there are some.',
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
    ...results.flatMap((result) => sectionOf(result, date)),
  ].join('\n');
}

/** The page with one benchmark measured anew; `titles` are those of all, in their order. */
export function renewSection(page: string, result: Results, date: string, titles: readonly string[]): string {
  const [head = '', ...rest] = page.split(/^(?=## )/m).map((part) => `${part.trimEnd()}\n`);
  const { title } = result.benchmark;
  const place = (section: string): number => titles.findIndex((each) => section.startsWith(`## ${each}\n`));
  const others = rest.filter((section) => place(section) !== titles.indexOf(title));
  const sections = [...others, sectionOf(result, date).join('\n')];
  return [head, ...sections.toSorted((a, b) => place(a) - place(b))].map((part) => part.trimEnd()).join('\n\n') + '\n';
}

function sectionOf({ benchmark, measurements }: Results, date: string): string[] {
  return [
    `## ${benchmark.title}`,
    '',
    `${benchmark.method} Measured on ${date}.`,
    '',
    '| measurement | value | unit | ratio | spread |',
    '| --- | ---: | --- | ---: | ---: |',
    ...measurements.map(
      ({ name, value, unit, ratio, spread }) =>
        `| ${name} | ${formatNumber(value)} | ${unit} | ${ratio === null ? '' : ratio.toFixed(3)} | ${percent(spread)} |`,
    ),
    '',
    ...benchmark.bars.flatMap((bar) => verdictOf(bar, measurements)),
    ...(benchmark.bars.length > 0 ? [''] : []),
  ];
}

function verdictOf(bar: Bar, measurements: readonly Measurement[]): string[] {
  const measurement = measurements.find(({ name }) => name === bar.measurement);
  if (!measurement) return [];
  const { atLeast, atMost = Infinity } = bar;
  const wanted = atLeast === undefined ? `at most ${formatNumber(atMost)}` : `at least ${formatNumber(atLeast)}`;
  return [`- ${bar.measurement}: ${bar.of} ${wanted}: **${meets(bar, measurement) ? 'holds' : 'missed'}**`];
}

function percent(share: number): string {
  return Number.isNaN(share) ? '' : `${(share * 100).toFixed(1)} %`;
}
