/** `not_visible` as people read it. */
export function outcomeWord(outcome: string): string {
  return outcome.replaceAll('_', ' ');
}
