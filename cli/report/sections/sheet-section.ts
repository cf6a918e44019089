import { OUTCOME_KINDS } from '../../../contracts/outcome.ts';
import type { PromptField } from '../../../contracts/prompt.ts';
import type { StoredRow } from '../../../stores/ports.ts';
import { countOf, formatCount } from '../../output/numbers.ts';
import { cellText } from '../../output/row-text.ts';
import { formatValue } from '../decisions/words.ts';
import { markup } from '../markup.ts';
import type { Card, Picture, ReportData } from '../report-data.ts';
import { cutText } from './cut-text.ts';
import { outcomeWord } from './outcome-word.ts';

const TEXT_CHARACTERS = 240;
const MESSAGE_CHARACTERS = 300;

/** Pictures beside their answers, by outcome. */
export function sheetSection({ sheet, summary, record }: ReportData) {
  if (sheet.length === 0)
    return markup`<section id="sheet"><h2>Pictures and answers</h2><p>There is no row to show yet.</p></section>`;
  const isAll = sheet.length === summary.rows;
  const lead = isAll
    ? `All ${countOf(sheet.length, 'asset')}.`
    : `${formatCount(sheet.length)} of ${countOf(summary.rows, 'asset')}: some of each outcome and cause, both ends of each number, and others by chance.`;
  return markup`<section id="sheet">
<h2>Pictures and answers</h2>
<p class="lead">${lead}</p>
${OUTCOME_KINDS.map((kind) => {
  const cards = sheet.filter(({ row }) => row['outcome'] === kind);
  if (cards.length === 0) return null;
  return markup`<h3><span class="dot ${kind}"></span>${outcomeWord(kind)}</h3>
<ul class="sheet">${cards.map((card) => cardItem(card, record?.plan.fields ?? []))}
</ul>
`;
})}
</section>`;
}

function cardItem({ row, reasons, pictures, morePictures }: Card, fields: readonly PromptField[]) {
  const id = cellText(row['asset_id']);
  const more =
    morePictures > 0 ? markup`<p class="small">and ${countOf(morePictures, 'more image', 'more images')}</p>` : null;
  const none = pictures.length === 0 ? markup`<div class="absent"><p>No image</p></div>` : null;
  return markup`
<li class="card">
<div class="pictures">${none}${pictures.map((picture) => pictureBox(picture, id))}</div>
${more}
<h4>${cutText(id, 120)}</h4>
${reasons.length === 0 ? null : markup`<p class="reasons">${reasons.map((reason) => markup`<span>${reason}</span> `)}</p>`}
${answerList(row, fields)}
</li>`;
}

function pictureBox(picture: Picture, assetId: string) {
  if (picture.kind === 'absent') {
    return markup`<div class="absent"><p><b>${cutText(picture.name, 60)}</b> ${picture.why}</p></div>`;
  }
  const { dataUri, widthPx, heightPx, name, hasChanged } = picture;
  const changed = hasChanged ? markup`<figcaption>The file has changed since the run.</figcaption>` : null;
  return markup`<figure><img src="${dataUri}" width="${widthPx}" height="${heightPx}" alt="${name} of ${assetId}">${changed}</figure>`;
}

function answerList(row: StoredRow, fields: readonly PromptField[]) {
  if (row['outcome'] !== 'succeeded') {
    const failure = cellText(row['failure']);
    if (failure === '') return null;
    return markup`<p class="failed"><b>${failure}</b> ${cutText(cellText(row['failure_message']), MESSAGE_CHARACTERS)}</p>`;
  }
  return markup`<dl class="answers">${fields.map(({ name }) => {
    const value = row[name];
    const text = typeof value === 'number' ? formatValue(value) : cutText(cellText(value), TEXT_CHARACTERS);
    const isLong = text.length > 24 ? 'long' : 'short';
    return markup`<div class="${isLong}"><dt>${name}</dt><dd>${text === '' ? '–' : text}</dd></div>`;
  })}</dl>`;
}
