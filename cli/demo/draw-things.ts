import { GROUND } from './draw-street.ts';

/** Things of a street as SVG around x = 0, standing on `GROUND`; what is above has smaller y. */
export const THINGS = {
  'utility-pole': drawUtilityPole,
  'stop-sign': drawStopSign,
  'fire-hydrant': drawHydrant,
  'street-lamp': drawLamp,
  storefront: drawStorefront,
  bench: drawBench,
  mailbox: drawMailbox,
  'traffic-light': drawTrafficLight,
  'bus-shelter': drawShelter,
  'street-tree': drawTree,
  'litter-bin': drawBin,
  'bicycle-rack': drawRack,
} as const satisfies Record<string, () => string>;

export type ThingName = keyof typeof THINGS;

/** A thing at `x`, seen from a side: turned things look narrower, and the other side is mirrored. */
export function placeThing(name: ThingName, x: number, side: number): string {
  const turn = [1, 0.72, -0.86][side % 3] ?? 1;
  const shadow = `<ellipse cx="${x + 24}" cy="${GROUND + 4}" rx="90" ry="9" fill="#000" opacity=".28"/>`;
  return `${shadow}<g transform="translate(${x} 0) scale(${turn} 1)">${THINGS[name]()}</g>`;
}

function post(width: number, top: number, fill: string): string {
  return `<rect x="${-width / 2}" y="${top}" width="${width}" height="${GROUND - top}" fill="url(#${fill})"/>`;
}

function lines(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join('');
}

function drawUtilityPole(): string {
  const wires = lines(
    4,
    (index) =>
      `<path d="M${-78 + index * 52} 92Q300 ${150 + index * 8} 900 ${60 + index * 14}M${-78 + index * 52} 92Q-300 ${150 + index * 8} -900 ${60 + index * 14}" stroke="#22252a" stroke-width="2" fill="none"/><rect x="${-82 + index * 52}" y="88" width="8" height="16" rx="3" fill="#dfe5e8" stroke="#7b858c"/>`,
  );
  const grain = lines(
    26,
    (index) =>
      `<path d="M${-9 + (index % 5) * 4} ${90 + index * 18}v${12 + (index % 3) * 4}" stroke="#3c2c1d" stroke-width="1"/>`,
  );
  return `${post(24, 60, 'wood')}${grain}<rect x="-100" y="104" width="200" height="12" fill="#5c4630"/><rect x="-70" y="140" width="140" height="10" fill="#5c4630"/><rect x="14" y="190" width="34" height="64" rx="8" fill="url(#metal)"/>${wires}`;
}

function drawStopSign(): string {
  const octagon = (radius: number) =>
    lines(
      8,
      (index) =>
        `${(Math.cos(((index + 0.5) * Math.PI) / 4) * radius).toFixed(1)},${(Math.sin(((index + 0.5) * Math.PI) / 4) * radius + 250).toFixed(1)} `,
    );
  return `${post(12, 240, 'metal')}<polygon points="${octagon(100)}" fill="#fff"/><polygon points="${octagon(92)}" fill="#c1272d"/><path d="M-22 300v-50a7 7 0 0 1 14 0v-22a7 7 0 0 1 14 0v-4a7 7 0 0 1 14 0v50q8 -14 16 -8l-14 42q-4 12 -18 12h-12q-14 0 -14 -20z" fill="#fff"/><circle cy="166" r="4" fill="#ddd"/><circle cy="334" r="4" fill="#ddd"/>`;
}

function drawHydrant(): string {
  const bolts = lines(
    6,
    (index) =>
      `<circle cx="${-40 + index * 16}" cy="544" r="4" fill="#6e100d"/><circle cx="${-35 + index * 14}" cy="392" r="3" fill="#6e100d"/>`,
  );
  return `<rect x="-52" y="538" width="104" height="22" rx="4" fill="url(#red)"/><rect x="-36" y="396" width="72" height="146" fill="url(#red)"/><rect x="-44" y="384" width="88" height="16" rx="4" fill="url(#red)"/><path d="M-36 386a36 34 0 0 1 72 0z" fill="url(#red)"/><rect x="-9" y="338" width="18" height="18" fill="#b9bfc4"/><rect x="-64" y="426" width="30" height="36" rx="5" fill="#b9bfc4"/><rect x="34" y="426" width="30" height="36" rx="5" fill="#b9bfc4"/><circle cy="470" r="24" fill="#b9bfc4" stroke="#6b7278" stroke-width="4"/><circle cy="470" r="8" fill="#6b7278"/><path d="M-60 462q10 50 36 34" stroke="#3c4146" stroke-width="3" stroke-dasharray="5 3" fill="none"/>${bolts}`;
}

function drawLamp(): string {
  return `<rect x="-20" y="530" width="40" height="30" fill="#2c3338"/>${post(14, 110, 'metal')}<path d="M0 116Q0 80 60 78h60" stroke="#59626b" stroke-width="10" fill="none"/><path d="M104 70h84q10 0 8 14h-100z" fill="#3a4148"/><path d="M104 84h86l-8 12h-70z" fill="#fff3c4"/>${lines(5, (index) => `<rect x="-9" y="${240 + index * 60}" width="18" height="5" fill="#3a4148"/>`)}<rect x="-9" y="470" width="18" height="34" fill="#3f4851" stroke="#22272c"/>`;
}

function drawStorefront(): string {
  const awning = lines(
    14,
    (index) =>
      `<path d="M${-266 + index * 38} 290h38l${index < 7 ? 4 : 10} 62h-38z" fill="${index % 2 === 0 ? '#b8342b' : '#f3ede0'}"/><circle cx="${-238 + index * 38}" cy="352" r="19" fill="${index % 2 === 0 ? '#b8342b' : '#f3ede0'}"/>`,
  );
  const goods = lines(
    18,
    (index) =>
      `<circle cx="${-226 + (index % 9) * 22}" cy="${496 + Math.floor(index / 9) * 22}" r="10" fill="${['#d9822b', '#7aa23c', '#c23b3b', '#e2c044'][index % 4]}" stroke="#4a3a22"/>`,
  );
  return `<rect x="-276" y="230" width="552" height="330" fill="#40514a"/><rect x="-262" y="244" width="524" height="42" fill="#23302b"/>${lines(9, (index) => `<rect x="${-160 + index * 36}" y="${256 + (index % 2) * 3}" width="${18 + (index % 3) * 5}" height="18" rx="3" fill="#e4c87a"/>`)}<rect x="-250" y="360" width="250" height="170" fill="url(#glass)"/><path d="M-250 360l60 170h30l-60 -170z" fill="#fff" opacity=".3"/><rect x="20" y="360" width="110" height="200" fill="#2b3833"/><rect x="32" y="372" width="86" height="130" fill="url(#glass)"/><circle cx="118" cy="470" r="5" fill="#e4c87a"/><rect x="150" y="360" width="104" height="170" fill="url(#glass)"/><path d="M-167 360v170M-84 360v170M202 360v170" stroke="#2b3833" stroke-width="5"/><rect x="-246" y="508" width="210" height="34" fill="#8a6a43"/>${goods}${awning}`;
}

function drawBench(): string {
  const slats = lines(
    4,
    (index) =>
      `<rect x="-190" y="${376 + index * 26}" width="380" height="18" rx="4" fill="#8f6538"/><path d="M-180 ${382 + index * 26}h150M-10 ${387 + index * 26}h180" stroke="#5f4122" stroke-width="1.5"/>`,
  );
  const legs = lines(
    3,
    (index) =>
      `<path d="M${-164 + index * 164} 366v194M${-164 + index * 164} 486h-16v74M${-180 + index * 164} 556h30" stroke="#2d3338" stroke-width="10" fill="none"/>`,
  );
  return `${legs}${slats}<rect x="-196" y="484" width="392" height="16" rx="4" fill="#a3743f"/><rect x="-200" y="502" width="400" height="12" rx="4" fill="#7c572f"/>`;
}

function drawMailbox(): string {
  return `<rect x="-52" y="528" width="18" height="32" fill="#12325a"/><rect x="34" y="528" width="18" height="32" fill="#12325a"/><path d="M-70 532v-150a70 62 0 0 1 140 0v150z" fill="url(#blue)"/><rect x="-46" y="372" width="92" height="16" rx="5" fill="#0b2038"/><rect x="-54" y="354" width="108" height="12" rx="4" fill="#8fb2da"/><rect x="-38" y="420" width="76" height="54" fill="#f4f4ee"/>${lines(5, (index) => `<path d="M-30 ${430 + index * 9}h${60 - (index % 3) * 12}" stroke="#55606b" stroke-width="3"/>`)}<path d="M-20 505l20 -14 20 14z" fill="#f2c744"/>`;
}

function drawTrafficLight(): string {
  const lamps = [
    ['#e8402f', 132],
    ['#5a4a1a', 196],
    ['#1d4a2b', 260],
  ] as const;
  return `${post(16, 290, 'metal')}<rect x="-46" y="90" width="92" height="214" rx="14" fill="#1c1f22" stroke="#f0c93a" stroke-width="5"/>${lamps.map(([color, y]) => `<circle cy="${y}" r="26" fill="${color}"/><path d="M-30 ${y - 8}a30 28 0 0 1 60 0" stroke="#000" stroke-width="7" fill="none"/><circle cx="-8" cy="${y - 8}" r="6" fill="#fff" opacity=".35"/>`).join('')}<rect x="-14" y="420" width="28" height="50" rx="4" fill="#f0c93a"/><circle cy="448" r="8" fill="#333"/>`;
}

function drawShelter(): string {
  return `<rect x="-230" y="290" width="460" height="22" fill="#2f3b45"/><rect x="-214" y="312" width="300" height="236" fill="url(#glass)" opacity=".65"/><path d="M-214 312l90 236h40l-90 -236z" fill="#fff" opacity=".3"/><rect x="-222" y="300" width="12" height="260" fill="url(#metal)"/><rect x="86" y="300" width="12" height="260" fill="url(#metal)"/><path d="M-64 312v236" stroke="#2f3b45" stroke-width="5"/><rect x="-190" y="492" width="250" height="14" fill="#8f6538"/><rect x="108" y="330" width="110" height="200" fill="#f6f2e6" stroke="#2f3b45" stroke-width="8"/><circle cx="163" cy="390" r="34" fill="#e6843a"/><path d="M120 500l30 -50 24 30 16 -22 24 42z" fill="#3d77bd"/>${lines(4, (index) => `<path d="M-50 ${340 + index * 12}h${90 - index * 14}" stroke="#2f3b45" stroke-width="4"/>`)}`;
}

function drawTree(): string {
  const greens = ['#3f6b33', '#578a43', '#2f5429', '#6fa056'];
  const leaves = lines(150, (index) => {
    const angle = index * 2.39996;
    const radius = 11.5 * Math.sqrt(index);
    return `<circle cx="${(Math.cos(angle) * radius * 1.15).toFixed(1)}" cy="${(Math.sin(angle) * radius * 0.95 + 215).toFixed(1)}" r="${15 + (index % 5) * 3}" fill="${greens[(index * 7) % 4]}"/>`;
  });
  return `<rect x="-66" y="546" width="132" height="14" fill="#5c4a35"/><path d="M-20 556Q-12 440 -14 300h28Q12 440 22 556z" fill="url(#wood)"/><path d="M-8 380L-60 300M6 400L66 310" stroke="#5c4630" stroke-width="12"/>${leaves}`;
}

function drawBin(): string {
  return `<path d="M-62 400h124l-10 160h-104z" fill="url(#green)"/>${lines(9, (index) => `<path d="M${-48 + index * 12} 410l${4 - index} 140" stroke="#12301f" stroke-width="4"/>`)}<rect x="-70" y="384" width="140" height="20" rx="8" fill="#2c5f45"/><path d="M-60 386q60 -66 120 0z" fill="url(#green)"/><rect x="-30" y="352" width="60" height="16" rx="6" fill="#0d1f15"/><rect x="-24" y="450" width="48" height="36" fill="#e9e4d2"/><path d="M-12 478l12 -22 12 22z" fill="#2c5f45"/>`;
}

function drawRack(): string {
  const hoops = lines(
    4,
    (index) =>
      `<path d="M${-190 + index * 110} 560v-110a35 35 0 0 1 70 0v110" stroke="#7d8790" stroke-width="10" fill="none"/>`,
  );
  const spokes = (x: number) =>
    lines(
      12,
      (index) =>
        `<path d="M${x} 492L${(x + Math.cos((index * Math.PI) / 6) * 64).toFixed(1)} ${(492 + Math.sin((index * Math.PI) / 6) * 64).toFixed(1)}" stroke="#888f96" stroke-width="1.5"/>`,
    );
  const wheel = (x: number) =>
    `${spokes(x)}<circle cx="${x}" cy="492" r="66" fill="none" stroke="#191b1d" stroke-width="8"/>`;
  return `${hoops}${wheel(-90)}${wheel(110)}<path d="M-90 492L-30 396H76L110 492M-30 396L10 492H-90M10 492L76 396M-30 396L-42 366M76 396L66 352h34" stroke="#b8342b" stroke-width="9" fill="none"/><rect x="-66" y="356" width="50" height="12" rx="6" fill="#22262a"/><circle cx="10" cy="492" r="13" fill="#4a5057"/>`;
}
