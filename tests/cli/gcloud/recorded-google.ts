import { callText, type CallGoogle, type GoogleAnswer, type GoogleCall } from '../../../cli/gcloud/google-call.ts';

export interface RecordedGoogle {
  readonly call: CallGoogle;
  /** Every call so far, a line each. */
  lines(): readonly string[];
}

/** Answers by rules, the first that fits; what no rule fits is refused as Google refuses. */
export function recordedGoogle(rules: readonly (readonly [part: string, answer: GoogleAnswer])[]): RecordedGoogle {
  const lines: string[] = [];
  return {
    async call(call: GoogleCall) {
      lines.push(callText(call));
      const rule = rules.find(([part]) => callText(call).includes(part));
      return rule?.[1] ?? refusal(403, `Permission denied on ${call.url}`);
    },
    lines: () => lines,
  };
}

export function answer(body: unknown): GoogleAnswer {
  return { status: 200, body };
}

/** The body that all of Google's REST services refuse with. */
export function refusal(status: number, message: string): GoogleAnswer {
  return { status, body: { error: { code: status, message, errors: [{ message, domain: 'global' }] } } };
}
