import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem, type Schemas, take } from "./api/client";

const PROBLEMS = ["off", "provider", "unconfirmed", "unknown"];

/** Uses up the link that led here, or offers the other ways to sign in. */
export function SignIn({ signedIn }: { signedIn: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [link] = useState(() => location.hash.slice(1));
  const [problem, setProblem] = useState(cameBackWith);
  const tried = useRef(false);
  const welcome = (me: Schemas["Me"]) => {
    client.setQueryData(["me"], me);
    signedIn();
  };
  useEffect(() => {
    if (!link || tried.current) return;
    tried.current = true;
    history.replaceState(null, "", location.pathname); // the secret stays in no history
    take(api.POST("/api/stook/v1/sign-in", { body: { link } })).then(welcome, (error: Error) =>
      setProblem(error instanceof Problem && error.status === 401 ? "used" : error.message),
    );
  }, [link]);
  const said = problem === "used" ? t("signIn.used") : t(`signIn.problems.${problem}`, problem);
  return (
    <main className="sign-in">
      <h1>{t("signIn.title")}</h1>
      {link && !problem && <p role="status">{t("signIn.working")}</p>}
      {problem && (
        <p className="note bad" role="alert">
          {said}
        </p>
      )}
      {(!link || problem) && <OtherWays welcome={welcome} />}
    </main>
  );
}

/** What went wrong at the identity provider that sent the browser back. */
function cameBackWith(): string {
  const problem = new URLSearchParams(location.search).get("problem") ?? "";
  return PROBLEMS.includes(problem) ? problem : "";
}

function OtherWays({ welcome }: { welcome: (me: Schemas["Me"]) => void }) {
  const { t } = useTranslation();
  const options = useQuery({
    queryKey: ["sign-in options"],
    queryFn: () => take(api.GET("/api/stook/v1/sign-in/options")),
  });
  return (
    <>
      {options.data?.provider && (
        <p>
          <a className="button main" href="/api/stook/v1/sign-in/oidc">
            {t("signIn.provider", { name: options.data.provider })}
          </a>
        </p>
      )}
      {options.data?.passwords && <ByPassword welcome={welcome} />}
      <p>{t("signIn.how")}</p>
      <p className="faint">
        {t("signIn.command")} <code>stook user link EMAIL</code>
      </p>
    </>
  );
}

function ByPassword({ welcome }: { welcome: (me: Schemas["Me"]) => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () =>
      take(api.POST("/api/stook/v1/sign-in/password", { body: { email, password } })),
    onSuccess: welcome,
    onError: () => setPassword(""),
  });
  return (
    <form
      className="by-password"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <label>
        {t("signIn.email")}
        <input
          type="email"
          required
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label>
        {t("signIn.password")}
        <input
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {signIn.error && (
        <p className="note bad" role="alert">
          {signIn.error.message}
        </p>
      )}
      <button type="submit" className="main" disabled={signIn.isPending}>
        {t("signIn.submit")}
      </button>
    </form>
  );
}
