import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useFormat } from "../i18n/format";
import { holds, toggled, written } from "./operators";

interface Props {
  facets: Schemas["SearchFacet"][];
  total: number;
  query: string;
  change: (query: string) => void;
}

/** What was found, counted; a value narrows the query by an operator, which then stands in it.
 * What all of them have tells nothing. */
export function Facets({ facets, total, query, change }: Props) {
  const { t } = useTranslation();
  const tells = ({ operator, values }: Schemas["SearchFacet"]) =>
    values.some(({ value, count }) => count < total || holds(query, written(operator, value)));
  return (
    <div className="facets">
      {facets.filter(tells).map(({ operator, values }) => (
        <fieldset key={operator}>
          <legend>{t(`search.facet.${operator}`)}</legend>
          {values.map(({ value, count }) => (
            <Value
              key={value}
              name={t(`search.value.${value}`, { defaultValue: value })}
              count={count}
              isChosen={holds(query, written(operator, value))}
              choose={() => change(toggled(query, written(operator, value)))}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

interface ValueProps {
  name: string;
  count: number;
  isChosen: boolean;
  choose: () => void;
}

function Value({ name, count, isChosen, choose }: ValueProps) {
  const { number } = useFormat();
  return (
    <button type="button" className="chip" aria-pressed={isChosen} onClick={choose}>
      {name} <small>{number(count)}</small>
    </button>
  );
}

const EXAMPLES = {
  'leave "carry over"': "phrase",
  "leave -parental": "without",
  "type:pdf": "type",
  "from:me": "from",
  "app:handbook": "app",
  "updated:past_week": "updated",
  "after:2026-01-31": "after",
} as const;

/** What can be typed beside words, each with an example that can be tried. */
export function Operators({ change }: { change: (query: string) => void }) {
  const { t } = useTranslation();
  return (
    <details className="help">
      <summary>{t("search.operators")}</summary>
      <dl>
        {Object.entries(EXAMPLES).map(([example, name]) => (
          <div key={example}>
            <dt>
              <button type="button" className="link" onClick={() => change(example)}>
                <code>{example}</code>
              </button>
            </dt>
            <dd>{t(`search.operator.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
