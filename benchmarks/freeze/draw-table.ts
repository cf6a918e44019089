import { open } from 'node:fs/promises';

/** Writes a CSV of `rows` street assets, always the same, and returns its path; `repeatLast` gives the last row the first id. */
export async function drawTable(path: string, rows: number, repeatLast = false): Promise<string> {
  await using file = await open(path, 'w');
  let text = 'asset_id,image_url,lat,lng,captured_at,street,note\n';
  for (let row = 0; row < rows; row += 1) {
    text += line(row, repeatLast && row === rows - 1 ? 0 : row);
    if (text.length < WRITE_CHARACTERS) continue;
    await file.appendFile(text);
    text = '';
  }
  await file.appendFile(text);
  return path;
}

const WRITE_CHARACTERS = 1_000_000;

function line(row: number, id: number): string {
  const place = `${(48 + (row % 10_007) / 10_007).toFixed(6)},${(11 + (row % 7_919) / 7_919).toFixed(6)}`;
  const seen = `2026-05-${two(1 + (row % 28))}T10:${two(row % 60)}:00Z`;
  const note = row % 7 === 0 ? '' : `seen ${row % 13}`;
  return `pole-${id.toString(36).padStart(7, '0')},https://images.example.org/2026/${row % 997}/${row}.jpg,${place},${seen},"Main Street ${row % 500}, North",${note}\n`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
