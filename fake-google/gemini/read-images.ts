import { createHash } from 'node:crypto';
import type { Call } from './read-call.ts';
import { googleError } from './google-error.ts';
import type { GoogleError } from './google-error.ts';

export interface SentImage {
  readonly mimeType: string;
  /** The address it was named by, or the SHA-256 of its bytes, hex. */
  readonly identity: string;
  /** Undefined when it was named by its address. */
  readonly sizeBytes?: number;
}

interface Part {
  readonly inlineData?: { readonly mimeType?: unknown; readonly data?: unknown };
  readonly fileData?: { readonly mimeType?: unknown; readonly fileUri?: unknown };
}

/** How files of each type that Gemini takes begin; at 4 for those in a container that names its size first. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  'image/jpeg': /^\xff\xd8\xff/,
  'image/png': /^\x89PNG/,
  'image/webp': /^RIFF.{4}WEBP/s,
  'image/heic': /^.{4}ftyp/s,
  'image/heif': /^.{4}ftyp/s,
};
const SIGNATURE_BYTES = 12;

/** The images among the parts, in their order. Refused as Google does: a wrong type, broken Base64, bytes of another type. */
export function readImages(parts: readonly unknown[], api: Call['api']): readonly SentImage[] | GoogleError {
  const images: SentImage[] = [];
  for (const part of parts as readonly Part[]) {
    const image = readImage(part, api);
    if (image === undefined) continue;
    if ('status' in image) return image;
    images.push(image);
  }
  if (images.length > 0) return images;
  return googleError(400, 'No image was sent: this server answers about images only.');
}

function readImage({ inlineData, fileData }: Part, api: Call['api']): SentImage | GoogleError | undefined {
  if (inlineData !== undefined) return readBytes(inlineData.mimeType, inlineData.data);
  if (fileData !== undefined) return readAddress(fileData.mimeType, fileData.fileUri, api);
  return undefined;
}

function readBytes(mimeType: unknown, data: unknown): SentImage | GoogleError {
  const signature = signatureOf(mimeType);
  if ('status' in signature) return signature;
  if (typeof data !== 'string' || !/^[\w+/-]+={0,2}$/.test(data)) {
    return googleError(400, 'Invalid value at inline_data.data (TYPE_BYTES), Base64 decoding failed.');
  }
  const bytes = Buffer.from(data, 'base64');
  if (!signature.pattern.test(bytes.toString('latin1', 0, SIGNATURE_BYTES))) {
    return googleError(400, 'Unable to process input image. Please retry or report.');
  }
  const identity = createHash('sha256').update(bytes).digest('hex');
  return { mimeType: signature.mimeType, identity, sizeBytes: bytes.length };
}

function readAddress(mimeType: unknown, fileUri: unknown, api: Call['api']): SentImage | GoogleError {
  const signature = signatureOf(mimeType);
  if ('status' in signature) return signature;
  const known = api === 'vertex' ? /^(?:gs|https):\/\/[^/]+\/.+/ : /^https:\/\/[^/]+\/.+/;
  if (typeof fileUri !== 'string' || !known.test(fileUri)) {
    return googleError(400, `Invalid or unsupported file uri: ${String(fileUri)}`);
  }
  return { mimeType: signature.mimeType, identity: fileUri };
}

function signatureOf(mimeType: unknown): { readonly mimeType: string; readonly pattern: RegExp } | GoogleError {
  if (typeof mimeType === 'string') {
    const pattern = SIGNATURES[mimeType];
    if (pattern !== undefined) return { mimeType, pattern };
  }
  return googleError(400, `Unsupported MIME type: ${String(mimeType)}`);
}
