import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useState } from "react";

const NAMES = [
  "q",
  "sort",
  "down",
  "datasource",
  "state",
  "person",
  "action",
  "actor",
  "days",
  "since",
  "until",
  "name",
  "realm",
  "outcome",
] as const;

/** What a list of administration shows stands in its address, so that it can be sent and kept. */
export type Wanted = { [Name in (typeof NAMES)[number]]?: string };

export function wantedFrom(given: Record<string, unknown>): Wanted {
  const found: Wanted = {};
  for (const name of NAMES) {
    const value = given[name];
    if (typeof value === "string" || typeof value === "number") found[name] = String(value);
  }
  return found;
}

/** Changes what stands in the address of this page; an empty text takes it away. */
export function useChange(): (change: Wanted) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: ".",
      replace: true,
      search: (before: Wanted) => {
        const after = Object.entries({ ...before, ...change }).filter(([, value]) => value);
        return Object.fromEntries(after) as Wanted;
      },
    });
}

const PAUSE = 250; // milliseconds without a key until words are looked for

/** What is typed, and what has stood a moment and is worth asking the server. */
export function useTyped(first: string, settled: (words: string) => void) {
  const [typed, setTyped] = useState(first);
  const deferred = useDeferredValue(typed);
  useEffect(() => {
    if (deferred.trim() === first) return;
    const timer = setTimeout(() => settled(deferred.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [deferred]);
  return [typed, setTyped] as const;
}
