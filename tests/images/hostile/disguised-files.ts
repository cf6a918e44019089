import { encode, FORMATS, heicHead, noise } from '../sample-images.ts';
import type { HostileFile } from './hostile-file.ts';

const SIGNATURES: Readonly<Record<string, string>> = {
  jpeg: '\xff\xd8\xff\xe0\0\x10JFIF\0',
  png: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
  webp: 'RIFF\xff\xff\0\0WEBPVP8 ',
  gif: 'GIF89a',
  tiff: 'II*\0\x08\0\0\0',
  avif: '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf',
};

/** Files that are not what their name says, are two things at once, or are nothing at all. */
export async function disguisedFiles(random: () => number): Promise<readonly HostileFile[]> {
  const seed = Math.floor(random() * 1e9);
  const [jpeg, png, gif] = await Promise.all(
    (['jpeg', 'png', 'gif'] as const).map((format) => encode(noise(60, 40, seed), format)),
  );
  if (!jpeg || !png || !gif) throw new Error('unreachable');
  const noiseBytes = (length: number): Buffer =>
    Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
  return [
    ...(await wrongNames(seed)),
    { name: 'jpeg-and-zip.jpg', bytes: joined(jpeg, 'PK\x03\x04\x14\0\0\0\0\0', noiseBytes(500)), ends: 'succeeded' },
    { name: 'png-and-html.png', bytes: joined(png, '<html><script>alert(1)</script></html>'), ends: 'succeeded' },
    { name: 'jpeg-twice.jpg', bytes: joined(jpeg, jpeg), ends: 'succeeded' },
    { name: 'gif-and-script.gif', bytes: joined(gif, '/*', '*/=1;alert(1)'), ends: 'succeeded' },
    {
      name: 'script-as-gif.gif',
      bytes: joined('GIF89a=1;alert("not a picture");//', noiseBytes(200)),
      ends: 'ImageUnreadable',
    },
    { name: 'html-then-jpeg.jpg', bytes: joined('<html><body>', jpeg), ends: 'ImageUnreadable' },
    { name: 'pdf-then-jpeg.jpg', bytes: joined('%PDF-1.4\n', jpeg), ends: 'ImageUnsupported' },
    {
      name: 'svg-then-jpeg.jpg',
      bytes: joined('<svg xmlns="http://www.w3.org/2000/svg"><!--', jpeg),
      ends: 'ImageUnsupported',
    },
    { name: 'empty.jpg', bytes: Buffer.alloc(0), ends: 'ImageUnreadable' },
    { name: 'one-byte.png', bytes: Buffer.from([0x89]), ends: 'ImageUnreadable' },
    { name: 'zeros.jpg', bytes: Buffer.alloc(100_000), ends: 'ImageUnreadable' },
    ...Array.from({ length: 10 }, (_, index): HostileFile => {
      return { name: `random-${index}.jpg`, bytes: joined('?', noiseBytes(2 ** (index + 4))), ends: 'ImageUnreadable' };
    }),
    ...Object.entries(SIGNATURES).map(([format, head]): HostileFile => {
      return {
        name: `random-behind-signature.${format}`,
        bytes: joined(head, noiseBytes(5_000)),
        ends: 'ImageUnreadable',
      };
    }),
  ];
}

async function wrongNames(seed: number): Promise<readonly HostileFile[]> {
  const pictures = await Promise.all(
    FORMATS.map(async (format): Promise<HostileFile> => {
      const name = `really-${format}.${format === 'jpeg' ? 'heic' : 'jpg'}`;
      return { name, bytes: await encode(noise(40, 30, seed), format), ends: 'succeeded' };
    }),
  );
  const others = {
    'really-heic.jpg': [heicHead(), 'ImageUnsupported'],
    'really-svg.png': ['<?xml version="1.0"?>\n<svg xmlns="x" width="9" height="9"></svg>', 'ImageUnsupported'],
    'really-svg-reading-a-file.png': [
      '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="file:///etc/passwd"/></svg>',
      'ImageUnsupported',
    ],
    'really-pdf.jpg': ['%PDF-1.7\n1 0 obj\n', 'ImageUnsupported'],
    'really-bmp.jpg': [`BM${'\0'.repeat(60)}`, 'ImageUnsupported'],
    'really-icon.png': [`\0\0\x01\0\x01\0${'\0'.repeat(60)}`, 'ImageUnsupported'],
    'really-photoshop.jpg': [`8BPS\0\x01${'\0'.repeat(60)}`, 'ImageUnsupported'],
    'really-zip.png': [`PK\x03\x04${'\0'.repeat(60)}`, 'ImageUnreadable'],
    'really-film.jpg': [`\0\0\0\x18ftypmp42${'\0'.repeat(60)}`, 'ImageUnreadable'],
    'really-program.jpg': [`\x7fELF\x02\x01\x01${'\0'.repeat(60)}`, 'ImageUnreadable'],
    'really-html.jpg': ['<!DOCTYPE html><html>404</html>', 'ImageUnreadable'],
    'really-text.jpg': ['buy milk\n', 'ImageUnreadable'],
  } as const satisfies Record<string, readonly [string | Buffer, HostileFile['ends']]>;
  return [
    ...pictures,
    ...Object.entries(others).map(([name, [content, ends]]): HostileFile => ({ name, bytes: joined(content), ends })),
  ];
}

function joined(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}
