import { useState } from "react";
import type { Schemas } from "../api/client";

/** What is asked, and how; it holds for what is asked next, too. */
export interface Choice {
  application: string;
  source: string;
  deep: boolean;
}

const KEPT = "stook.choice";
const NONE: Choice = { application: "", source: "", deep: false };

/** The reader's choice, as long as this window is open and what was chosen is there. */
export function useChoice(me: Schemas["Me"]): [Choice, (changed: Partial<Choice>) => void] {
  const [kept, keep] = useState<Choice>(() => ({
    ...NONE,
    ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}"),
  }));
  const choice = {
    application: me.applications.some((each) => each.id === kept.application)
      ? kept.application
      : "",
    source: me.datasources.some((each) => each.name === kept.source) ? kept.source : "",
    deep: kept.deep,
  };
  const choose = (changed: Partial<Choice>) => {
    const next = { ...choice, ...changed };
    sessionStorage.setItem(KEPT, JSON.stringify(next));
    keep(next);
  };
  return [choice, choose];
}
