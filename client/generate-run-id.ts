import { randomInt } from 'node:crypto';

/** A readable run id such as `brisk-heron-7f2k`. `pick(n)` returns a whole number from 0 to n-1; default: random. */
export function generateRunId(pick: (below: number) => number = (below) => randomInt(below)): string {
  const adjective = ADJECTIVES[pick(ADJECTIVES.length)];
  const bird = BIRDS[pick(BIRDS.length)];
  const tail = Array.from({ length: 4 }, () => LETTERS[pick(LETTERS.length)]).join('');
  return `${adjective}-${bird}-${tail}`;
}

/** Without those that are taken for one another when read aloud or copied by hand. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';

const ADJECTIVES = (
  'able amber bold brave breezy bright brisk calm clear clever cosy crisp dapper eager early fair fleet gentle glad ' +
  'golden grand happy hardy keen kind lively lucid lucky mellow merry misty neat nimble noble plucky polite proud quick ' +
  'quiet rapid ready rosy royal sharp silver smart snug solid spry steady sunny swift tidy vivid warm wise witty'
).split(' ');

const BIRDS = (
  'avocet bittern bunting chough crane curlew dipper dove dunlin egret eider falcon finch gannet godwit goose grebe grouse ' +
  'gull harrier heron hobby hoopoe ibis jackdaw jay kestrel kite knot lapwing lark linnet magpie martin merlin nuthatch ' +
  'oriole osprey ouzel owl petrel pipit plover puffin quail raven redstart robin rook ruff shrike siskin skua snipe ' +
  'sparrow starling stork swallow swan swift teal tern thrush wagtail warbler waxwing wigeon wren'
).split(' ');
