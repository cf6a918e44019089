/** Lets tasks run side by side, and some of them alone. */
export interface SharedOrAlone {
  shared<T>(task: () => Promise<T>): Promise<T>;
  /** Starts when all that came before have ended; those that come later wait for it. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

/** A task must not ask again from within: it would wait for itself. */
export function createSharedOrAlone(): SharedOrAlone {
  let lastAlone: Promise<unknown> = Promise.resolve();
  const running = new Set<Promise<unknown>>();
  return {
    shared(task) {
      return keep(lastAlone.then(task));
    },
    alone(task) {
      const mine = keep(Promise.allSettled(running).then(task));
      lastAlone = mine.catch(() => undefined);
      return mine;
    },
  };

  function keep<T>(task: Promise<T>): Promise<T> {
    running.add(task);
    const end = (): void => void running.delete(task);
    task.then(end, end);
    return task;
  }
}
