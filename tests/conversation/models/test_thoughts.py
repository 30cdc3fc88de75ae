"""What a model says to itself never reaches an answer; what it could not finish says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from stook.conversation.events import Answer
from stook.errors import Unavailable
from stook.models.prompts import Cut, Prompt
from stook.models.thoughts import Aloud, Spoken
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings
from stook.understanding import locales
from tests.conversation.corpus import HANDBOOK, answer_to, ask, markdown_documents, opened
from tests.conversation.models.ill_behaved import ANSWER, PIECES, ill_behaved
from tests.conversation.models.test_language_models import opened as opened_models
from tests.conversation.models.test_language_models import pieces_of

QUESTION = "How many vacation days do I get?"
WHOLE = sorted(PIECES.keys() - {"length", "filter", "never_through"})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ill_behaved() as url:
        yield url


@pytest.mark.parametrize("model", WHOLE)
async def test_only_the_answer_is_written(address: str, model: str) -> None:
    async with opened_models(model=f"openai:{model}", model_base_url=address) as models:
        for _ in range(3):  # what the first answer told of a model holds for the next
            texts, usage = await pieces_of(models, Prompt("", "?", 50))
            assert "".join(texts).strip() == ANSWER
            assert usage.cut is None


@pytest.mark.parametrize(("model", "cut"), [("length", Cut.LENGTH), ("filter", Cut.FILTER)])
async def test_why_a_text_ends(address: str, model: str, cut: Cut) -> None:
    async with opened_models(model=f"openai:{model}", model_base_url=address) as models:
        texts, usage = await pieces_of(models, Prompt("", "?", 50))
        assert ANSWER.startswith("".join(texts)) and usage.cut is cut


async def test_a_thought_that_is_never_through_is_no_text(address: str) -> None:
    async with opened_models(model="openai:never_through", model_base_url=address) as models:
        texts, usage = await pieces_of(models, Prompt("", "?", 50))
        assert texts == [] and usage.cut is Cut.LENGTH


@pytest.mark.parametrize("model", WHOLE)
async def test_what_is_to_be_shown_at_once_waits_where_it_begins_as_thoughts_do(
    address: str, model: str
) -> None:
    prompt = Prompt("", "?", 50, at_once=True)
    async with opened_models(model=f"openai:{model}", model_base_url=address) as models:
        texts, _ = await pieces_of(models, prompt)
    assert "".join(texts).strip() == ANSWER
    assert len(texts) > 5 or model not in ("plain", "split")


async def test_a_model_known_to_speak_plainly_is_shown_as_it_writes(address: str) -> None:
    async with opened_models(model="openai:plain", model_base_url=address) as models:
        await pieces_of(models, Prompt("", "?", 50))
        texts, _ = await pieces_of(models, Prompt("", "?", 50))
        assert len(texts) > 5


def test_what_was_shown_and_turns_out_to_be_a_thought_is_an_error() -> None:
    spoken = Spoken(held=False)
    assert spoken.take("I think that") == ["I think that"]
    with pytest.raises(Aloud):
        spoken.take("</think>The answer.")
    assert spoken.thinks_aloud


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    "text",
    ["if a < b and b > c then", "x[0] <b>bold</b> [1]", "a <thinker> writes", "1 <", "<|", "[TH"],
)
def test_what_is_no_tag_stays(text: str, size: int) -> None:
    spoken = Spoken(held=False)
    shown = [
        each for start in range(0, len(text), size) for each in spoken.take(text[start:][:size])
    ]
    assert "".join([*shown, *spoken.finish()]) == text


# --- answers -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("thoughts")


@pytest.fixture
async def indexed(data_dir: Path) -> Path:
    if not (data_dir / "stook.db").exists():
        documents = await markdown_documents(HANDBOOK / "time-off")
        async with opened(data_dir, documents, []):
            pass
    return data_dir


@pytest.fixture
async def runtime(
    request: pytest.FixtureRequest, indexed: Path, address: str
) -> AsyncIterator[Runtime]:
    settings = Settings(
        data_dir=indexed, model=f"openai:{request.param}", model_base_url=address, model_retries=0
    )
    async with open_runtime(settings) as opened_runtime:
        yield opened_runtime


async def answered(runtime: Runtime, **more: Any) -> Answer:
    return await answer_to(runtime, ask(QUESTION, **more))


@pytest.mark.parametrize("runtime", ["split", "alone", "channels"], indirect=True)
async def test_an_answer_holds_no_thought(runtime: Runtime) -> None:
    for more in ({}, {"uses_documents": False}):
        answer = await answered(runtime, **more)
        assert "27 days" in answer.text
        for leaked in ("user asks", "I will say", "<", "|", "think", "channel"):
            assert leaked not in answer.text
        assert answer.noted.cut is None


@pytest.mark.parametrize("runtime", ["length", "filter"], indirect=True)
async def test_an_answer_that_was_cut_says_so(runtime: Runtime) -> None:
    for more in ({}, {"uses_documents": False}):
        answer = await answered(runtime, locale="de", **more)
        assert answer.text.startswith("Every employee has 27 days")
        assert answer.text.endswith(f"*{locales.cut('de')}*")
        assert answer.noted.cut in ("length", "content_filter")


@pytest.mark.parametrize("runtime", ["never_through"], indirect=True)
async def test_without_an_answer_the_documents_own_words_are_given(runtime: Runtime) -> None:
    answer = await answered(runtime)
    assert locales.extracted("en") in answer.text and answer.citations


@pytest.mark.parametrize("runtime", ["alone"], indirect=True)
async def test_a_model_that_turns_out_to_think_aloud_is_held_back(runtime: Runtime) -> None:
    models = runtime.engine._models
    assert models is not None
    models._may_think_aloud["alone"] = False  # as if it had spoken plainly until now
    with pytest.raises(Unavailable):
        await pieces_of(models, Prompt("", "?", 50))
    texts, _ = await pieces_of(models, Prompt("", "?", 50))
    assert "".join(texts).strip() == ANSWER
