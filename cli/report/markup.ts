/** HTML in which everything that came from outside has been escaped. */
export interface Markup {
  readonly html: string;
}

export type MarkupPart = Markup | string | number | null | readonly MarkupPart[];

/** A template of HTML: every part is escaped unless it is `Markup` itself; lists are joined, null is nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return { html: texts.map((text, at) => text + (at < parts.length ? toHtml(parts[at] ?? null) : '')).join('') };
}

/** For text that is HTML already. */
export function trusted(html: string): Markup {
  return { html };
}

function toHtml(part: MarkupPart): string {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map(toHtml).join('');
}

/** Also without control characters, which HTML forbids, and without those that turn the direction of the page. */
function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, ' ')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
