/** At most so many characters, with … in place of the rest. */
export function cutText(text: string, characters: number): string {
  const all = Array.from(text.slice(0, characters * 4));
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}
