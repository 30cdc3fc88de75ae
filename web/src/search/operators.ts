/** An operator as it is typed into a query, its value in quotation marks where it needs them. */
export function written(operator: string, value: string): string {
  return /[\s"]/.test(value)
    ? `${operator}:"${value.replaceAll('"', "")}"`
    : `${operator}:${value}`;
}

/** Whether a query holds an operator. */
export function holds(query: string, operator: string): boolean {
  return parts(query).includes(operator);
}

/** The query with the operator, or without it where it had it. */
export function toggled(query: string, operator: string): string {
  const kept = parts(query).filter((part) => part !== operator);
  return (holds(query, operator) ? kept : [...kept, operator]).join(" ");
}

/** Words, phrases and operators, each as it was typed. */
function parts(query: string): string[] {
  return query.match(/[^\s"]*"[^"]*"|[^\s"]+/g) ?? [];
}
