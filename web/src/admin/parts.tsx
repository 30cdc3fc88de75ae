import type { ReactNode } from "react";
import { useTyped } from "./search";
import { useWords } from "./words";

/** What a page of administration shows while it loads, or where it cannot. */
export function Loaded<T>({
  found,
  children,
}: {
  found: { data: T | undefined; error: Error | null };
  children: (data: T) => ReactNode;
}) {
  const { t } = useWords();
  if (found.data !== undefined) return <>{children(found.data)}</>;
  if (found.error)
    return (
      <p className="note bad" role="alert">
        {found.error.message}
      </p>
    );
  return (
    <p className="note" role="status">
      {t("loading")}
    </p>
  );
}

export interface Figure {
  name: string;
  value: ReactNode;
  note?: string | undefined;
}

/** A few numbers, each large over its name. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl className="figures">
      {figures.map((figure) => (
        <div key={figure.name}>
          <dt>{figure.name}</dt>
          <dd>
            {figure.value}
            {figure.note && <small>{figure.note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What is known of one thing, line by line. */
export function Facts({ facts }: { facts: Figure[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  sorts?: boolean;
}

interface TableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  sorted?: { by: string; descending: boolean } | undefined;
  sort?: (by: string, descending: boolean) => void;
  empty?: string;
}

/** A table whose rows the server sorts; on a phone each row is a small list. */
export function Table<Row>(props: TableProps<Row>) {
  const { t } = useWords();
  const { caption, columns, rows, keyOf, empty } = props;
  if (!rows.length) return <p className="note">{empty ?? t("empty")}</p>;
  return (
    <div className="scrolls">
      <table className="rows">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-title={column.title}
                  className={column.numeric ? "numeric" : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, sorted, sort }: { column: Column<Row> } & TableProps<Row>) {
  const isBy = sorted?.by === column.id;
  const order = isBy ? (sorted.descending ? "descending" : "ascending") : undefined;
  return (
    <th scope="col" aria-sort={order} className={column.numeric ? "numeric" : undefined}>
      {column.sorts && sort ? (
        <button type="button" onClick={() => sort(column.id, isBy ? !sorted.descending : false)}>
          {column.title}
          <span aria-hidden>{isBy ? (sorted.descending ? " ↓" : " ↑") : ""}</span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

/** Words to look for in a list; they are asked for when the typing pauses. */
export function Find({
  label,
  words,
  settled,
}: {
  label: string;
  words: string;
  settled: (words: string) => void;
}) {
  const [typed, setTyped] = useTyped(words, settled);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

/** Goes on with a list, where it goes on. */
export function More({
  found,
}: {
  found: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useWords();
  if (!found.hasNextPage) return null;
  return (
    <p>
      <button
        type="button"
        className="quiet"
        disabled={found.isFetchingNextPage}
        onClick={() => void found.fetchNextPage()}
      >
        {t("more")}
      </button>
    </p>
  );
}

/** Why something that was asked for was not done. */
export function Failed({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p className="note bad" role="alert">
      {error.message}
    </p>
  );
}

/** A secret that is shown this once, to be taken along. */
export function Once({ value, says }: { value: string; says: string }) {
  const { t } = useWords();
  return (
    <div className="once" role="status">
      <p>{says}</p>
      <div className="filters">
        <input
          readOnly
          aria-label={says}
          value={value}
          onFocus={(event) => event.target.select()}
        />
        <button
          type="button"
          className="quiet"
          onClick={() => void navigator.clipboard.writeText(value)}
        >
          {t("copy")}
        </button>
      </div>
    </div>
  );
}
