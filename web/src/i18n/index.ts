import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import english from "./en.json";

/** Languages with a catalogue, by their own names; those but English load when needed. */
export const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  ja: "日本語",
} as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "stook.language";
const CATALOGUES = {
  de: () => import("./de.json"),
  es: () => import("./es.json"),
  fr: () => import("./fr.json"),
  ja: () => import("./ja.json"),
};

function wanted(): Language {
  const kept = localStorage.getItem(KEPT);
  const spoken = [kept, ...navigator.languages].map((tag) => tag?.slice(0, 2) ?? "");
  return (spoken.find((tag) => tag in LANGUAGES) as Language | undefined) ?? "en";
}

async function use(language: Language) {
  if (language !== "en" && !i18next.hasResourceBundle(language, "translation")) {
    const catalogue = await CATALOGUES[language]();
    i18next.addResourceBundle(language, "translation", catalogue.default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
}

export async function startTranslations() {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  });
  await use(wanted());
}

export async function chooseLanguage(language: Language) {
  localStorage.setItem(KEPT, language);
  await use(language);
}
