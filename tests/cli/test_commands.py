"""The commands as an operator or a script runs them."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from stook import __version__
from stook.errors import NotFound
from tests.cli.running import Stook
from tests.knowledge.test_embedding import own_model

pytestmark = pytest.mark.xdist_group("one indexed directory for all commands")

RULES = """
default = ["everyone"]
[groups]
board = ["ada@example.com"]
[[rules]]
path = "pay.md"
allow = ["group:board"]
[[users]]
email = "ada@example.com"
name = "Ada"
[[users]]
email = "ben@example.com"
"""


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("handbook")
    (made / "stook-permissions.toml").write_text(RULES)
    (made / "leave.md").write_text("# Leave\n\nEverybody has thirty days of annual leave a year.\n")
    (made / "pay.md").write_text("# Pay bands\n\nThe pay band of an engineer is 4711 crowns.\n")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (made / "empty.md").write_text("")
    return made


@pytest.fixture(scope="module")
def stook(tmp_path_factory: pytest.TempPathFactory, handbook: Path) -> Stook:
    """The command on a data directory that holds the handbook."""
    made = Stook(tmp_path_factory.mktemp("data"))
    done = made("index", handbook, "--datasource", "handbook", "--json")
    assert done.json["added"] == 2
    assert {Path(one["name"]).name for one in done.json["skipped"]} == {"broken.pdf", "empty.md"}
    assert done.err.count("skipped ") == 2
    return made


def test_version_is_quick_and_touches_nothing(stook: Stook) -> None:
    best = 60.0
    for _ in range(3):
        started = time.monotonic()
        assert stook("version").out == f"{__version__}\n"
        best = min(best, time.monotonic() - started)
    assert best < 2  # a bound for the busiest machine; an idle one takes 0.05 s
    assert stook("version", "--json").json == {"version": __version__}


def test_search_shows_everyone_what_everyone_may_see(stook: Stook) -> None:
    results = stook("search", "annual leave", "--json").json["results"]
    misspelt = stook("search", "anual leave", "--json").json
    assert (misspelt["searched"], misspelt["results"]) == ("annual leave", results)
    assert "Searched for: annual leave" in stook("search", "anual leave").err
    assert "thirty days" in results[0]["text"]
    assert "crowns" not in json.dumps(results)


def test_restricted_words_come_out_for_those_with_the_right_only(stook: Stook) -> None:
    question = "What is the pay band of an engineer?"
    told = stook("ask", question, "--as", "ada@example.com", "--json").json
    assert "4711" in told["answer"] and told["outcome"] == "answered"
    cited = told["citations"][0]
    assert "4711" in cited["snippet"]["text"]
    for more in (["--as", "ben@example.com"], []):
        done = stook("ask", question, "--json", *more)
        assert "4711" not in done.out + done.err


def test_an_answer_for_people_names_its_sources(stook: Stook) -> None:
    done = stook("ask", "How many days of annual leave does everybody have?")
    assert "thirty days" in done.out
    assert "leave.md" in done.out


def test_explain_says_why(stook: Stook) -> None:
    ada = stook("explain", "ada@example.com", "pay.md", "--json").json
    ben = stook("explain", "ben@example.com", "pay.md", "--json", code=3).json
    assert (ada["allowed"], ben["allowed"]) == (True, False)
    assert "board" in " ".join(ada["reasons"] + ben["reasons"])
    assert "may not see" in stook("explain", "ben@example.com", "pay.md", code=3).out
    for who, what in (("ada@example.com", "pya.md"), ("ads@example.com", "pay.md")):
        unknown = stook("explain", who, what, "--json", code=4)
        assert (unknown.json["allowed"], unknown.json["documents"]) == (None, [])
        assert f"There is no {'document' if what == 'pya.md' else 'user'}" in unknown.err


def test_explain_answers_for_each_document_of_a_path(stook: Stook, tmp_path: Path) -> None:
    (tmp_path / "pay.md").write_text("# Pay day\n\nWages are paid on the last Friday.\n")
    stook("index", tmp_path, "--datasource", "calendar")
    ask = ("explain", "ben@example.com", "pay.md", "--json")
    both = stook(*ask, code=4)
    assert (both.json["answer"], both.json["allowed"]) == ("differs", None)
    told = {one["datasource"]: one for one in both.json["documents"]}
    assert {name: one["allowed"] for name, one in told.items()} == {
        "calendar": True, "handbook": False,
    }  # fmt: skip
    assert "--datasource" in both.err
    assert stook(*ask, "--datasource", "calendar").json["allowed"] is True
    stook(*ask, "--datasource", "handbook", code=3)
    stook("explain", "ben@example.com", told["handbook"]["document_id"], code=3)
    stook("explain", "ben@example.com", tmp_path / "pay.md")  # the path of the file itself
    stook("datasource", "remove", "calendar", "--yes")


READING = [
    ["ask", "How many days of leave?"],
    ["search", "leave"],
    ["explain", "ada@example.com", "pay.md"],
    ["user", "list"],
    ["group", "list"],
    ["token", "list"],
    ["client", "list"],
    ["application", "list"],
    ["document", "list"],
    ["datasource", "list"],
    ["document", "remove", "pay.md", "--yes"],
    ["feedback", "export"],
    ["reindex"],
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_makes_nothing(tmp_path: Path, command: list[str]) -> None:
    from typer.testing import CliRunner

    from stook.cli.app import application

    wrong = tmp_path / "wrong"
    for _ in range(2):
        done = CliRunner().invoke(application(), [*command, "--data-dir", str(wrong)])
        assert isinstance(done.exception, NotFound)
        assert f"There is nothing in {wrong}" in str(done.exception)
        assert not done.output
        assert not list(wrong.iterdir() if wrong.exists() else ())
        wrong.mkdir(exist_ok=True)


def test_an_answer_is_explained_from_what_the_asker_may_see(stook: Stook) -> None:
    question = "What is the pay band of an engineer?"
    told = stook("explain-answer", question, "--as", "ada@example.com", "--json").json
    best = next(one for one in told["candidates"] if one["taken"])
    assert "4711" in best["text"] and "4711" in told["answer"]
    assert best["score"] == pytest.approx(sum(part["adds"] for part in best["features"]))
    shown = stook("explain-answer", question, "--as", "ada@example.com").out
    assert "taken: it is the best" in shown
    assert "pay" in shown.partition("Terms")[2].partition("\n")[0]
    done = stook("explain-answer", question, "--as", "ben@example.com")
    assert "4711" not in done.out + done.err


def test_a_search_hit_says_why_it_stands_where_it_does(stook: Stook) -> None:
    hit = stook("search", "annual leave", "--explain", "--json").json["results"][0]
    assert {"bm25", "dense"} <= {one["name"] for one in hit["signals"]}
    made_of = sum(one["value"] * one["weight"] for one in hit["signals"])
    assert hit["score"] == pytest.approx(made_of, abs=1e-4)
    assert "bm25" in stook("search", "annual leave", "--explain").out
    assert "signals" not in stook("search", "annual leave", "--json").json["results"][0]


def test_a_person_who_was_shut_out_stays_out(stook: Stook, handbook: Path) -> None:
    stook("user", "add", "eve@example.com", "--name", "Eve")
    stook("user", "deactivate", "eve@example.com")
    done = stook("search", "leave", "--as", "eve@example.com", code=1)
    assert "no active user" in done.err
    with (handbook / "stook-permissions.toml").open("a") as rules:
        rules.write('[[users]]\nemail = "eve@example.com"\n')
    stook("index", handbook, "--datasource", "handbook")
    people = {user["email"]: user["active"] for user in stook("user", "list", "--json").json}
    assert people == {"ada@example.com": True, "ben@example.com": True, "eve@example.com": False}


def test_tokens_are_shown_once_and_can_be_revoked(stook: Stook) -> None:
    arguments = ("--scopes", "chat,SEARCH", "--user", "ada@example.com", "--expires", "90d")
    made = stook("token", "create", "my script", *arguments, "--json").json
    assert made.keys() == {"id", "token"}
    assert made["token"].startswith("stook_")
    [listed] = stook("token", "list", "--json").json
    assert (listed["id"], listed["scopes"]) == (made["id"], ["CHAT", "SEARCH"])
    assert listed["expires_at"]
    assert made["token"] not in json.dumps(listed)
    stook("token", "revoke", made["id"])
    assert "revoked" in stook("token", "list").out
    stook("token", "remove", made["id"], "--yes")  # the last one
    assert stook("token", "list", "--json").json == []


def test_clients_and_groups(stook: Stook) -> None:
    made = stook("client", "create", "Front End", "--json").json
    assert made.keys() == {"client_id", "client_secret"}
    [client] = stook("client", "list", "--json").json
    assert client["client_id"] == made["client_id"]
    stook("group", "add", "sales", "--member", "ada@example.com", "--member", "ben@example.com")
    found = {group["name"]: group["users"] for group in stook("group", "list", "--json").json}
    assert found["sales"] == ["ada@example.com", "ben@example.com"]
    stook("group", "add", "SALES", "--member", "eve@example.com")  # the same group
    stook("group", "remove", "Sales", "--member", "ada@example.com", "--member", "Ben@example.com")
    assert "no direct member" in stook("group", "remove", "sales", "--member", "x@y", code=1).err
    found = {group["name"]: group["users"] for group in stook("group", "list", "--json").json}
    assert found["sales"] == ["eve@example.com"] and "SALES" not in found
    assert "--yes" in stook("group", "remove", "sales", code=2).err
    stook("group", "remove", "sales", "--yes")
    stook("group", "remove", "board", "--realm", "handbook", code=2)
    assert [group["name"] for group in stook("group", "list", "--json").json] == ["board"]


def test_the_doctor_finds_what_is_wrong_and_reindex_mends_it(stook: Stook) -> None:
    assert stook("doctor", "--json").json["ok"]
    (stook.data_dir / "index").rename(stook.data_dir / "lost")
    sick = stook("doctor", code=1)
    assert "stook reindex" in sick.out
    assert stook("reindex", "--json").json["documents"] == 2
    assert stook("doctor", "--json").json["ok"]
    assert "thirty days" in stook("search", "annual leave").out


def test_another_encoder_needs_the_index_made_anew(stook: Stook, tmp_path: Path) -> None:
    own: dict[str, Any] = {"STOOK_EMBEDDING_MODEL": str(own_model(tmp_path))}
    for command in (["search", "annual leave"], ["serve", "--port", "0"], ["doctor"]):
        refused = stook(*command, code=1, **own)
        assert "stook reindex" in refused.out + refused.err, command
    assert stook("reindex", "--json", **own).json["documents"] == 2
    assert "thirty days" in stook("search", "annual leave", **own).out
    assert stook("doctor", "--json", **own).json["ok"]
    assert "stook reindex" in stook("search", "annual leave", code=1).err
    stook("reindex")


BAD = [
    (["index", "/no/such/directory"], {}, 1, "There is no file or directory"),
    (["index"], {}, 2, "PATH_OR_URL"),
    (["index", "--wrong", "."], {}, 2, "--wrong"),
    (["index", ".", "--allow", "nobody"], {}, 2, "--allow"),
    (["index", ".", "--allow", "group:typo"], {}, 2, "group:typo"),
    (["index", ".", "--allow", "everyone", "--allow", "user:typo@x.org"], {}, 2, "user:typo@x.org"),
    (["client", "grant", "cli_1", "news", "--allow", "group:typo"], {}, 2, "--allow-unknown"),
    (["index", ".", "--crawl"], {}, 2, "--crawl"),
    (["index", ".", "--datasource", "a/b"], {}, 2, "--datasource"),
    (["index", ".", "--base-url", "example.com"], {}, 2, "--base-url"),
    (["index", "http://127.0.0.1:9/page"], {}, 1, "127.0.0.1"),
    (["search", "leave", "--as", "nobody@example.com"], {}, 1, "nobody@example.com"),
    (["search", "leave", "--limit", "0"], {}, 2, "--limit"),
    (["ask", "  "], {}, 2, "empty"),
    (["token", "create", "t", "--scopes", "CHAT"], {}, 2, "--user"),
    (["token", "create", "t", "--scopes", "NONE", "--global"], {}, 2, "NONE"),
    (["token", "create", "t", "--scopes", "CHAT", "--global", "--expires", "soon"], {}, 2, "soon"),
    (["token", "revoke", "tok_none"], {}, 1, "tok_none"),
    (["token", "remove", "tok_none"], {}, 2, "--yes"),
    (["token", "remove", "tok_none", "--yes"], {}, 1, "tok_none"),
    (["document", "remove"], {}, 2, "NAME"),
    (["document", "remove", "none.md", "--yes"], {}, 1, "none.md"),
    (["document", "show", "none.md"], {}, 1, "none.md"),
    (["datasource", "remove", "none", "--yes"], {}, 1, "none"),
    (["datasource", "remove", "handbook"], {}, 2, "2 documents"),
    (["group", "remove", "none", "--yes"], {}, 1, "none"),
    (["user", "add", "nobody"], {}, 2, "nobody"),
    (["user", "deactivate", "nobody@example.com"], {}, 1, "nobody@example.com"),
    (["serve", "--port", "high"], {}, 2, "--port"),
    (["user", "list"], {"STOOK_WRONG": "1"}, 2, "STOOK_WRONG"),
    (["user", "list"], {"STOOK_LOG_LEVEL": "loud"}, 2, "STOOK_LOG_LEVEL"),
    (["user", "list"], {"STOOK_DATABASE_URL": "nonsense"}, 2, "STOOK_DATABASE_URL"),
]


@pytest.mark.parametrize(("arguments", "settings", "code", "words"), BAD)
def test_bad_input_gets_one_clear_sentence(
    stook: Stook, arguments: list[str], settings: dict[str, str], code: int, words: str
) -> None:
    done = stook(*arguments, code=code, **settings)
    assert words in done.err
    assert not done.out or arguments[0] == "index"


def test_a_database_that_is_none(tmp_path: Path) -> None:
    stook = Stook(tmp_path)
    (tmp_path / "stook.db").write_text("This is no database, but long enough to be one. " * 40)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "stook.db").execute("SELECT * FROM users")
    assert "stook.db" in stook("user", "list", code=1).err


def test_a_permissions_file_with_a_mistake_stops_everything(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "a.md").write_text("Secret words.")
    (source / "stook-permissions.toml").write_text('defualt = ["everyone"]')
    stook = Stook(tmp_path / "data")
    assert "defualt" in stook("index", source, code=2).err
    assert not (tmp_path / "data").exists()


def test_the_doctor_asks_the_models(stook: Stook) -> None:
    def found(**settings: str) -> list[str]:
        checks = stook("doctor", "--json", code=None, **settings).json["checks"]
        return [check["found"] for check in checks if check["name"] == "model"]

    assert "own words" in found()[0]
    away = "http://127.0.0.1:9/v1"  # nothing listens there
    local = {"STOOK_MODEL": "openai:a,local:smollm2", "STOOK_MODEL_THREADS": "1"}
    assert found(**local, STOOK_MODEL_BASE_URL=away, STOOK_MODEL_RETRIES="0") == [
        "openai:a does not answer.",
        "local:smollm2 answers.",
    ]


def test_a_model_that_cannot_be_used_stops_the_start(stook: Stook) -> None:
    refused = stook("serve", "--port", "0", code=1, STOOK_MODEL="local:/nowhere.gguf")
    assert "/nowhere.gguf" in refused.err


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_what_is_kept_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    """Whatever the umask; what was made under another one is put right by the next command."""
    page = tmp_path / "page.md"
    page.write_text("# Bikes\n\nBikes stand in the yard.\n")
    stook = Stook(tmp_path / "data", umask)
    stook("index", page)
    assert _open_to_others(stook.data_dir) == []
    for path in (stook.data_dir, *stook.data_dir.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    stook("token", "list")
    assert _open_to_others(stook.data_dir) == []


def _open_to_others(directory: Path) -> list[str]:
    return [str(path) for path in (directory, *directory.rglob("*")) if path.stat().st_mode & 0o077]
