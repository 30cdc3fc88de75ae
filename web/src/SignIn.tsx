import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem, take } from "./api/client";

/** Uses up the link that led here, or says how to get one. */
export function SignIn({ signedIn }: { signedIn: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [link] = useState(() => location.hash.slice(1));
  const [problem, setProblem] = useState("");
  const tried = useRef(false);
  useEffect(() => {
    if (!link || tried.current) return;
    tried.current = true;
    history.replaceState(null, "", location.pathname); // the secret stays in no history
    take(api.POST("/api/stook/v1/sign-in", { body: { link } })).then(
      (me) => {
        client.setQueryData(["me"], me);
        signedIn();
      },
      (error: Error) =>
        setProblem(error instanceof Problem && error.status === 401 ? "used" : error.message),
    );
  }, [link, client, signedIn]);
  return (
    <main className="sign-in">
      <h1>{t("signIn.title")}</h1>
      {link && !problem && <p role="status">{t("signIn.working")}</p>}
      {problem && (
        <p className="note bad" role="alert">
          {problem === "used" ? t("signIn.used") : problem}
        </p>
      )}
      {(!link || problem) && (
        <>
          <p>{t("signIn.how")}</p>
          <p className="faint">
            {t("signIn.command")} <code>stook user link EMAIL</code>
          </p>
        </>
      )}
    </main>
  );
}
