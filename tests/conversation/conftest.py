"""The sample handbook and a real company handbook, each indexed once for all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.knowledge.encoding.embedding import Embedder, load_embedder
from stook.models.local import LocalServer, weights
from stook.runtime import Runtime
from stook.settings import Settings
from tests.conversation.corpus import (
    ANN,
    BOB,
    HANDBOOK,
    SOURCEGRAPH,
    markdown_documents,
    opened,
    questions,
)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def handbook(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runtime]:
    """The sample handbook. Who the questions say may read a restricted document may read it."""
    readers: dict[str, set[str]] = {
        str(path.relative_to(HANDBOOK)): set() for path in (HANDBOOK / "restricted").glob("*.md")
    }
    people = {str(ANN.email), str(BOB.email)}
    for row in questions("handbook.jsonl"):
        people |= {row["ask_as"]} - {None}
        if row["document"] in readers:
            readers[row["document"]].add(row["ask_as"])
    permissions = {
        path: Permissions(users=frozenset(Subject(ORGANISATION, email) for email in emails))
        for path, emails in readers.items()
    }
    documents = await markdown_documents(HANDBOOK, permissions)
    async with opened(tmp_path_factory.mktemp("handbook"), documents, sorted(people)) as runtime:
        yield runtime


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sourcegraph(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Runtime]:
    """The handbook of a real company, 885 files."""
    if not SOURCEGRAPH.is_dir():
        pytest.skip(f"the evaluation data is absent: {SOURCEGRAPH}")
    documents = await markdown_documents(SOURCEGRAPH)
    async with opened(tmp_path_factory.mktemp("sourcegraph"), documents, []) as runtime:
        yield runtime


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    """A real language model: SmolLM2, by llama.cpp, in this process."""
    server = LocalServer(weights("smollm2"), threads=1)
    yield server
    server.close()


@pytest.fixture(scope="session")
def embedder() -> Iterator[Embedder]:
    loaded = load_embedder(Settings())
    yield loaded
    loaded.close()
