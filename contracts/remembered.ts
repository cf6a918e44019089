/** What was opened for a key; opens it for the first who asks. What failed is tried again by the next who asks. */
export function remembered<Key, T>(known: Map<Key, Promise<T>>, key: Key, open: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const opened = open();
  known.set(key, opened);
  opened.catch(() => known.delete(key));
  return opened;
}
