import type { FieldSummary, ResultSummary } from '../../stores/ports.ts';

/** An asset that the contact sheet shows, by its row number, and why. */
export interface Choice {
  readonly row: number;
  readonly reasons: readonly string[];
}

/**
 * Chooses at most `limit` assets: one of each failure cause, one of each outcome, both ends of each number, one of each
 * frequent value; then a second one of each, and so on. In the order of their rows.
 */
export function chooseSheet(summary: ResultSummary, limit: number): readonly Choice[] {
  const groups = groupsOf(summary);
  const chosen = new Set<number>();
  for (let round = 0; chosen.size < limit && groups.some(({ rows }) => round < rows.length); round++) {
    for (const { rows } of groups) {
      const row = rows[round];
      if (row !== undefined && chosen.size < limit) chosen.add(row);
    }
  }
  return [...chosen].toSorted((a, b) => a - b).map((row) => ({ row, reasons: reasonsFor(row, groups) }));
}

interface Group {
  readonly rows: readonly number[];
  /** What the place in the group says about a row; null: nothing that its card does not show anyway. */
  readonly reason: ((place: number) => string | null) | null;
}

const PER_CAUSE = 3;
const PER_VALUE = 2;
const VALUES = 6;

function groupsOf({ failures, outcomes, fields }: ResultSummary): readonly Group[] {
  return [
    ...failures.map(({ samples }): Group => ({ rows: samples.slice(0, PER_CAUSE), reason: null })),
    ...outcomes.map(({ samples }): Group => ({ rows: samples, reason: null })),
    ...fields.flatMap(groupsOfField),
  ];
}

function groupsOfField(field: FieldSummary): readonly Group[] {
  switch (field.kind) {
    case 'numbers': {
      const { spread, name } = field;
      if (!spread || spread.min === spread.max) return [];
      return [
        { rows: spread.lowest, reason: (place) => (place === 0 ? `lowest ${name}` : null) },
        { rows: spread.highest, reason: (place) => (place === 0 ? `highest ${name}` : null) },
      ];
    }
    case 'words':
      return field.values.slice(0, VALUES).map(({ samples }) => ({ rows: samples.slice(0, PER_VALUE), reason: null }));
    case 'texts':
      return [{ rows: field.samples, reason: null }];
  }
}

function reasonsFor(row: number, groups: readonly Group[]): readonly string[] {
  return groups.flatMap(({ rows, reason }) => {
    const place = rows.indexOf(row);
    const text = place === -1 ? null : (reason?.(place) ?? null);
    return text === null ? [] : [text];
  });
}
