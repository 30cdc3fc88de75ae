import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../api/client";
import { Failed, Loaded, More, Table } from "./parts";
import { useWords } from "./words";

type Member = Schemas["GroupMemberEntry"];

/** One group: who is in it, and who joins and leaves. */
export default function Group() {
  const { t } = useWords();
  const { name = "", realm = "" } = useSearch({ from: "/admin/group" });
  const client = useQueryClient();
  const navigate = useNavigate();
  const found = useInfiniteQuery({
    queryKey: ["admin", "group", realm, name],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/stook/v1/administration/group", {
          params: { query: { name, realm, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  const leave = useMutation({
    mutationFn: (member: Member) =>
      take(
        api.DELETE("/api/stook/v1/administration/group/member", {
          params: { query: { name, realm, kind: member.kind, member: member.name } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  const remove = useMutation({
    mutationFn: () =>
      take(
        api.DELETE("/api/stook/v1/administration/group", { params: { query: { name, realm } } }),
      ),
    onSuccess: () => navigate({ to: "/admin/groups" }),
  });
  return (
    <>
      <h1>{name}</h1>
      <Loaded found={{ data: found.data, error: found.error }}>
        {({ pages }) => (
          <>
            <p className="faint">
              {realm || t("groups.organisation")} ·{" "}
              {t("groups.named", { count: pages[0]?.documents ?? 0 })}
            </p>
            {!realm && <Join name={name} />}
            <section>
              <h2>{t("groups.members")}</h2>
              <Failed error={leave.error ?? remove.error} />
              <Table
                caption={t("groups.members")}
                rows={pages.flatMap((page) => page.members)}
                keyOf={(each) => `${each.kind} ${each.name}`}
                empty={t("groups.empty")}
                columns={[
                  {
                    id: "name",
                    title: t("groups.member"),
                    cell: (each) =>
                      each.kind === "group" ? (
                        <Link to="/admin/group" search={{ name: each.name, realm }}>
                          {each.name}
                        </Link>
                      ) : realm ? (
                        each.name
                      ) : (
                        <Link to="/admin/person" search={{ name: each.name }}>
                          {each.name}
                        </Link>
                      ),
                  },
                  {
                    id: "kind",
                    title: t("groups.kind"),
                    cell: (each) => t(each.kind === "user" ? "people.person" : "groups.group"),
                  },
                  {
                    id: "remove",
                    title: t("actions"),
                    cell: (each) => (
                      <button
                        type="button"
                        className="link bad"
                        onClick={() =>
                          confirm(t("groups.confirmMember", { member: each.name, name })) &&
                          leave.mutate(each)
                        }
                      >
                        {t("remove")}
                        <span className="hidden"> {each.name}</span>
                      </button>
                    ),
                  },
                ]}
              />
              <More found={found} />
              <p>
                <button
                  type="button"
                  className="quiet bad"
                  onClick={() => confirm(t("groups.confirm", { name })) && remove.mutate()}
                >
                  {t("groups.remove")}
                </button>
              </p>
            </section>
          </>
        )}
      </Loaded>
    </>
  );
}

function Join({ name }: { name: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [kind, setKind] = useState<Member["kind"]>("user");
  const [member, setMember] = useState("");
  const join = useMutation({
    mutationFn: () =>
      take(
        api.POST("/api/stook/v1/administration/group", {
          body: { name, members: [{ kind, name: member.trim() }] },
        }),
      ),
    onSuccess: () => setMember(""),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <section>
      <h2>{t("groups.join")}</h2>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          join.mutate();
        }}
      >
        <select
          aria-label={t("groups.kind")}
          value={kind}
          onChange={(event) => setKind(event.target.value as Member["kind"])}
        >
          <option value="user">{t("people.person")}</option>
          <option value="group">{t("groups.group")}</option>
        </select>
        <input
          required
          aria-label={t(kind === "user" ? "people.email" : "groups.name")}
          placeholder={t(kind === "user" ? "people.email" : "groups.name")}
          value={member}
          onChange={(event) => setMember(event.target.value)}
        />
        <button type="submit" className="main" disabled={join.isPending}>
          {t("groups.addMember")}
        </button>
      </form>
      <Failed error={join.error} />
    </section>
  );
}
