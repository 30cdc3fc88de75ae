const ENGLISH = {
  title: "Ask us",
  label: "Your question",
  send: "Ask",
  open: "Ask a question",
  close: "Close",
  thinking: "Looking…",
  sources: "Sources",
  failed: "This did not work; please try again.",
};

const OTHERS: Record<string, typeof ENGLISH> = {
  de: {
    title: "Fragen Sie uns",
    label: "Ihre Frage",
    send: "Fragen",
    open: "Eine Frage stellen",
    close: "Schließen",
    thinking: "Suche…",
    sources: "Quellen",
    failed: "Das hat nicht geklappt; bitte versuchen Sie es noch einmal.",
  },
  es: {
    title: "Pregúntenos",
    label: "Su pregunta",
    send: "Preguntar",
    open: "Hacer una pregunta",
    close: "Cerrar",
    thinking: "Buscando…",
    sources: "Fuentes",
    failed: "No ha funcionado; inténtelo de nuevo.",
  },
  fr: {
    title: "Interrogez-nous",
    label: "Votre question",
    send: "Demander",
    open: "Poser une question",
    close: "Fermer",
    thinking: "Recherche…",
    sources: "Sources",
    failed: "Cela n’a pas fonctionné ; veuillez réessayer.",
  },
  ja: {
    title: "お問い合わせ",
    label: "質問",
    send: "質問する",
    open: "質問をする",
    close: "閉じる",
    thinking: "検索中…",
    sources: "情報源",
    failed: "うまくいきませんでした。もう一度お試しください。",
  },
};

export type Words = typeof ENGLISH;

/** The words of the host page's language, else English. */
export function words(language: string): Words {
  return OTHERS[language.slice(0, 2)] ?? ENGLISH;
}
