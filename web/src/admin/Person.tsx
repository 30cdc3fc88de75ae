import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useMe } from "../App";
import { api, type Schemas, take } from "../api/client";
import { Failed, Loaded, Once } from "./parts";
import { signInLink } from "./signInLink";
import { useWords } from "./words";

/** One person: what they are in, what may be done for them. */
export default function Person() {
  const email = useSearch({ from: "/admin/person" }).name ?? "";
  const found = useQuery({
    queryKey: ["admin", "person", email],
    queryFn: () =>
      take(api.GET("/api/stook/v1/administration/person", { params: { query: { email } } })),
  });
  return <Loaded found={found}>{(details) => <Details found={details} />}</Loaded>;
}

function Details({ found }: { found: Schemas["PersonDetails"] }) {
  const { t, moment } = useWords();
  const { person } = found;
  return (
    <>
      <h1>{person.name || person.email}</h1>
      <p className="faint">
        {person.email} · {t("people.sinceDate", { date: moment(person.created_at) })}
        {person.administrator && ` · ${t("people.administrator")}`}
        {!person.active && ` · ${t("people.states.inactive")}`}
      </p>
      <Actions person={person} />
      <section>
        <h2>{t("sections.groups")}</h2>
        {found.groups.length === 0 && <p className="note">{t("people.noGroups")}</p>}
        <ul className="plain">
          {found.groups.map((way) => (
            <li key={way.join(" ")}>
              {way[0]}
              {way.length > 1 && (
                <span className="faint"> {t("people.by", { way: way.slice(1).join(" › ") })}</span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t("people.signedIn")}</h2>
        {found.sessions.length === 0 && <p className="note">{t("people.nowhere")}</p>}
        <ul className="plain">
          {found.sessions.map((session) => (
            <li key={session.seen_at + session.browser}>
              {session.browser} <span className="faint">{moment(session.seen_at)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

type Change = Omit<Schemas["ChangePersonRequest"], "email">;

function Actions({ person }: { person: Schemas["ListedPerson"] }) {
  const { t } = useWords();
  const me = useMe();
  const client = useQueryClient();
  const { email } = person;
  const settled = () => client.invalidateQueries({ queryKey: ["admin"] });
  const invite = useMutation({
    mutationFn: () =>
      take(api.POST("/api/stook/v1/administration/people/invitation", { body: { email } })),
  });
  const change = useMutation({
    mutationFn: (body: Change) =>
      take(api.PATCH("/api/stook/v1/administration/people", { body: { email, ...body } })),
    onSettled: settled,
  });
  const signOut = useMutation({
    mutationFn: () =>
      take(api.POST("/api/stook/v1/administration/people/sign-out", { body: { email } })),
    onSettled: settled,
  });
  const sure = (question: string, act: () => void) => () =>
    confirm(t(question, { email })) && act();
  return (
    <section>
      <div className="filters">
        <Link className="quiet" to="/admin/documents" search={{ person: email }}>
          {t("people.sees")}
        </Link>
        {person.active && (
          <button type="button" className="quiet" onClick={() => invite.mutate()}>
            {t("people.makeLink")}
          </button>
        )}
        {email !== me.email && (
          <>
            <button
              type="button"
              className="quiet"
              onClick={sure("people.confirmSignOut", () => signOut.mutate())}
            >
              {t("people.signOut")}
            </button>
            {person.active && (
              <button
                type="button"
                className="quiet"
                onClick={sure(
                  person.administrator ? "people.confirmDismiss" : "people.confirmAppoint",
                  () => change.mutate({ administrator: !person.administrator }),
                )}
              >
                {t(person.administrator ? "people.dismiss" : "people.appoint")}
              </button>
            )}
            <button
              type="button"
              className={person.active ? "quiet bad" : "quiet"}
              onClick={sure(
                person.active ? "people.confirmDeactivate" : "people.confirmActivate",
                () => change.mutate({ active: !person.active }),
              )}
            >
              {t(person.active ? "people.deactivate" : "people.activate")}
            </button>
          </>
        )}
      </div>
      <Failed error={invite.error ?? change.error ?? signOut.error} />
      {invite.data?.link && (
        <Once value={signInLink(invite.data.link)} says={t("people.link", { email })} />
      )}
    </section>
  );
}
