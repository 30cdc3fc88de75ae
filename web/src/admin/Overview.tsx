import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Figures, Loaded, Table } from "./parts";
import { useWords } from "./words";

const EVERY = 10_000; // milliseconds between two looks

/** How the server stands. */
export default function Overview() {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ["admin", "overview"],
    queryFn: () => take(api.GET("/api/stook/v1/administration/overview")),
    refetchInterval: EVERY,
  });
  return (
    <>
      <h1>{t("sections.overview")}</h1>
      <Loaded found={found}>{(data) => <Standing found={data} />}</Loaded>
      <Settings />
    </>
  );
}

function Standing({ found }: { found: Schemas["ServerOverview"] }) {
  const { t, number, bytes } = useWords();
  const { counts, people, jobs } = found;
  const size = (value: number | null) => (value === null ? t("elsewhere") : bytes(value));
  const figures = (of: Record<string, number>, group: string) =>
    Object.entries(of).map(([name, value]) => ({
      name: t(`overview.${group}.${name}`),
      value: number(value),
    }));
  const { documents, passages } = counts;
  return (
    <>
      <section>
        <h2>{t("overview.content")}</h2>
        <Figures
          figures={[
            ...figures({ documents, passages }, "counts"),
            ...figures({ ...people }, "people"),
          ]}
        />
      </section>
      <section>
        <h2>{t("overview.work")}</h2>
        <Figures figures={figures({ ...jobs }, "jobs")} />
        <p className="note">{t(counts.pending ? "overview.behind" : "overview.level")}</p>
      </section>
      <section>
        <h2>{t("overview.room")}</h2>
        <Figures
          figures={Object.entries(found.bytes).map(([name, value]) => ({
            name: t(`overview.bytes.${name}`),
            value: size(value),
          }))}
        />
      </section>
      <section>
        <h2>{t("overview.server")}</h2>
        <Figures
          figures={[
            { name: t("overview.version"), value: found.version },
            { name: t("overview.bytes.database"), value: found.database },
            { name: t("overview.model"), value: found.model },
          ]}
        />
      </section>
    </>
  );
}

function Settings() {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const found = useQuery({
    queryKey: ["admin", "settings"],
    queryFn: () => take(api.GET("/api/stook/v1/administration/settings")),
  });
  return (
    <section>
      <h2>{t("overview.settings.title")}</h2>
      <label className="check">
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
        {t("overview.settings.all")}
      </label>
      <Loaded found={found}>
        {({ settings }) => (
          <Table
            caption={t("overview.settings.title")}
            rows={settings.filter((each) => all || each.origin !== "default")}
            keyOf={(each) => each.name}
            empty={t("overview.settings.none")}
            columns={[
              {
                id: "name",
                title: t("overview.settings.name"),
                cell: (each) => (
                  <>
                    <code>{each.name}</code>
                    <small>{each.description}</small>
                  </>
                ),
              },
              {
                id: "value",
                title: t("overview.settings.value"),
                cell: (each) => each.value || "–",
              },
              {
                id: "origin",
                title: t("overview.settings.origin"),
                cell: (each) => t(`overview.settings.origins.${each.origin}`),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
