import { useTranslation } from "react-i18next";

/** How the reader's own country writes dates and numbers in the language of the page. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = locale(i18n.language);
  return {
    list: (names: string[]) => new Intl.ListFormat(language).format(names),
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    date: (moment: string) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(moment)),
    moment: (moment: string) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(
        new Date(moment),
      ),
  };
}

/** As the reader's own country writes the language, where the browser says which that is. */
export function locale(language: string): string {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
}
