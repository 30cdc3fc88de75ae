import { ChevronLeft, ChevronRight } from "lucide-react";
import * as pdf from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { locate, type Place } from "./locate";

pdf.GlobalWorkerOptions.workerSrc = worker;

interface Props {
  documentId: string;
  words: string;
}

/** The pages of a PDF, opened where the cited words stand, which are marked. */
export default function PdfPages({ documentId, words }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<pdf.PDFDocumentProxy | null>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const [page, setPage] = useState(1);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const loading = pdf.getDocument({
      url: `/api/stook/v1/documents/${documentId}/original`,
      isEvalSupported: false,
      useWasm: false,
    } as Parameters<typeof pdf.getDocument>[0]);
    loading.promise.then(setOpened, (error: Error) => setProblem(error.message));
    return () => void loading.destroy();
  }, [documentId]);
  useEffect(() => {
    if (!opened) return;
    let left = false;
    void locate(opened, words).then((found) => {
      if (left) return;
      setPlace(found);
      setPage(found?.page ?? 1);
    });
    return () => {
      left = true;
    };
  }, [opened, words]);
  if (problem)
    return (
      <p className="note bad" role="alert">
        {problem}
      </p>
    );
  if (!opened) return <p className="note">{t("app.loading")}</p>;
  const marked = place?.page === page ? place.items : EMPTY;
  return (
    <>
      <nav className="row pager flips">
        <button
          type="button"
          className="icon"
          disabled={page <= 1}
          onClick={() => setPage(page - 1)}
        >
          <ChevronLeft aria-hidden />
          <span className="hidden">{t("source.previous")}</span>
        </button>
        <span role="status">{t("source.pageOf", { page, pages: opened.numPages })}</span>
        <button
          type="button"
          className="icon"
          disabled={page >= opened.numPages}
          onClick={() => setPage(page + 1)}
        >
          <ChevronRight aria-hidden />
          <span className="hidden">{t("source.next")}</span>
        </button>
      </nav>
      <Page key={page} opened={opened} number={page} marked={marked} />
    </>
  );
}

const EMPTY: ReadonlySet<number> = new Set();

interface PageProps {
  opened: pdf.PDFDocumentProxy;
  number: number;
  marked: ReadonlySet<number>;
}

function Page({ opened, number, marked }: PageProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawing = draw(opened, number, marked, frame.current, canvas.current, layer.current);
    return () => void drawing.then((task) => task?.cancel()).catch(() => undefined);
  }, [opened, number, marked]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached
    <section className="body pdf" ref={frame} tabIndex={0} aria-label={t("source.page")}>
      <div className="sheet">
        <canvas ref={canvas} aria-hidden />
        <div className="textLayer" ref={layer} />
      </div>
    </section>
  );
}

async function draw(
  opened: pdf.PDFDocumentProxy,
  number: number,
  marked: ReadonlySet<number>,
  frame: HTMLDivElement | null,
  canvas: HTMLCanvasElement | null,
  layer: HTMLDivElement | null,
): Promise<pdf.RenderTask | null> {
  const page = await opened.getPage(number);
  if (!frame || !canvas || !layer) return null;
  const natural = page.getViewport({ scale: 1 });
  const scale = Math.min(2, Math.max(0.3, (frame.clientWidth - 32) / natural.width));
  const viewport = page.getViewport({ scale });
  const sharp = Math.min(2, devicePixelRatio || 1);
  canvas.width = Math.floor(viewport.width * sharp);
  canvas.height = Math.floor(viewport.height * sharp);
  canvas.style.width = `${viewport.width}px`;
  canvas.style.height = `${viewport.height}px`;
  layer.parentElement?.style.setProperty("--total-scale-factor", String(scale));
  layer.replaceChildren();
  const texts = new pdf.TextLayer({
    textContentSource: await page.getTextContent(),
    container: layer,
    viewport,
  });
  await texts.render();
  for (const at of marked) texts.textDivs[at]?.classList.add("marked");
  layer.querySelector(".marked")?.scrollIntoView({ block: "center" });
  const drawing = page.render({
    canvas,
    viewport,
    ...(sharp === 1 ? {} : { transform: [sharp, 0, 0, sharp, 0, 0] }),
  });
  await drawing.promise.catch(() => undefined);
  return drawing;
}
