import type { Findings } from '../contracts/outcome.ts';
import type { LoadedImage } from '../images/ports.ts';
import type { Measures } from './measure-picture.ts';

/** One readable image of an asset with what was measured in it. */
export interface MeasuredImage {
  readonly image: Pick<LoadedImage, 'mimeType' | 'widthPx' | 'heightPx'>;
  readonly measures: Measures;
}

type Measured = readonly [MeasuredImage, ...MeasuredImage[]];
type Sized = readonly [MeasuredImage['image'], ...MeasuredImage['image'][]];

/** Below this sharpness a picture counts as blurred. */
const BLURRED_BELOW = 0.5;
const SMALL_BELOW_PX = 200;
const FLAT_BELOW = 0.05;

/**
 * The fields of `photo-quality` for an asset: the best sharpness, the mean brightness and contrast; exposure is good,
 * and the asset usable, when one of its pictures is; blurred only when all are; issues are those of any picture.
 */
export function answerPhotoQuality(pictures: Measured, unreadable: number): Findings {
  const judged = pictures.map((picture) => ({ ...picture.measures, ...judge(picture) }));
  const sharpest = judged.reduce((best, next) => (next.sharpness > best.sharpness ? next : best));
  const issues = new Set(judged.flatMap((picture) => picture.issues));
  if (unreadable > 0) issues.add(`${unreadable} of ${pictures.length + unreadable} images unreadable`);
  return {
    sharpness: sharpest.sharpness,
    brightness: mean(judged.map((picture) => picture.brightness)),
    contrast: mean(judged.map((picture) => picture.contrast)),
    exposure: judged.some((picture) => picture.exposure === 'good') ? 'good' : sharpest.exposure,
    blurred: judged.every((picture) => picture.blurred),
    usable: judged.some((picture) => picture.issues.length === 0),
    issues: [...issues].toSorted(),
  };
}

/** The fields of `resolution`: the image with the most pixels, upright; the first of equals. */
export function answerResolution(images: Sized): Findings {
  const { widthPx, heightPx } = images.reduce((best, next) => (pixelsOf(next) > pixelsOf(best) ? next : best));
  return {
    width: widthPx,
    height: heightPx,
    megapixels: Math.round(widthPx * heightPx) / 1_000_000,
    orientation: widthPx === heightPx ? 'square' : widthPx > heightPx ? 'landscape' : 'portrait',
  };
}

/** The fields of `description`: measured facts in words, never more than that, and always marked as such. */
export function answerDescription(pictures: Measured, unreadable: number): Findings {
  const quality = answerPhotoQuality(pictures, unreadable);
  const [{ image }] = pictures;
  const kind = image.mimeType.replace('image/', '').toUpperCase();
  const what = pictures.length === 1 ? `One ${kind} image of` : `${pictures.length} images, the first a ${kind} of`;
  const colors = [...new Set(pictures.flatMap((picture) => picture.measures.colors))].slice(0, 3);
  const tone =
    Number(quality['brightness']) > 0.65
      ? 'bright'
      : Number(quality['brightness']) < 0.3
        ? 'dark'
        : 'of medium brightness';
  const sentences = [
    'Made offline, without a model, from measurements only.',
    `${what} ${image.widthPx} x ${image.heightPx} pixels, ${tone}, ${quality['blurred'] === true ? 'blurred' : 'sharp'}.`,
    `Exposure: ${String(quality['exposure'])}.`,
    ...(colors.length > 0 ? [`Mostly ${colors.join(', ')}.`] : []),
    ...(unreadable > 0 ? [`Images that could not be read: ${unreadable}.`] : []),
  ];
  return { description: sentences.join(' '), dominant_colors: colors };
}

interface Judgement {
  readonly exposure: 'under' | 'good' | 'over';
  readonly blurred: boolean;
  readonly issues: readonly string[];
}

function judge({ image, measures }: MeasuredImage): Judgement {
  const exposure = exposureOf(measures);
  const blurred = measures.sharpness < BLURRED_BELOW;
  const issues = [
    ...(blurred ? ['blurred'] : []),
    ...(exposure === 'good' ? [] : [`${exposure}-exposed`]),
    ...(measures.contrast < FLAT_BELOW ? ['low contrast'] : []),
    ...(Math.min(image.widthPx, image.heightPx) < SMALL_BELOW_PX ? ['small'] : []),
  ];
  return { exposure, blurred, issues };
}

function exposureOf({ brightness, black, white }: Measures): Judgement['exposure'] {
  if (brightness > 0.85 || white > 0.4) return 'over';
  return brightness < 0.12 || black > 0.6 ? 'under' : 'good';
}

function pixelsOf(image: MeasuredImage['image']): number {
  return image.widthPx * image.heightPx;
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((total, value) => total + value, 0) / values.length) * 10_000) / 10_000;
}
