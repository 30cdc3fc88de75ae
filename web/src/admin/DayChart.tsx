import type { Schemas } from "../api/client";
import { Table } from "./parts";
import { useWords } from "./words";

type Day = Schemas["AnswersOfDay"];
const OUTCOMES = ["answered", "closest", "nothing", "failed"] as const;
const HEIGHT = 100;

/** Questions a day as stacked bars; the same as a table for those who want the numbers. */
export function DayChart({ days }: { days: Day[] }) {
  const { t, date, number } = useWords();
  const most = Math.max(1, ...days.map(total));
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure className="chart">
      <ul className="legend">
        {OUTCOMES.map((outcome) => (
          <li key={outcome}>
            <svg width="12" height="12" aria-hidden="true" className={outcome}>
              <rect width="12" height="12" rx="2" />
            </svg>
            {t(`insights.outcomes.${outcome}`)}
          </li>
        ))}
      </ul>
      <div className="plot">
        <span aria-hidden="true">{number(most)}</span>
        <svg
          viewBox={`0 0 ${days.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t("insights.perDay")}
        >
          {days.map((day, place) => (
            <Bars key={day.day} day={day} place={place} most={most} />
          ))}
        </svg>
      </div>
      <p className="ends" aria-hidden="true">
        <span>{first && date(first.day)}</span>
        <span>{last && date(last.day)}</span>
      </p>
      <details>
        <summary>{t("insights.asTable")}</summary>
        <Table
          caption={t("insights.perDay")}
          rows={days.filter(total).toReversed()}
          keyOf={(day) => day.day}
          columns={[
            { id: "day", title: t("insights.day"), cell: (day) => date(day.day) },
            ...OUTCOMES.map((outcome) => ({
              id: outcome,
              title: t(`insights.outcomes.${outcome}`),
              numeric: true,
              cell: (day: Day) => number(day[outcome]),
            })),
          ]}
        />
      </details>
    </figure>
  );
}

function Bars({ day, place, most }: { day: Day; place: number; most: number }) {
  let below = 0;
  return OUTCOMES.map((outcome) => {
    const height = (day[outcome] / most) * HEIGHT;
    below += height;
    return (
      <rect
        key={outcome}
        className={outcome}
        x={place + 0.1}
        y={HEIGHT - below}
        width={0.8}
        height={height}
      />
    );
  });
}

function total(day: Day): number {
  return OUTCOMES.reduce((sum, outcome) => sum + day[outcome], 0);
}
