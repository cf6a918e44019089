import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FAILED, rowAt } from '../suites/store-samples.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { keepRun, type KeptRun } from '../support/kept-run.ts';
import { cli } from '../support/recorded-io.ts';

const executable = findChromium();
const ATTACK = '</style><script>document.title = "taken"</script><img src="http://127.0.0.1:1/x">';

describe.skipIf(!executable)('a report in a browser', () => {
  let dir: string;
  let run: KeptRun;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sightline-report-'));
    const files = await Promise.all(
      ['#336699', '#993333'].map((colour, at) => makePicture(join(dir, `${at}.jpg`), colour)),
    );
    const findings = { lamps: 2, sharpness: 0.4, usable: true, light: 'day', things: ['pole', ATTACK] };
    const long = 'a-name-without-any-space-'.repeat(12);
    run = await keepRun([
      ...Array.from({ length: 8 }, (_, row) =>
        rowAt(
          row,
          { findings: { ...findings, sharpness: row / 8, caption: row === 0 ? ATTACK : `${long} ${row}` } },
          { images: files.map((uri) => ({ uri })), assetId: row === 0 ? ATTACK : `${long}${row}` },
        ),
      ),
      rowAt(8, FAILED, { images: [{ uri: '/nowhere.jpg' }] }),
      rowAt(9, { kind: 'not_visible' }, { images: [{ uri: 'https://images.example/9.jpg' }] }),
    ]);
    const path = join(dir, 'report.html');
    await cli(['runs', 'report', run.runId, '-o', path, '--data-dir', run.dir, '--address', '127.0.0.1:1'], {
      workingDir: dir,
    });
    url = pathToFileURL(path).href;
    browser = await launchChromium(executable ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await run?.[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  interface OpenPage extends AsyncDisposable {
    readonly page: Page;
    readonly context: BrowserContext;
    /** What it said on its console, and whom it asked for something. */
    readonly said: readonly string[];
    readonly asked: readonly string[];
  }

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<OpenPage> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const [said, asked]: string[][] = [[], []];
    page.on('console', (message) => said?.push(message.text()));
    page.on('pageerror', (error) => said?.push(error.message));
    page.on('request', (request) => asked?.push(request.url()));
    await page.goto(url);
    return { page, context, said: said ?? [], asked: asked ?? [], [Symbol.asyncDispose]: () => context.close() };
  }

  test('asks nobody for anything, says nothing on the console, and runs no script of an asset', async () => {
    await using opened = await open();
    expect(opened.said).toEqual([]);
    expect(opened.asked.filter((address) => !address.startsWith('data:'))).toEqual([url]);
    expect(await opened.page.title()).toBe('brisk-heron-7f2k: Sightline report');
    expect(await opened.page.getByText('<script>').count()).toBeGreaterThan(0);
  });

  test('shows every picture, and says of the others why not', async () => {
    await using opened = await open();
    const widths = await opened.page
      .locator('img')
      .evaluateAll((images) =>
        images.map((image) => (image as unknown as { readonly naturalWidth: number }).naturalWidth),
      );
    expect(widths).toEqual(Array.from({ length: 16 }, () => 320));
    expect(await opened.page.locator('.absent').allInnerTexts()).toEqual([
      expect.stringContaining('a report fetches nothing'),
      expect.stringContaining('does not exist'),
    ]);
  });

  test.each(['light', 'dark'] as const)('has nothing that axe objects to when it is %s', async (colorScheme) => {
    await using opened = await open({ colorScheme });
    await opened.page.locator('details').evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
    const { violations } = await new AxeBuilder({ page: opened.page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  test.each([360, 768, 1_440])('needs no scrolling to the side at %d pixels', async (width) => {
    await using opened = await open({ viewport: { width, height: 800 } });
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('is the same without JavaScript', async () => {
    await using opened = await open({ javaScriptEnabled: false });
    expect(await opened.page.getByRole('heading', { name: 'What to fix first?' }).isVisible()).toBe(true);
    expect(opened.said).toEqual([]);
  });

  test('prints on paper', async () => {
    await using opened = await open();
    const pdf = await opened.page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(10_000);
  });
});

async function makePicture(path: string, background: string): Promise<string> {
  await sharp({ create: { width: 320, height: 200, channels: 3, background } })
    .jpeg()
    .toFile(path);
  return path;
}
