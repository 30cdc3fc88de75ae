import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { locale, useFormat } from "../i18n/format";
import german from "./words.de.json";
import english from "./words.en.json";

const NAMESPACE = "admin";
i18next.addResourceBundle("en", NAMESPACE, english);
i18next.addResourceBundle("de", NAMESPACE, german);

/** The words of administration, and how the reader's language writes numbers and times. */
export function useWords() {
  const { t, i18n } = useTranslation(NAMESPACE);
  const language = locale(i18n.language);
  return {
    t,
    ...useFormat(),
    decimal: (value: number) =>
      new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(share),
    bytes: (value: number) => bytes(language, value),
  };
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

function bytes(language: string, value: number): string {
  const step = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)),
  );
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: step ? 1 : 0,
  }).format(value / 1000 ** step);
}
