import type { DecodedImage } from '../images/ports.ts';

/** What can be measured in one picture without knowing what it shows. All but `colors` are shares from 0 to 1. */
export interface Measures {
  /** v / (v + 100), with v the variance of the Laplacian of the 8-bit grey picture: 0.5 is the customary limit of blur. */
  readonly sharpness: number;
  readonly brightness: number;
  /** Standard deviation of the grey values; 1 is half black, half white. */
  readonly contrast: number;
  /** Share of pixels that are as good as black, and as good as white. */
  readonly black: number;
  readonly white: number;
  /** Names of up to three colours that each cover a tenth of the picture or more, the largest share first. */
  readonly colors: readonly string[];
}

export function measurePicture(picture: DecodedImage): Measures {
  const grey = toGrey(picture);
  const histogram = new Uint32Array(256);
  for (const value of grey) histogram[value] = (histogram[value] ?? 0) + 1;
  const { mean, deviation } = momentsOf(histogram, grey.length);
  const detail = laplacianVariance(grey, picture.widthPx, picture.heightPx);
  return {
    sharpness: round(detail / (detail + 100)),
    brightness: round(mean / 255),
    contrast: round(Math.min(1, deviation / 127.5)),
    black: round(sum(histogram.subarray(0, 9)) / grey.length),
    white: round(sum(histogram.subarray(247)) / grey.length),
    colors: namesOfColors(picture),
  };
}

function toGrey({ pixels, channels }: DecodedImage): Uint8Array {
  if (channels === 1) return pixels;
  const grey = new Uint8Array(pixels.length / 3);
  for (let index = 0, at = 0; index < grey.length; index++, at += 3) {
    // Rec. 601 luma in whole numbers.
    grey[index] = ((pixels[at] ?? 0) * 77 + (pixels[at + 1] ?? 0) * 150 + (pixels[at + 2] ?? 0) * 29) >> 8;
  }
  return grey;
}

function momentsOf(histogram: Uint32Array, count: number): { readonly mean: number; readonly deviation: number } {
  let total = 0;
  let squares = 0;
  histogram.forEach((times, value) => {
    total += times * value;
    squares += times * value * value;
  });
  const mean = total / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function laplacianVariance(grey: Uint8Array, width: number, height: number): number {
  if (width < 3 || height < 3) return 0;
  let total = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1, end = at + width - 2; at < end; at++) {
      const around = (grey[at - 1] ?? 0) + (grey[at + 1] ?? 0) + (grey[at - width] ?? 0) + (grey[at + width] ?? 0);
      const value = around - 4 * (grey[at] ?? 0);
      total += value;
      squares += value * value;
    }
  }
  const count = (width - 2) * (height - 2);
  return squares / count - (total / count) ** 2;
}

/** Every 16th pixel is enough for the shares of colours. */
function namesOfColors({ pixels, channels }: DecodedImage): readonly string[] {
  const shares = new Map<string, number>();
  const step = 16 * channels;
  let samples = 0;
  for (let at = 0; at + channels <= pixels.length; at += step, samples++) {
    const red = pixels[at] ?? 0;
    const name =
      channels === 1 ? nameOfColor(red, red, red) : nameOfColor(red, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  return [...shares]
    .filter(([, count]) => count >= samples / 10)
    .toSorted(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
    .slice(0, 3)
    .map(([name]) => name);
}

const HUES = ['red', 'orange', 'yellow', 'green', 'green', 'cyan', 'cyan', 'blue', 'blue', 'purple', 'magenta', 'red'];

function nameOfColor(red: number, green: number, blue: number): string {
  const max = Math.max(red, green, blue);
  const range = max - Math.min(red, green, blue);
  if (max < 40) return 'black';
  if (range < 0.16 * max || range < 16) return max > 220 ? 'white' : 'grey';
  const sextant =
    max === red
      ? ((green - blue) / range + 6) % 6
      : max === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4;
  const hue = HUES[Math.round(sextant * 2) % 12] ?? 'red';
  return hue === 'orange' && max < 160 ? 'brown' : hue;
}

function sum(values: Uint32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Four digits, so that rows are readable; the same on every machine. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
