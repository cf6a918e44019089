/** What goes wrong with what is asked. */
export interface Rule<Question, Fault> {
  readonly fault: Fault;
  /** Default: whatever is asked. */
  readonly when?: (question: Question) => boolean;
  /** How often it happens at most. Default: without end. */
  readonly times?: number;
}

export interface RuleBook<Question, Fault> {
  add(rule: Rule<Question, Fault>): void;
  clear(): void;
  /** The fault of the first rule that fits, which is used up by one. */
  take(question: Question): Fault | undefined;
}

export function createRuleBook<Question, Fault>(): RuleBook<Question, Fault> {
  const entries: { readonly rule: Rule<Question, Fault>; left: number }[] = [];
  return {
    add: (rule) => {
      entries.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      entries.length = 0;
    },
    take: (question) => {
      const entry = entries.find(({ rule, left }) => left > 0 && (rule.when?.(question) ?? true));
      if (entry === undefined) return undefined;
      entry.left--;
      return entry.rule.fault;
    },
  };
}
