import type { FaultProxy } from '../../fake-google/fault-proxy/start-fault-proxy.ts';

/** Lets answers get lost and calls be refused by chance, until the function that it returns is called. */
export function stirUp(proxy: FaultProxy, random: () => number): () => void {
  const sometimes = (share: number) => () => random() < share;
  const loses = (wanted: string, share: number) => ({
    fault: { kind: 'lose-answer' } as const,
    when: ({ method }: { readonly method: string }) => method === wanted && random() < share,
  });
  proxy.grpc.answers.add(loses('AppendRows', 0.1));
  proxy.grpc.answers.add(loses('BatchCommitWriteStreams', 0.3));
  proxy.grpc.refusals.add({ fault: { code: 14, message: 'unavailable by a rule' }, when: sometimes(0.05) });
  proxy.rest.rules.add(loses('POST', 0.1));
  proxy.rest.rules.add({ fault: { kind: 'refuse', status: 503, reason: 'backendError' }, when: sometimes(0.05) });
  return proxy.calm;
}

/** Resolves when the server has done a call for the n-th time and its answer is lost. */
export function answerLost(proxy: FaultProxy, wanted: string, nth: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    const when = ({ method }: { readonly method: string }): boolean => {
      if (method !== wanted || (seen += 1) !== nth) return false;
      resolve();
      return true;
    };
    proxy.grpc.answers.add({ fault: { kind: 'lose-answer' }, when });
  });
}
