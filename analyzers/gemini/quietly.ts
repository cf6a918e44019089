/** Makes clients of Google's, which write advice on stdout and stderr when they are made; stdout is for data. */
export function quietly<T>(make: () => T): T {
  const { debug, warn } = console;
  Object.assign(console, { debug: silence, warn: silence });
  try {
    return make();
  } finally {
    Object.assign(console, { debug, warn });
  }
}

function silence(): void {}
