import { useEffect, useState } from "react";
import { api, take, type UploadedFile, upload } from "../api/client";

/** A file that is to be asked about, from being dropped to having been read. */
export interface Attachment {
  key: string;
  name: string;
  share: number;
  file: UploadedFile | null;
  problem: string | null;
}

export function isReady(attachment: Attachment): boolean {
  const status = attachment.file?.status;
  return status === "PROCESSED" || status === "PARTIALLY_PROCESSED";
}

/** The files below a question, uploaded at once and watched until they are read. */
export function useAttachments() {
  const [held, setHeld] = useState<Attachment[]>([]);
  const change = (key: string, changed: Partial<Attachment>) =>
    setHeld((all) => all.map((each) => (each.key === key ? { ...each, ...changed } : each)));
  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const key = crypto.randomUUID();
      setHeld((all) => [...all, { key, name: file.name, share: 0, file: null, problem: null }]);
      upload(file, (share) => change(key, { share })).then(
        (taken) => change(key, { file: taken, share: 1, problem: taken.failure_reason }),
        (error: Error) => change(key, { problem: error.message }),
      );
    }
  };
  useWatched(held, change);
  return {
    held,
    add,
    remove: (key: string) => setHeld((all) => all.filter((e) => e.key !== key)),
    clear: () => setHeld([]),
  };
}

function useWatched(
  held: Attachment[],
  change: (key: string, changed: Partial<Attachment>) => void,
) {
  const waiting = held.filter((each) => each.file?.status === "PROCESSING");
  const ids = waiting.map((each) => each.file?.id ?? "").join(" ");
  useEffect(() => {
    if (!ids) return;
    const timer = setInterval(async () => {
      const query = { ids: ids.split(" ") };
      const { files } = await take(api.GET("/api/stook/v1/files", { params: { query } }));
      for (const file of files) {
        const mine = waiting.find((each) => each.file?.id === file.id);
        if (mine && file.status !== "PROCESSING")
          change(mine.key, { file, problem: file.failure_reason });
      }
    }, 700);
    return () => clearInterval(timer);
  }, [ids]);
}
