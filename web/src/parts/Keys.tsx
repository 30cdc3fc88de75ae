import { useTranslation } from "react-i18next";

const KEYS = {
  n: "new",
  s: "search",
  "/": "focus",
  Enter: "ask",
  "Shift + Enter": "line",
  Esc: "close",
  "?": "help",
} as const;

/** What keys do, wherever nothing is being written. */
export function Keys() {
  const { t } = useTranslation();
  return (
    <dl className="keys">
      {Object.entries(KEYS).map(([key, name]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{t(`settings.key.${name}`)}</dd>
        </div>
      ))}
    </dl>
  );
}
