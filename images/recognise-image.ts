import { fileTypeFromBuffer } from 'file-type';
import { failed, ok, type Result } from '../contracts/failures.ts';

/**
 * The MIME type of an image, by its bytes alone; one of those that can be decoded here: JPEG, PNG, WebP, TIFF, GIF,
 * AVIF. Other pictures are `ImageUnsupported`, everything else is `ImageUnreadable`. `name` is used in messages only.
 */
export async function recogniseImage(bytes: Uint8Array, name: string): Promise<Result<string>> {
  const head = bytes.subarray(0, HEAD_BYTES);
  const type = await fileTypeFromBuffer(head);
  const mimeType = type?.mime ?? '';
  if (mimeType === 'image/apng' || startsWith(head, PNG_SIGNATURE)) return ok('image/png');
  if (DECODABLE.has(mimeType)) return ok(mimeType);
  // The directory that tells a TIFF from a camera's raw file may stand at its very end, out of sight here.
  if (mimeType === '' && TIFF_SIGNATURES.some((signature) => startsWith(head, signature))) return ok('image/tiff');
  if (HEIF.test(mimeType)) {
    return failed(
      'ImageUnsupported',
      `${name} is a HEIC picture, which cannot be decoded here; ${convert('heif-convert')}`,
    );
  }
  if (mimeType === 'application/pdf') {
    return failed(
      'ImageUnsupported',
      `${name} is a PDF document; export its pages as JPEG, for example with pdftoppm -jpeg`,
    );
  }
  if (looksLikeSvg(head)) {
    return failed('ImageUnsupported', `${name} is an SVG drawing; ${convert('rsvg-convert')}`);
  }
  if (mimeType.startsWith('image/')) {
    return failed(
      'ImageUnsupported',
      `${name} is ${mimeType}, which cannot be decoded here; convert it to JPEG or PNG first`,
    );
  }
  if (mimeType !== '') return failed('ImageUnreadable', `${name} is not an image: its bytes are ${mimeType}`);
  return failed(
    'ImageUnreadable',
    `${name} is not an image: its bytes are ${looksLikeText(head) ? 'text' : 'of no known kind'}`,
  );
}

/** Enough for every signature; a hostile file cannot make the recogniser walk through all of it. */
const HEAD_BYTES = 16_384;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const TIFF_SIGNATURES = [
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
];
const DECODABLE: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/avif',
]);
const HEIF = /^image\/hei[cf](-sequence)?$/;

function convert(tool: string): string {
  return `convert it to JPEG or PNG first, for example with ${tool}`;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((value, index) => bytes[index] === value);
}

function looksLikeSvg(head: Uint8Array): boolean {
  return /^\uFEFF?\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)[\s\S]*<svg[\s>]|^\uFEFF?\s*<svg[\s>]/i.test(
    Buffer.from(head).toString('latin1'),
  );
}

function looksLikeText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}
