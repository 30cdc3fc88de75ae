"""Marked-up text: what its languages mean, beyond the samples; what is hostile costs an error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(parse_timeout_seconds=20), workers=1)
    yield made
    asyncio.run(made.close())


async def read(parser: Parser, text: str, name: str) -> ParsedDocument:
    return await parser.parse_bytes(text.encode(), name)


async def test_what_docutils_cannot_make_sense_of_stands_as_written(parser: Parser) -> None:
    source = (
        "Rates\n=====\n\n.. tab-set::\n\n   .. tab-item:: Windows\n\n"
        "      Run :file:`AgentSetup.exe`.\n\n"
        ".. note::\n   :unknown: option\n\n   Call 112.\n\n=====  =====\nA      B\n=====  =====\n"
        "1      2\ntoolong 3\n=====  =====\n\n.. include:: /etc/passwd\n"
    )
    found = await read(parser, source, "a.rst")
    for words in (
        "Windows",
        "AgentSetup.exe",
        "Call 112.",
        "toolong 3",
        ".. include:: /etc/passwd",
    ):
        assert words in found.text
    assert "root:" not in found.text
    assert found.notes == ("3 parts could not be understood and stand as written",)


async def test_sphinx_words_keep_what_they_say(parser: Parser) -> None:
    source = (
        ".. py:function:: pay(sum)\n\n   Pays the :ref:`sum <sums>`.\n\n"
        "   .. versionadded:: 4.2\n\n"
        ".. code-block:: sh\n   :linenos:\n   :caption: In short\n\n   pay 5\n\n.. seealso:: `x`\n"
    )
    found = (await read(parser, source, "a.rst")).text
    for words in ("pay(sum)", "Pays the sum.", "Added in version 4.2", "In short", "```sh\npay 5"):
        assert words in found


async def test_latex_is_read_as_it_is_printed(parser: Parser) -> None:
    source = r"""\documentclass{book}\newcommand{\unit}[2]{#1~#2}\newcommand{\firm}{Contoso}
\begin{document}
\chapter{Stays}\label{ch}
\section{Limits}
The limit of \firm{} is \unit{180}{EUR}, see table~\ref{t} in chapter~\ref{ch}.
It is $5 \times 10^6$.
\begin{table}\caption{Cities}\label{t}
\begin{tabular}{|l|r|}\hline
City & \textbf{Limit}\\\hline
\multicolumn{2}{|c|}{none}\\
Paris \& Rome & 180\\\hline
\end{tabular}\end{table}
\section*{Notes}
M\"uller --- ``yes'' 50\% \begin{tikzpicture}\draw (0,0);\end{tikzpicture}
\input{other}
\end{document}"""
    found = await read(parser, source, "a.tex")
    for words in (
        "## 1 Stays", "### 1.1 Limits", "of Contoso is 180 EUR, see table 1 in chapter 1.",
        "5 × 10^6", "*Table 1: Cities*", "| Paris & Rome | 180", "| none         | none",
        "### Notes",
        "Müller — “yes” 50%",
    ):  # fmt: skip
        assert words in found.text, words
    assert found.notes == (
        "it includes other files, which are not part of its text: other",
        "1 drawings were not read",
    )


async def test_asciidoc_tables_blocks_and_references(parser: Parser) -> None:
    source = """= Guide
:url: https://e.com

[[stay]]
== Your Stay

See <<stay>>, {url}/a[the form] and kbd:[F1].

[cols="2*"]
|===
|Zone |Fee

2+|none
.2+|North |10
|20
|===

[quote, Ada]
____
Never pay cash.
____

Deposit:: 50 EUR
+
refundable
* [x] paid
"""
    found = (await read(parser, source, "a.adoc")).text
    for words in (
        "See Your Stay, [the form](https://e.com/a) and F1.", "| none | none |", "| North | 10 |",
        "| North | 20 |", "> Never pay cash.", "> — Ada", "Deposit: 50 EUR", "☒ paid",
    ):  # fmt: skip
        assert words in found, words


async def test_org_drawers_comments_and_paths(parser: Parser) -> None:
    source = (
        "* TODO Stays :travel:\n:LOGBOOK:\nhidden\n:END:\nIn /usr/share/doc and =a_b= it is /so/.\n"
        "#+BEGIN_COMMENT\nsecret\n#+END_COMMENT\n** COMMENT Later\nsecret too\n** Next\n"
        "- [X] done\n"
        ": fixed  text\n"
    )
    found = (await read(parser, source, "a.org")).text
    assert found == (
        "# TODO Stays\n\nTags: travel\n\nIn /usr/share/doc and `a_b` it is *so*.\n\n## Next\n\n"
        "- ☒ done\n\n```\nfixed  text\n```"
    )


async def test_manual_pages_by_their_content(parser: Parser) -> None:
    page = (
        ".TH PAY 8 2026-01-02\n.SH NAME\npay \\- pays a sum\n.SH OPTIONS\n.TP\n\\fB\\-n\\fR\n"
        "Nothing.\n"
    )
    found = await read(parser, page, "pay.8")
    assert (found.mime_type, found.title) == ("text/troff", "pay(8): pays a sum")
    assert "-n\nNothing." in found.text
    log = await read(parser, "first line\n.TH is not at its beginning\n", "server.log.1")
    assert log.mime_type == "text/plain"


async def test_code_is_kept_to_the_letter_under_its_definitions(parser: Parser) -> None:
    source = "package main\n\n// Fee is in EUR.\nfunc Fee(city string) int {\n\treturn 180\n}\n"
    found = await read(parser, source, "fee.go")
    assert found.title == "fee.go"
    assert found.text == (
        "# fee.go\n\n```go\npackage main\n```\n\n## Fee\n\n```go\n// Fee is in EUR.\n"
        "func Fee(city string) int {\n\treturn 180\n}\n```"
    )
    assert [name for _, name in found.places] == ["line 1", "line 3"]


async def test_notebooks_of_format_three(parser: Parser) -> None:
    book = {
        "nbformat": 3,
        "metadata": {"name": "x"},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Fees"]},
                    {
                        "cell_type": "code", "language": "python", "input": ["1 + 1"],
                        "outputs": [{"output_type": "pyout", "text": ["2"]}],
                    },
                ]
            }
        ],
    }  # fmt: skip
    found = await read(parser, json.dumps(book), "a.ipynb")
    assert found.text == "## Fees\n\n\n\n```python\n1 + 1\n```\n\n```\n2\n```"


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
MACROS = [
    "\\newcommand{\\" + chr(98 + n) + "z}{" + 10 * ("\\" + chr(97 + n) + "z") + "}\n"
    for n in range(12)
]
HOSTILE = {
    "deep.xml": "<a>" * 100_000 + "x" + "</a>" * 100_000,
    "bomb.xml": f'<!DOCTYPE x [<!ENTITY e0 "lol">{ENTITIES}]><x>&e11;</x>',
    "file.xml": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>a &f; b</x>',
    "deep.tex": "{" * 50_000 + "x" + "}" * 50_000,
    "bomb.tex": "".join(MACROS) + "\\newcommand{\\az}{lol}words \\mz",
    "loop.tex": "\\newcommand{\\a}{\\b\\b}\\newcommand{\\b}{\\a\\a} words \\a",
    "deep.rst": "\n".join(" " * n + "* x" for n in range(2_000)),
    "bomb.adoc": "".join(f":e{n}: {f'{{e{n - 1}}}' * 10}\n" for n in range(1, 30)) + "\nx {e29}",
    "deep.adoc": "\n".join(f"{'=' * (n + 4)}\nx" for n in range(2_000)),
    "deep.org": "\n".join("#+begin_quote" for _ in range(20_000)),
    "deep.1": ".TH a 1\n" + ".RS\n.IP 1. 2\n" * 20_000 + "words",
    "deep.ipynb": "[" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_hostile_is_read_or_refused(parser: Parser, name: str) -> None:
    try:
        found = await read(parser, HOSTILE[name], name)
    except UnreadableDocument:
        return
    assert len(found.text) < 2_000_000
    assert "root:" not in found.text
