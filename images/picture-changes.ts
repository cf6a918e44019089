import { z } from 'zod';

/** What is done to a picture before an analyzer sees it; nothing by default. */
export const PICTURE_SETTINGS = {
  /** Longest side, in pixels: larger pictures are scaled down, smaller ones stay as they are. */
  maxSidePx: z.int().min(16).max(16_384).optional(),
  /** Writes every picture anew in this format, upright, in sRGB and without metadata. */
  reencode: z.enum(['jpeg', 'png', 'webp']).optional(),
  /** From 1 to 100, of each JPEG that is written; default 85. */
  jpegQuality: z.int().min(1).max(100).optional(),
};

const changesSchema = z.object(PICTURE_SETTINGS);
export type PictureChanges = z.infer<typeof changesSchema>;

/** The settings of an analyzer that looks at pictures: its own, and those that all such analyzers share. */
export function withPictureSettings<T extends z.ZodRawShape>(own: T) {
  return z.strictObject({ ...own, ...PICTURE_SETTINGS }).refine(isQualityOfAJpeg, {
    path: ['jpegQuality'],
    error: 'needs maxSidePx or reencode=jpeg: otherwise no JPEG is written',
  });
}

/** The changes that checked settings ask for. */
export function pictureChangesOf(settings: Readonly<Record<string, unknown>>): PictureChanges {
  return changesSchema.parse(settings);
}

function isQualityOfAJpeg(settings: object): boolean {
  const { maxSidePx, reencode, jpegQuality } = settings as PictureChanges;
  if (jpegQuality === undefined || reencode === 'jpeg') return true;
  return reencode === undefined && maxSidePx !== undefined;
}
