import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestListener } from 'node:http';
import { failureRule, isFailureName, type Failure } from '../../contracts/failures.ts';
import { encode, heicHead, noise, pngClaiming } from '../../tests/images/sample-images.ts';
import { startWebServer } from '../../tests/support/web-server.ts';
import type { BadCase, BadGroup, Bench, End } from './bad-case.ts';

/** What becomes of an asset with this failure, and the hint of the list of failures. */
function ended({ name, message }: Failure): End {
  if (!isFailureName(name)) throw new Error(`${String(name)} is no failure`);
  const { outcome, retry } = failureRule(name);
  const again = typeof retry === 'object' ? `tried again for ${retry.forMs / 60_000} minutes, then ` : '';
  return { message, ends: `${again}${outcome}, \`${name}\`` };
}

/** How `try` ends on an image. */
async function tried(bench: Bench, image: string, env: Readonly<Record<string, string>> = {}): Promise<End> {
  const { out, err } = await bench.sightline(['try', image, '--json'], { env });
  const { failure } = (out === '' ? {} : JSON.parse(out)) as { readonly failure?: Failure };
  if (failure === undefined) throw new Error(`${image} does not fail: ${out}${err}`);
  return ended(failure);
}

/** How the image of a list is found by `sources inspect`. */
async function looked(bench: Bench, image: string): Promise<End> {
  await bench.write('photos.txt', `${image}\n`);
  const { out } = await bench.sightline(['sources', 'inspect', 'photos.txt', '--json']);
  const [look] = (JSON.parse(out) as { readonly looks: readonly { readonly failure?: Failure }[] }).looks;
  if (look?.failure === undefined) throw new Error(`${image} does not fail: ${out}`);
  return ended(look.failure);
}

type Content = () => Promise<Uint8Array> | Uint8Array;

function picture(what: string, name: string, content: Content, todo: string, env = {}): BadCase {
  const make: BadCase['make'] = async (bench) => {
    await bench.write(name, await content());
    return tried(bench, name, env);
  };
  return { what, todo, make };
}

const text =
  (content: string): Content =>
  () =>
    Buffer.from(content, 'latin1');

const jpeg = () => encode(noise(60, 40), 'jpeg');

const files: BadGroup = {
  title: 'Image files',
  intro:
    'The asset ends so; the run goes on with all others. `failures list RUN` counts them by cause, with samples and hints.',
  cases: [
    { what: 'a file that is not there', todo: 'correct the path', make: (bench) => looked(bench, 'a.jpg') },
    {
      what: 'a folder',
      todo: 'name the images in it',
      async make(bench) {
        await mkdir(join(bench.dir, 'a.jpg'));
        return looked(bench, 'a.jpg');
      },
    },
    picture('an empty file', 'a.jpg', text(''), 'copy it again'),
    picture('text', 'a.jpg', text('buy milk\n'), 'name the picture'),
    picture('a web page', 'a.jpg', text('<!DOCTYPE html><html>404</html>'), 'download the picture itself'),
    picture('an archive', 'a.jpg', text(`PK\x03\x04${'\0'.repeat(60)}`), 'unpack it'),
    picture('HEIC', 'a.heic', heicHead, '`heif-convert a.heic a.jpg`'),
    picture('PDF', 'a.pdf', text('%PDF-1.7\n1 0 obj\n'), '`pdftoppm -jpeg a.pdf a`'),
    picture('SVG', 'a.svg', text('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), '`rsvg-convert a.svg -o a.png`'),
    picture('BMP', 'a.bmp', text(`BM${'\0'.repeat(60)}`), '`magick a.bmp a.png`'),
    picture('cut off', 'a.jpg', async () => (await jpeg()).subarray(0, -400), 'copy it again'),
    picture('damaged', 'a.png', async () => damaged(await encode(noise(60, 40), 'png')), 'copy it again'),
    picture('too many bytes', 'a.jpg', jpeg, 'scale it down, or raise `SIGHTLINE_IMAGE_MAX_BYTES`', {
      SIGHTLINE_IMAGE_MAX_BYTES: '1000',
    }),
    picture(
      'too many pixels, or a header that claims them',
      'a.png',
      () => pngClaiming(30_000, 30_000),
      'scale it down, or raise `SIGHTLINE_IMAGE_MAX_PIXELS`',
    ),
  ],
};

function damaged(png: Buffer): Buffer {
  return png.fill(0x55, Math.floor(png.length / 2), Math.floor(png.length / 2) + 40);
}

const answer =
  (status: number, headers: Readonly<Record<string, string>> = {}, body: string | Buffer = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

/** How an image ends behind a server that answers so; it stands in for `photos.example`. */
function served(what: string, handle: RequestListener, todo: string, env = {}): BadCase {
  return {
    what,
    todo,
    async make(bench) {
      await using server = await startWebServer({ '/a.jpg': handle });
      const end = await tried(bench, `${server.origin}/a.jpg`, {
        SIGHTLINE_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
        ...env,
      });
      return { ...end, message: end.message.replaceAll(new URL(server.origin).host, 'photos.example') };
    },
  };
}

/** An address that is refused without asking. */
function refused(what: string, address: string, todo: string): BadCase {
  return { what, todo, make: (bench) => tried(bench, address) };
}

const addresses: BadGroup = {
  title: 'Image addresses',
  intro: 'As with files. What may go away by itself is tried again first.',
  cases: [
    served('404', answer(404), 'correct the address'),
    served('410', answer(410), 'leave it out'),
    served('401, 403', answer(403), 'use a signed address, or copy the images to a folder'),
    served('429, 500 and above', answer(503), 'nothing at first; see whether the server answers'),
    served('redirects without end', answer(302, { location: '/a.jpg' }), 'correct the address'),
    served('a web page', answer(200, {}, '<!DOCTYPE html><html></html>'), 'take the address of the picture itself'),
    served(
      'too many bytes',
      answer(200, { 'content-length': '2000' }, Buffer.alloc(2000)),
      'use a smaller version of it, or raise `SIGHTLINE_IMAGE_MAX_BYTES`',
      { SIGHTLINE_IMAGE_MAX_BYTES: '1000' },
    ),
    served('a server that hangs', () => undefined, 'nothing at first; see `SIGHTLINE_FETCH_TIMEOUT_MS`', {
      SIGHTLINE_FETCH_TIMEOUT_MS: '100',
    }),
    refused('a private address', 'http://10.1.2.3/a.jpg', '`SIGHTLINE_ALLOW_PRIVATE_ADDRESSES=10.1.2.3`'),
    refused('this machine', 'http://127.0.0.1/a.jpg', 'name the file'),
    refused('the metadata of a cloud', 'http://169.254.169.254/latest', 'nothing: it is no image'),
    refused('another scheme', 'ftp://photos.example/a.jpg', 'use https, or copy the images to a folder'),
    refused('a password in the address', 'https://me:secret@photos.example/a.jpg', 'use a signed address'),
    refused('an address that is none', 'https://photos example/a.jpg', 'correct it'),
    served(
      'a redirect to a private address',
      answer(302, { location: 'http://10.1.2.3/a.jpg' }),
      'use the public address',
    ),
  ],
};

/** Images that cannot be looked at. */
export const IMAGE_GROUPS: readonly BadGroup[] = [files, addresses];
