import { seededRandom } from './seeded-random.ts';

/** The drawing's own units; the picture has 800 x 600 pixels. */
const WIDTH = 960;
const HEIGHT = 720;
/** Where things stand on the pavement. */
export const GROUND = 560;

export interface Street {
  readonly seed: number;
  /** Which way the camera looks: changes light, clouds and the houses behind. */
  readonly side: number;
}

/** A street as SVG, with `thing` standing in front: sky, clouds, houses with windows, pavement, kerb and road. */
export function drawStreet(street: Street, thing: string): string {
  const random = seededRandom(street.seed * 31 + street.side);
  const [high, low] = SKIES[(street.seed + street.side) % SKIES.length] ?? SKIES[0];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${high}"/><stop offset="1" stop-color="${low}"/></linearGradient>
<linearGradient id="road" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5f6265"/><stop offset="1" stop-color="#3f4245"/></linearGradient>
<linearGradient id="metal" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#5d6670"/><stop offset=".4" stop-color="#b4bcc4"/><stop offset="1" stop-color="#4a525b"/></linearGradient>
<linearGradient id="wood" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#5c4630"/><stop offset=".4" stop-color="#8f7150"/><stop offset="1" stop-color="#4a3826"/></linearGradient>
<linearGradient id="red" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#9c1f1a"/><stop offset=".4" stop-color="#e0453a"/><stop offset="1" stop-color="#861612"/></linearGradient>
<linearGradient id="green" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#1d4a33"/><stop offset=".4" stop-color="#3f8560"/><stop offset="1" stop-color="#173c29"/></linearGradient>
<linearGradient id="blue" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#173f73"/><stop offset=".4" stop-color="#3d77bd"/><stop offset="1" stop-color="#123259"/></linearGradient>
<linearGradient id="glass" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#bcd6e6"/><stop offset=".5" stop-color="#6f94ad"/><stop offset="1" stop-color="#9dbccf"/></linearGradient>
</defs>
<rect width="${WIDTH}" height="440" fill="url(#sky)"/>
${drawClouds(random)}
${drawHouses(random)}
${drawGround(random)}
${thing}
</svg>`;
}

const SKIES = [
  ['#5d9bd6', '#d7e8f4'],
  ['#7fa8c9', '#e9edf0'],
  ['#4f86c6', '#f2dfc4'],
  ['#8aa0b4', '#dfe3e6'],
] as const;
const WALLS = ['#b5604a', '#c9a27a', '#8c8f94', '#d8cbb3', '#9a5b52', '#a8adb0', '#c27f5a'] as const;
const ROOFS = ['#4b3a36', '#5a5d63', '#6b4a3c'] as const;

type Random = () => number;

function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

function drawClouds(random: Random): string {
  return Array.from({ length: 4 }, () => {
    const x = random() * WIDTH;
    const y = 40 + random() * 140;
    return Array.from({ length: 5 }, (_, puff) => {
      const radius = 22 + random() * 26;
      return `<ellipse cx="${x + puff * 34}" cy="${y + random() * 16}" rx="${radius * 1.4}" ry="${radius * 0.7}" fill="#fff" opacity=".5"/>`;
    }).join('');
  }).join('\n');
}

function drawHouses(random: Random): string {
  const houses: string[] = [];
  for (let x = -30 - random() * 60; x < WIDTH;) {
    const width = 130 + Math.floor(random() * 110);
    houses.push(drawHouse(random, x, width, 170 + Math.floor(random() * 190)));
    x += width;
  }
  return houses.join('\n');
}

function drawHouse(random: Random, x: number, width: number, height: number): string {
  const top = 480 - height;
  const wall = pick(random, WALLS);
  const roof = `<rect x="${x - 3}" y="${top - 12}" width="${width + 6}" height="14" fill="${pick(random, ROOFS)}"/>`;
  const columns = Math.floor(width / 44);
  const gap = width / columns;
  const windows: string[] = [];
  for (let y = top + 18; y < 420; y += 54) {
    for (let column = 0; column < columns; column++)
      windows.push(drawWindow(random, x + gap * column + gap / 2 - 12, y));
  }
  const door = `<rect x="${x + width / 2 - 15}" y="424" width="30" height="56" fill="#3a2d27"/><circle cx="${x + width / 2 + 9}" cy="454" r="2" fill="#d9b45a"/>`;
  return `<rect x="${x}" y="${top}" width="${width}" height="${height}" fill="${wall}"/>${drawBricks(x, top, width)}${roof}${windows.join('')}${door}`;
}

function drawBricks(x: number, top: number, width: number): string {
  let path = '';
  for (let y = top + 8; y < 480; y += 8) path += `M${x} ${y}h${width}`;
  return `<path d="${path}" stroke="#000" stroke-opacity=".13" stroke-width="1"/>`;
}

function drawWindow(random: Random, x: number, y: number): string {
  const isLit = random() < 0.15;
  const curtain =
    random() < 0.5 ? `<rect x="${x + 2}" y="${y + 2}" width="8" height="32" fill="#efe9dc" opacity=".7"/>` : '';
  return `<rect x="${x - 2}" y="${y - 2}" width="28" height="40" fill="#ece7de"/><rect x="${x}" y="${y}" width="24" height="36" fill="${isLit ? '#f3d98b' : '#3b5368'}"/><path d="M${x} ${y + 14}l10 -14h8l-18 26z" fill="#fff" opacity=".25"/>${curtain}<path d="M${x + 12} ${y}v36M${x} ${y + 16}h24" stroke="#ece7de" stroke-width="2"/>`;
}

function drawGround(random: Random): string {
  let joints = '';
  for (let x = -200; x < WIDTH + 200; x += 60) joints += `M${x} 480L${(x - WIDTH / 2) * 1.35 + WIDTH / 2} 590`;
  for (const y of [496, 520, 552]) joints += `M0 ${y}H${WIDTH}`;
  const specks = Array.from({ length: 260 }, () => {
    const y = 606 + random() * 114;
    return `<rect x="${Math.floor(random() * WIDTH)}" y="${Math.floor(y)}" width="3" height="1.5" fill="${random() < 0.5 ? '#85888b' : '#2c2e30'}"/>`;
  });
  return `<rect y="480" width="${WIDTH}" height="110" fill="#aaa69e"/><path d="${joints}" stroke="#7d7a73" stroke-width="1.5" fill="none"/>
<rect y="590" width="${WIDTH}" height="12" fill="#cfcbc2"/><rect y="600" width="${WIDTH}" height="4" fill="#77746e"/>
<rect y="604" width="${WIDTH}" height="116" fill="url(#road)"/>${specks.join('')}
<path d="M-40 668h180M240 668h180M520 668h180M800 668h180" stroke="#e8e4d4" stroke-width="9"/>`;
}
