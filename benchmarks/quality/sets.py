"""The evaluation sets: what is indexed, and what is asked of it."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.split import OUTSIDE
from stook.evaluation.questions import Earlier, Question, load
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.knowledge.store.documents import SourceDocument, document_id

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "tests" / "questions"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is indexed together: documents as they are, and directories of files."""

    name: str
    documents: Callable[[], Sequence[SourceDocument]] = tuple
    directories: tuple[tuple[str, Path], ...] = ()  # datasource and path


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions for a corpus. ``languages`` other than English have no dense baseline to beat."""

    name: str
    corpus: str
    questions: Callable[[], Sequence[Question]]
    what: str


# --- BEIR folders ------------------------------------------------------------------------------


def beir_documents(datasource: str, folder: Path) -> list[SourceDocument]:
    """The documents of a BEIR folder, as one datasource."""
    return [
        _document(datasource, row["_id"], row.get("title", ""), row["text"])
        for row in _lines(folder / "corpus.jsonl")
    ]


def beir_questions(datasource: str, folder: Path, history: Path | None = None) -> list[Question]:
    """Its judged questions; ``history`` is a folder with all questions of the conversation."""
    relevant = _relevant(datasource, folder / "qrels.tsv")
    before = _earlier(history) if history else {}
    return [
        Question(
            id=row["_id"],
            question=row["text"],
            history=before.get(row["_id"], ()),
            answers=tuple(map(_canonical, row.get("metadata", {}).get("answers", ()))),
            documents=relevant[row["_id"]],
        )
        for row in _lines(folder / "queries.jsonl")
        if row["_id"] in relevant
    ]


def _earlier(folder: Path) -> dict[str, tuple[Earlier, ...]]:
    return {
        row["_id"]: tuple(Earlier(question=line) for line in row["text"].split("\n")[:-1] if line)
        for row in _lines(folder / "queries.jsonl")
    }


def _relevant(datasource: str, path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, document, gain = line.split("\t")
        judged.setdefault(query, {})[document_id(datasource, document)] = int(gain)
    return judged


def _document(datasource: str, name: str, title: str, text: str) -> SourceDocument:
    canonical = _canonical(text)
    return SourceDocument(
        datasource=datasource,
        external_id=name,
        title=_canonical(title),
        url=f"https://{datasource.replace('_', '-')}.example/{name}",
        mime_type="text/plain",
        text=canonical,
        content_hash=hashlib.sha256(canonical.encode()).hexdigest(),
        permissions=EVERYONE_MAY_READ,
    )


def _canonical(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


# --- other sets --------------------------------------------------------------------------------


def workplace_documents() -> list[SourceDocument]:
    """The policies of elastic_workplace, for everybody."""
    path = DATA / "elastic_workplace" / "datasets" / "workplace-documents.json"
    rows = json.loads(path.read_text("utf-8"))
    return [_document("elastic_workplace", r["url"], r["name"], r["content"]) for r in rows]


def _handbook_questions(datasource: str, name: str) -> list[Question]:
    """Questions about files, which are named by their paths."""
    return [
        question.model_copy(
            update={
                "documents": {document_id(datasource, k): v for k, v in question.documents.items()}
            }
        )
        for question in load(QUESTIONS / name)
    ]


def azure_pdf_questions() -> list[Question]:
    """Questions about PDF files; the pages that the reference names are not looked at.

    Nor are its answers: a model put them into words of its own, which no passage holds.
    """
    found = []
    for number, row in enumerate(_lines(DATA / "azure_hr" / "ground_truth.jsonl"), 1):
        cited = row["truth"].partition("[")[2]
        names = {part.split("#")[0].strip("[] ") for part in cited.split("]") if ".pdf" in part}
        relevant = {document_id("azure_hr_pdf", name): 1 for name in names}
        found.append(
            Question(
                id=f"q{number}",
                question=row["question"],
                documents=relevant,
                answerable=bool(relevant),
            )
        )
    return found


# --- questions that are not answered -----------------------------------------------------------

XQUAD = DATA / "xquad" / "beir_en"


def xquad_half() -> list[SourceDocument]:
    """Every other article of xquad."""
    known = set(sorted({one.title for one in _xquad_en()})[::2])
    return [one for one in _xquad_en() if one.title in known]


def xquad_gaps() -> list[SourceDocument]:
    """Every other paragraph of each article."""
    return list(_xquad_en()[::2])


@functools.cache
def _xquad_en() -> tuple[SourceDocument, ...]:
    return tuple(beir_documents("xquad_en", XQUAD))


def judged_by(documents: Iterable[SourceDocument]) -> list[Question]:
    """The questions of xquad; answerable are those whose paragraph is among the documents."""
    held = {one.id for one in documents}
    return [
        one.model_copy(update={"answerable": bool(held & one.documents.keys())})
        for one in beir_questions("xquad_en", XQUAD)
    ]


def misspelt_questions() -> list[Question]:
    """The questions of xquad, each with a typing error in its longest word of small letters."""
    return [
        one.model_copy(update={"question": misspelt(one.question)})
        for one in beir_questions("xquad_en", XQUAD)
    ]


def misspelt(question: str) -> str:
    """Swaps, leaves out, doubles or mistypes a letter within a word; the same in each run."""
    words = re.findall(r"\b[a-z]{5,}\b", question)
    if not words:
        return question
    word = max(words, key=len)
    digest = hashlib.sha256(question.encode()).digest()
    at, letter = 1 + digest[0] % (len(word) - 2), chr(ord("a") + digest[1] % 26)
    before, here, after = word[:at], word[at], word[at + 1 :]
    wrong = (
        f"{before}{after[0]}{here}{after[1:]}",
        f"{before}{after}",
        f"{before}{here}{here}{after}",
        f"{before}{letter}{after}",
    )[digest[2] % 4]
    return question.replace(word, wrong, 1)


def with_outsiders(questions: Sequence[Question], outside: Sequence[Question]) -> list[Question]:
    """The questions, and as many from elsewhere, which are not answerable here."""
    chosen = spread([one for one in outside if one.answerable], len(questions))
    return [
        *questions,
        *(
            Question(id=f"{OUTSIDE}{one.id}", question=one.question, answerable=False)
            for one in chosen
        ),
    ]


def spread(questions: Sequence[Question], most: int | None) -> list[Question]:
    """At most so many, evenly spread over all of them."""
    if most is None or len(questions) <= most:
        return list(questions)
    return [questions[number * len(questions) // most] for number in range(most)]


# --- all of them -------------------------------------------------------------------------------

SCIFACT = DATA / "scifact" / "visible_clean"
MTRAG = DATA / "mtrag"
LAST_TURN, REWRITE = MTRAG / "visible_clean_lastturn", MTRAG / "visible_clean_rewrite"
CONVERSATION = MTRAG / "visible_clean_questions"
AZURE = DATA / "azure_hr" / "beir"
LANGUAGES = ("en", "de", "zh", "ar")
HANDBOOK = ("handbook", ROOT / "examples" / "handbook")
SOURCEGRAPH = ("sourcegraph", DATA / "handbook" / "sourcegraph")

_BEIR = {
    **{f"xquad_{language}": DATA / "xquad" / f"beir_{language}" for language in LANGUAGES},
    "mtrag": LAST_TURN,
    "azure_hr": AZURE,
    "scifact": SCIFACT,
}


def _everything() -> list[SourceDocument]:
    found = [one for name, folder in _BEIR.items() for one in beir_documents(name, folder)]
    return found + workplace_documents()


CORPORA = {
    corpus.name: corpus
    for corpus in (
        *(
            Corpus(name, functools.partial(beir_documents, name, folder))
            for name, folder in _BEIR.items()
        ),
        Corpus("xquad_half", xquad_half),
        Corpus("xquad_gaps", xquad_gaps),
        Corpus("handbook", directories=(HANDBOOK,)),
        Corpus("sourcegraph", directories=(SOURCEGRAPH,)),
        Corpus("azure_hr_pdf", directories=(("azure_hr_pdf", DATA / "azure_hr" / "pdf"),)),
        Corpus("mixed", _everything, (HANDBOOK,)),
    )
}


def _mtrag(folder: Path, history: Path | None = None) -> list[Question]:
    return beir_questions("mtrag", folder, history)


def _handbook() -> list[Question]:
    return _handbook_questions("handbook", "handbook.jsonl")


def _sourcegraph() -> list[Question]:
    return _handbook_questions("sourcegraph", "sourcegraph.jsonl")


def _outside(questions: Callable[[], Sequence[Question]]) -> Callable[[], list[Question]]:
    def both() -> list[Question]:
        asked = (one for one in questions() if one.answerable)
        own = [one for one in asked if not one.history and one.ask_as is None]
        return with_outsiders(own, beir_questions("xquad_en", XQUAD))

    return both


_ASKED: dict[str, tuple[Callable[[], Sequence[Question]], str]] = {
    name: (functools.partial(beir_questions, name, folder), what)
    for (name, folder), what in zip(
        _BEIR.items(),
        (
            "one-hop questions over Wikipedia paragraphs",
            "the same in German",
            "the same in Chinese",
            "the same in Arabic",
            "last turns of conversations, without the conversation",
            "questions about benefits, over pages of six PDFs",
            "scientific claims over abstracts",
        ),
        strict=True,
    )
}

SETS = {
    one.name: one
    for one in (
        *(EvaluationSet(name, name, asked, what) for name, (asked, what) in _ASKED.items()),
        EvaluationSet(
            "mtrag_chat",
            "mtrag",
            functools.partial(_mtrag, LAST_TURN, CONVERSATION),
            "last turns, with the questions before them",
        ),
        EvaluationSet(
            "mtrag_rewrite",
            "mtrag",
            functools.partial(_mtrag, REWRITE),
            "last turns as people rewrote them to stand alone",
        ),
        EvaluationSet(
            "xquad_misspelt",
            "xquad_en",
            misspelt_questions,
            "one-hop questions over Wikipedia paragraphs, with a typing error each",
        ),
        EvaluationSet("azure_hr_pdf", "azure_hr_pdf", azure_pdf_questions, "the PDFs themselves"),
        EvaluationSet("handbook", "handbook", _handbook, "the sample handbook, as its people"),
        EvaluationSet("sourcegraph", "sourcegraph", _sourcegraph, "a real company's handbook"),
        EvaluationSet(
            "refuse_half",
            "xquad_half",
            lambda: judged_by(xquad_half()),
            "half of the articles indexed, questions about all",
        ),
        EvaluationSet(
            "refuse_gaps",
            "xquad_gaps",
            lambda: judged_by(xquad_gaps()),
            "half of each article's paragraphs indexed, questions about all: these look answerable",
        ),
        EvaluationSet(
            "refuse_mtrag",
            "mtrag",
            _outside(functools.partial(_mtrag, REWRITE)),
            "mtrag's own questions and as many of xquad",
        ),
        EvaluationSet(
            "refuse_azure",
            "azure_hr",
            _outside(functools.partial(beir_questions, "azure_hr", AZURE)),
            "azure_hr's own questions and as many of xquad",
        ),
        EvaluationSet(
            "refuse_handbook",
            "handbook",
            _outside(_handbook),
            "the sample handbook's own questions and as many of xquad",
        ),
        *(
            EvaluationSet(f"mixed_{name}", "mixed", asked, f"{what}; all sets in one index")
            for name, (asked, what) in _ASKED.items()
        ),
    )
}
