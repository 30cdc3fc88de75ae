"""What the macros and environments of LaTeX mean."""

from __future__ import annotations

SECTIONS = (
    "part",
    "chapter",
    "section",
    "subsection",
    "subsubsection",
    "paragraph",
    "subparagraph",
)
INLINE = {
    "textbf": "strong", "emph": "em", "textit": "em", "textsl": "em", "texttt": "code",
    "textsuperscript": "sup", "textsubscript": "sub", "underline": "em",
}  # fmt: skip
LISTS = {
    "itemize": "ul",
    "enumerate": "ol",
    "description": "dl",
    "compactitem": "ul",
    "compactenum": "ol",
}
TABLES = frozenset("tabular tabular* tabularx tabulary longtable supertabular".split())
VERBATIM = frozenset("verbatim verbatim* lstlisting minted Verbatim alltt".split())
FORMULAS = frozenset(
    "equation equation* align align* gather gather* multline multline* eqnarray eqnarray* "
    "displaymath math flalign flalign* alignat alignat*".split()
)
NUMBERED_FORMULAS = frozenset("equation align gather multline eqnarray flalign alignat".split())
DRAWINGS = frozenset("tikzpicture pgfpicture picture pspicture circuitikz".split())
THEOREMS = frozenset(
    "theorem lemma corollary proposition definition example remark proof exercise "
    "conjecture".split()
)
QUOTES = frozenset("quote quotation verse".split())
DROPPED_ENVIRONMENTS = frozenset("comment filecontents filecontents*".split())

REFERENCES = frozenset("ref eqref autoref cref Cref pageref nameref vref".split())
CITATIONS = frozenset(
    "cite citep citet citealp citeauthor citeyear parencite textcite footcite autocite "
    "nocite".split()
)
INCLUDES = frozenset("input include subfile subimport import".split())
DROPPED = frozenset(
    "label usepackage documentclass vspace hspace vskip hskip pagestyle thispagestyle setlength "
    "addtolength newcommand renewcommand providecommand DeclareMathOperator newenvironment "
    "renewenvironment newtheorem bibliographystyle bibliography addbibresource "
    "maketitle tableofcontents listoffigures listoftables newpage clearpage cleardoublepage "
    "centering raggedright hline toprule midrule bottomrule cmidrule cline noindent "
    "endfirsthead endhead endfoot endlastfoot includegraphics graphicspath hypersetup geometry "
    "definecolor color index printindex appendix pagenumbering setcounter addtocounter "
    "phantomsection makeindex usetheme usetikzlibrary lstset captionsetup title author date "
    "small large footnotesize normalsize tiny Large LARGE huge Huge bfseries itshape ttfamily "
    "selectfont linewidth textwidth columnwidth RequirePackage PassOptionsToPackage bigskip "
    "medskip smallskip par newline linebreak pagebreak hfill vfill".split()
)

# Arguments as the library writes them: * a star, [ an optional one, { one that must be there.
ARGUMENTS = {
    **dict.fromkeys(SECTIONS, "*[{"),
    **dict.fromkeys(INLINE, "{"),
    **dict.fromkeys(REFERENCES, "*{"),
    **dict.fromkeys(CITATIONS, "*[[{"),
    **dict.fromkeys(("input", "include", "subfile"), "{"),
    "href": "[{{", "url": "{", "footnote": "[{", "footnotetext": "[{", "thanks": "{",
    "caption": "*[{", "multicolumn": "{{{", "multirow": "[{[{[{", "item": "[", "bibitem": "[{",
    "title": "[{", "author": "[{", "date": "{", "includegraphics": "*[[{", "frametitle": "[{",
    "vspace": "*{", "hspace": "*{", "cmidrule": "[{", "cline": "{", "label": "{",
    "textcolor": "[{{",
    "definecolor": "{{{", "hypersetup": "{", "geometry": "{", "graphicspath": "{", "lstset": "{",
    "bibliography": "{", "bibliographystyle": "{", "addbibresource": "[{", "pagestyle": "{",
    "thispagestyle": "{", "pagenumbering": "{", "setcounter": "{{", "addtocounter": "{{",
    "setlength": "{{", "addtolength": "{{", "newtheorem": "*{[{[", "captionsetup": "[{",
    "usetheme": "[{", "usetikzlibrary": "{", "index": "{", "DeclareMathOperator": "*{{",
    "color": "[{", "RequirePackage": "[{", "parbox": "[{{", "mbox": "{", "fbox": "{",
    "makebox": "[[{", "raisebox": "{[[{", "newenvironment": "*{[[{{", "renewenvironment": "*{[[{{",
    "enquote": "*{", "SI": "[{{", "num": "[{", "si": "[{",
}  # fmt: skip
ENVIRONMENT_ARGUMENTS = {
    "tabular": "[{", "tabular*": "{[{", "tabularx": "{[{", "tabulary": "{[{", "longtable": "[{",
    "table": "[", "table*": "[", "figure": "[", "figure*": "[", "minipage": "[[[{",
    "enumerate": "[",
    "itemize": "[", "description": "[", "thebibliography": "{", "multicols": "{",
    "wrapfigure": "[{[{",
    "frame": "<[", **dict.fromkeys(THEOREMS, "["),
}  # fmt: skip
