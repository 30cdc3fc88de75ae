import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { AnswerText } from "../chat/AnswerText";
import { Failed, Figures } from "./parts";
import { useWords } from "./words";

const NONE = [] as const;
type Explanation = Schemas["Explanation"];
type Feature = Schemas["ExplainedFeature"];

/** How the answer to a person comes about: what was found, weighed, taken and left. */
export default function Explain() {
  const { t } = useWords();
  const [question, setQuestion] = useState("");
  const [email, setEmail] = useState("");
  const explain = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/stook/v1/administration/explanation", {
          body: {
            question,
            email: email.trim() || null,
            offset_minutes: -new Date().getTimezoneOffset(),
          },
        }),
      ),
  });
  return (
    <>
      <h1>{t("sections.explain")}</h1>
      <form
        className="filters explain"
        onSubmit={(event) => {
          event.preventDefault();
          explain.mutate();
        }}
      >
        <input
          required
          aria-label={t("explain.question")}
          placeholder={t("explain.question")}
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
        />
        <input
          type="email"
          aria-label={t("explain.as")}
          placeholder={t("explain.as")}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="main" disabled={explain.isPending}>
          {t("explain.submit")}
        </button>
      </form>
      {explain.isPending && (
        <p className="note" role="status">
          {t("loading")}
        </p>
      )}
      <Failed error={explain.error} />
      {explain.data && !explain.isPending && <Explained found={explain.data} />}
    </>
  );
}

function Explained({ found }: { found: Explanation }) {
  const { t, percent, decimal } = useWords();
  const { question, answerability } = found;
  return (
    <>
      <section>
        <h2>{t("explain.outcome")}</h2>
        <Figures
          figures={[
            {
              name: t("explain.verdict"),
              value: t(`explain.outcomes.${answerability.outcome}`),
            },
            {
              name: t("explain.probability"),
              value: percent(answerability.probability),
              note: t("explain.from", {
                answered: percent(answerability.threshold),
                closest: percent(answerability.closest),
              }),
            },
            { name: t("explain.type"), value: question.answer_type.replaceAll("_", " ") },
            ...(question.period ? [{ name: t("explain.period"), value: question.period }] : []),
          ]}
        />
        {found.answer && (
          <div className="passage">
            <AnswerText text={found.answer} cited={NONE} open={() => undefined} />
          </div>
        )}
        <Bars
          title={t("explain.why")}
          features={[
            {
              name: t("explain.bias"),
              value: 1,
              weight: answerability.bias,
              adds: answerability.bias,
            },
            ...answerability.features,
          ]}
        />
      </section>
      <section>
        <h2>{t("explain.searched")}</h2>
        <p>
          {[question.searched, ...question.also_searched].map((query) => (
            <code key={query}>{query} </code>
          ))}
        </p>
        <Bars
          title={t("explain.terms")}
          features={Object.entries(question.terms).map(([name, weight]) => ({
            name,
            value: weight,
            weight: 1,
            adds: weight,
          }))}
        />
      </section>
      <section>
        <h2>{t("explain.candidates")}</h2>
        <ol className="candidates">
          {found.candidates.map((each, number) => (
            <li key={number} data-taken={each.taken || undefined}>
              <p>
                <strong>{t(each.taken ? "explain.taken" : "explain.left")}</strong>{" "}
                <span className="faint">
                  {decimal(each.score)} · {each.kind} · {each.why}
                </span>
              </p>
              <p>{each.text}</p>
              <p className="faint">{[each.title, ...each.heading_path].join(" › ")}</p>
              <details>
                <summary>{t("explain.features")}</summary>
                <Bars title={t("explain.features")} features={each.features} />
              </details>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>{t("explain.passages")}</h2>
        <ol className="candidates">
          {found.passages.map((each, number) => (
            <li key={number}>
              <p>
                {[each.title, ...each.heading_path].join(" › ")}{" "}
                <span className="faint">{decimal(each.score)}</span>
              </p>
              <details>
                <summary>{t("explain.signals")}</summary>
                <Bars title={t("explain.signals")} features={each.signals} />
              </details>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

/** What adds to a score and what takes from it, the most first; a table with a bar in each row. */
function Bars({ title, features }: { title: string; features: Feature[] }) {
  const { t, decimal } = useWords();
  const shown = features
    .filter((each) => each.adds)
    .sort((one, other) => Math.abs(other.adds) - Math.abs(one.adds));
  const zero = shown.some((each) => each.adds < 0) ? 100 : 0;
  const most = Math.max(...shown.map((each) => Math.abs(each.adds)));
  if (!shown.length) return null;
  return (
    <table className="bars">
      <caption className="hidden">{title}</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">{t("explain.feature")}</th>
          <th scope="col">{t("explain.sum")}</th>
          <th scope="col">{t("explain.adds")}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((each) => (
          <tr key={each.name}>
            <th scope="row">{each.name.replaceAll("_", " ")}</th>
            <td className="faint">
              {decimal(each.value)} × {decimal(each.weight)}
            </td>
            <td>
              <svg
                viewBox={`0 0 ${zero + 100} 10`}
                preserveAspectRatio="none"
                className={each.adds < 0 ? "negative" : undefined}
                aria-hidden
              >
                <rect
                  x={each.adds < 0 ? zero - (100 * -each.adds) / most : zero}
                  width={(100 * Math.abs(each.adds)) / most}
                  height="10"
                />
              </svg>
              <span>{decimal(each.adds)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
