/** What a person should know of a source that goes away by itself at this time, ISO 8601. No full stop. */
export function sourceEndText(endsAt: string): string {
  return `The table goes away at ${endsAt}; images that go with it have to be looked at by then, or their assets are skipped`;
}
