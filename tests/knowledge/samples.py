"""A small file of each format, with what its format can say, and how Stook says it.

The table in docs/formats.md is made of these. What stands in a sample under a feature is a piece
of the text that must come out of it, as it must come out.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.knowledge import files_by_code as files

HEADING, TABLE_ROW = "# Hotels", "180 EUR |"
FEATURES = ("headings", "lists", "tables", "numbers", "notes", "comments", "links", "code")
FACTS = ("title", "author", "date", "places", "files within")


@dataclass(frozen=True)
class Sample:
    """One file. ``says`` are pieces of its text by feature; ``facts`` what else it says."""

    format: str
    name: str
    content: bytes
    says: dict[str, str]
    facts: frozenset[str] = field(default_factory=frozenset)
    endings: str = ""


def sample(
    kind: str, name: str, content: bytes | str, facts: str, endings: str = "", **says: str
) -> Sample:
    raw = content.encode() if isinstance(content, str) else content
    known = frozenset(fact.strip() for fact in facts.split(",") if fact.strip())
    return Sample(kind, name, raw, says, known, endings or name.rpartition(".")[2])


MARKDOWN = """---
title: Travel Policy
author: Ada Lovelace
date: 2026-01-02
---
# Hotels

Book early, see [the form](https://forms.example.com/7). It is 1.10 EUR.[^1] <!-- internal -->

1. First step
2. Second step

| City | Limit |
| --- | --- |
| Paris | 180 EUR |

```python
x = 1.10
```

[^1]: The footnote.
"""

RESTRUCTURED = """
=============
Travel Policy
=============

:Author: Ada Lovelace
:Date: 2026-01-02

.. internal

Hotels
======

Book early, see `the form <https://forms.example.com/7>`_. It is 10\\ :sup:`6` EUR. [#f]_

#. First step
#. Second step

.. [#f] The footnote.

+-------+---------+
| City  | Limit   |
+=======+=========+
| Paris | 180 EUR |
+-------+---------+

.. code-block:: python
   :emphasize-lines: 1

   x = 1.10

.. versionchanged:: 2.0
   Limits rose.
"""

ASCIIDOC = """= Travel Policy
Ada Lovelace <ada@example.com>
v4.2, 2026-01-02
:fee: 1.10

// internal

== Hotels

Book early, see https://forms.example.com/7[the form]. It is {fee} or 10^6^ EUR.footnote:[The
footnote.]

. First step
. Second step

.Limits
[cols="1,1",options="header"]
|===
|City |Limit

|Paris
|180 EUR
|===

[source,python]
----
x = 1.10
----
"""

ORG = """#+TITLE: Travel Policy
#+AUTHOR: Ada Lovelace
#+DATE: 2026-01-02
# internal

* Hotels
:PROPERTIES:
:CUSTOM_ID: hotels
:END:
Book early, see [[https://forms.example.com/7][the form]]. It is 10^6 EUR.[fn:1]

1. First step
2. Second step

| City  | Limit   |
|-------+---------|
| Paris | 180 EUR |

#+BEGIN_SRC python
x = 1.10
#+END_SRC

[fn:1] The footnote.
"""

LATEX = r"""\documentclass{article}
\title{Travel Policy}\author{Ada Lovelace}\date{2026-01-02}
\newcommand{\fee}[1]{#1~EUR}
% internal
\begin{document}
\maketitle
\section{Hotels}\label{sec:hotels}
Book early, see \href{https://forms.example.com/7}{the form}. It is \fee{10\textsuperscript{6}} in
the
caf\'e.\footnote{The footnote.}
\begin{enumerate}\item First step \item Second step\end{enumerate}
\begin{tabular}{ll}\hline City & Limit \\ Paris & 180 EUR \\ \end{tabular}
\begin{verbatim}
x = 1.10
\end{verbatim}
See section~\ref{sec:hotels}.
\end{document}
"""

DOCBOOK = """<?xml version="1.0"?>
<!DOCTYPE article [<!ENTITY fee "1.10">]>
<article xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink"><info>
<title>Travel
Policy</title><author><personname><firstname>Ada</firstname><surname>Lovelace</surname>
</personname></author><pubdate>2026-01-02</pubdate></info><!-- internal -->
<section><title>Hotels</title><para>Book early, see <link
xlink:href="https://forms.example.com/7">the
form</link>. It is &fee; or 10<superscript>6</superscript> EUR<footnote><para>The footnote.</para>
</footnote>.</para><orderedlist><listitem><para>First step</para></listitem><listitem><para>Second
step</para></listitem></orderedlist><table><title>Limits</title><tgroup cols="2"><thead><row>
<entry>City</entry><entry>Limit</entry></row></thead><tbody><row><entry>Paris</entry><entry>180
EUR</entry>
</row></tbody></tgroup></table><programlisting language="python">x = 1.10</programlisting></section>
</article>"""

DITA = """<?xml version="1.0"?>
<!DOCTYPE task PUBLIC "-//OASIS//DTD DITA Task//EN" "task.dtd">
<task id="t"><title>Travel Policy</title><prolog><author>Ada Lovelace</author><critdates><created
date="2026-01-02"/></critdates></prolog><taskbody><!-- internal --><context><p>Book early, see <xref
href="https://forms.example.com/7">the form</xref>. It is 10<sup>6</sup> EUR<fn>The
footnote.</fn>.</p>
</context><steps><step><cmd>First step</cmd><info>Call them.</info></step><step><cmd>Second
step</cmd>
</step></steps><result><section><title>Hotels</title><simpletable><sthead><stentry>City</stentry>
<stentry>Limit</stentry></sthead><strow><stentry>Paris</stentry><stentry>180 EUR</stentry></strow>
</simpletable><codeblock>x = 1.10</codeblock></section></result></taskbody></task>"""

JATS = """<?xml version="1.0"?>
<article
xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><title-group><article-title>
Travel Policy</article-title></title-group><contrib-group><contrib><name><surname>Lovelace</surname>
<given-names>Ada</given-names></name></contrib></contrib-group><pub-date><day>2</day><month>1</month>
<year>2026</year></pub-date></article-meta></front><body><sec><title>Hotels</title><!-- internal
--><p>Book
early, see <ext-link xlink:href="https://forms.example.com/7">the form</ext-link>. It is
10<sup>6</sup>
EUR<fn><p>The footnote.</p></fn>.</p><list list-type="order"><list-item><p>First
step</p></list-item>
<list-item><p>Second step</p></list-item></list><table-wrap><label>Table
1</label><table><tr><th>City</th>
<th>Limit</th></tr><tr><td>Paris</td><td>180 EUR</td></tr></table></table-wrap><code>x =
1.10</code></sec>
</body></article>"""

MAN = r""".\" internal
.TH TRAVEL 1 "2026-01-02"
.SH NAME
travel \- book a journey
.SH HOTELS
Book \fBearly\fR, see
.UR https://forms.example.com/7
the form
.UE .
It is 1.10 EUR.
.IP 1. 3
First step
.IP 2. 3
Second step
.TP
.BR \-c ", " \-\-city =\fINAME\fR
The city.
.TS
l l.
City	Limit
Paris	180 EUR
.TE
.EX
x = 1.10
.EE
"""

MDOC = """.\\" internal
.Dd January 2, 2026
.Dt TRAVEL 1
.Sh NAME
.Nm travel
.Nd book a journey
.Sh HOTELS
.Nm
is
.Em 1.10 EUR .
See
.Lk https://forms.example.com/7 "the form" .
.Bl -enum
.It
First step
.It
Second step
.El
.Bd -literal
x = 1.10
.Ed
"""

NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "title": "Travel Policy",
            "authors": [{"name": "Ada Lovelace"}],
            "language_info": {"name": "python"},
        },
        "cells": [
            {
                "cell_type": "markdown",
                "metadata": {},
                "source": "# Hotels\n\nSee [the form](https://forms.example.com/7).\n\n1. First "
                "step\n2. Second step",
            },
            {
                "cell_type": "code",
                "metadata": {},
                "execution_count": 1,
                "source": ["x = 1.10\n", "x"],
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": ["Total: 1.10\n"]},
                    {
                        "output_type": "execute_result",
                        "metadata": {},
                        "data": {
                            "text/html": "<table><tr><th>City</th><th>Limit</th></tr><tr>"
                            "<td>Paris</td><td>180 EUR</td></tr></table>",
                            "text/plain": "Paris 180 EUR",
                            "image/png": "iVBORw0KGgo=",
                        },
                    },
                ],
            },
        ],
    }
)

PROGRAM = '''"""Limits of hotels."""


# what is paid at most
def hotels(city: str) -> float:
    """The limit in a city."""
    return {"Paris": 180.10}[city]
'''

HTML = """<!doctype html><html><head><title>Travel Policy</title><meta name="author" content="Ada
Lovelace"><meta property="article:published_time"
content="2026-01-02"></head><body><main><h1>Hotels</h1>
<!-- internal --><p>Book early, see <a href="https://forms.example.com/7">the form</a>. It is
10<sup>6</sup>
EUR.</p><ol><li>First step</li><li>Second
step</li></ol><table><tr><th>City</th><th>Limit</th></tr><tr>
<td>Paris</td><td>180 EUR</td></tr></table><pre><code>x = 1.10</code></pre></main></body></html>"""


def mail() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Hotels"
    message["From"] = "Ada Lovelace <ada@example.com>"
    message["Date"] = "Fri, 02 Jan 2026 03:04:05 +0000"
    message.set_content("It is 1.10 EUR.")
    message.add_attachment("Paris: 180 EUR", filename="limits.txt")
    return message.as_bytes()


def mailbox() -> bytes:
    head = b"From ada@example.com Fri Jan  2 03:04:05 2026\n"
    return head + mail().replace(b"\r\n", b"\n") + b"\n" + head + files.EML.replace(b"\r\n", b"\n")


def tar(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


CALENDAR = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Hotels\r\nDTSTART:20260102T090000Z\r\n"
    "DESCRIPTION:It is 1.10 EUR.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
WHOLE = "title, author, date"

SAMPLES = (
    sample(
        "Markdown", "a.md", MARKDOWN, WHOLE, "md, markdown, mdx", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="1.10 EUR", notes="The footnote.",
        comments="", links="[the form](https://forms.example.com/7)", code="x = 1.10",
    ),
    sample("Text", "a.txt", "Hotels\n\nIt is 1.10 EUR.", "", "txt, text, log", numbers="1.10 EUR"),
    sample(
        "HTML", "a.html", HTML, WHOLE, "html, htm, xhtml", headings=HEADING,
        lists="2. Second step", tables="180 EUR |", numbers="10⁶", comments="",
        links="[the form](https://forms.example.com/7)", code="```\nx = 1.10",
    ),
    sample(
        "reStructuredText", "a.rst", RESTRUCTURED, WHOLE, headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="10⁶", notes="[1] The footnote.",
        comments="", links="[the form](https://forms.example.com/7)", code="```python\nx = 1.10",
    ),
    sample(
        "AsciiDoc", "a.adoc", ASCIIDOC, WHOLE, "adoc, asciidoc", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="1.10 or 10⁶", notes="(The footnote.)",
        comments="", links="[the form](https://forms.example.com/7)", code="```python\nx = 1.10",
    ),
    sample(
        "Org", "a.org", ORG, WHOLE, headings=HEADING, lists="2. Second step",
        tables=TABLE_ROW, numbers="10⁶", notes="[1] The footnote.", comments="",
        links="[the form](https://forms.example.com/7)", code="```python\nx = 1.10",
    ),
    sample(
        "LaTeX", "a.tex", LATEX, WHOLE, "tex, ltx", headings="# 1 Hotels",
        lists="2. Second step", tables=TABLE_ROW, numbers="10⁶ EUR in the\ncafé",
        notes="(The footnote.)", comments="", links="[the form](https://forms.example.com/7)",
        code="```\nx = 1.10",
    ),
    sample(
        "DocBook", "a.xml", DOCBOOK, WHOLE, "xml, dbk, docbook", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="1.10 or 10⁶",
        notes="(The footnote.)", comments="", links="[the form](https://forms.example.com/7)",
        code="```python\nx = 1.10",
    ),
    sample(
        "DITA", "a.dita", DITA, WHOLE, "dita, ditamap", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="10⁶", notes="(The footnote.)",
        comments="", links="[the form](https://forms.example.com/7)", code="```\nx = 1.10",
    ),
    sample(
        "JATS", "a.nxml", JATS, WHOLE, "nxml, jats, xml", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="10⁶", notes="(The footnote.)",
        comments="", links="[the form](https://forms.example.com/7)", code="x = 1.10",
    ),
    sample(
        "other XML", "a.xml", "<shop><!-- internal --><item><name>Bolt</name><price>1.10</price>"
        "</item><item><name>Nut</name><price>180 EUR</price></item></shop>", "",
        "xml, rss, atom, opml",
        tables=TABLE_ROW, numbers="| 1.10 |", comments="",
    ),
    sample(
        "manual page (man)", "a.1", MAN, "title, date", "1 to 9, man", headings="# HOTELS",
        lists="2. Second step", tables=TABLE_ROW, numbers="1.10 EUR", comments="",
        links="[the form](https://forms.example.com/7)", code="```\nx = 1.10",
    ),
    sample(
        "manual page (mdoc)", "b.1", MDOC, "title, date", "1 to 9, mdoc", headings="# HOTELS",
        lists="2. Second step", numbers="1.10 EUR", comments="",
        links="https://forms.example.com/7", code="```\nx = 1.10",
    ),
    sample(
        "notebook", "a.ipynb", NOTEBOOK, "title, author, places", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="Total: 1.10",
        links="[the form](https://forms.example.com/7)", code="```python\nx = 1.10",
    ),
    sample(
        "source code", "hotels.py", PROGRAM, "title, places", "py, js, ts, java, c, go, rs, sql, …",
        headings="# hotels", numbers="180.10", comments="# what is paid at most",
        code="```python\n# what is paid at most\ndef hotels",
    ),
    sample(
        "CSV, TSV", "a.csv", "City;Limit;Fee\nParis;180 EUR;1,10\n", "", "csv, tsv, tab",
        tables="| Paris | 180 EUR |", numbers="1,10",
    ),
    sample(
        "JSON", "a.json", '{"title": "Travel Policy", "limits": [{"city": "Paris", "eur": 1.10}]}',
        "title", "json, jsonl, ndjson", tables="| Paris | 1.10 |", numbers="1.10",
    ),
    sample(
        "mail", "a.eml", mail(), WHOLE + ", files within", "eml", headings=HEADING,
        numbers="1.10 EUR",
    ),
    sample("mailbox", "a.mbox", mailbox(), "files within", "mbox, mbx", lists="- 1 Hotels"),
    sample("calendar", "a.ics", CALENDAR, "", numbers="1.10 EUR", headings=HEADING),
    sample(
        "ZIP", "a.zip", files.zipped({"docs/a.md": "# A", "b.txt": "b"}), "files within",
        lists="- docs/a.md",
    ),
    sample(
        "TAR", "a.tar", tar({"docs/a.md": b"# A", "b.txt": b"b"}), "files within",
        "tar, tar.gz, tgz, tar.bz2, tar.xz", lists="- docs/a.md",
    ),
    sample(
        "packed alone", "a.md.gz", gzip.compress(b"# A"), "files within", "gz, bz2, xz",
        lists="- a.md",
    ),
    sample(
        "EPUB", "a.epub", files.epub(), "title, author", headings=HEADING,
    ),
)  # fmt: skip
