"""What the elements of DocBook, DITA, JATS and TEI mean, in HTML.

The four seldom disagree: an element of one name means the same in all that have it.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOTS = _words(
    "article book chapter section appendix preface part reference refentry sect1 set glossary "
    "topic "
    "concept task dita troubleshooting glossentry map bookmap TEI teiCorpus text"
)
# Elements that hardly any other XML has: a root of one of the names above is not enough.
OF_TEXTS = _words(
    "para simpara sect1 refsect1 taskbody conbody refbody body shortdesc topicref topic sec "
    "article-title teiHeader troublebody chapter"
)
SECTIONS = _words(
    "article book chapter section appendix preface part reference refentry sect1 sect2 sect3 sect4 "
    "sect5 simplesect refsect1 refsect2 refsect3 refsection set glossary bibliography topic "
    "concept "
    "task troubleshooting glossentry map bookmap sec app ack ref-list div div1 div2 div3 div4 "
    "abstract"
)
HEADS = _words(
    "articleinfo bookinfo chapterinfo sectioninfo prolog front teiHeader "
    "refentryinfo setinfo partinfo"
)
TITLES = _words("title article-title head refname navtitle glossterm-title booktitle mainbooktitle")
DROPPED = _words(
    "indexterm remark draft-comment colspec spanspec index toc metadata data othermeta "
    "processing-instruction object-id resourceid"
)
PEOPLE = _words("author contrib")
GIVEN = _words("firstname given-names forename givenname")
FAMILY = _words("surname lastname")
DATES = _words("pubdate date pub-date created revised")
KEYWORDS = _words("keywordset kwd-group keywords")
ADMONITIONS = _words("tip warning caution important danger notice hazardstatement")
INLINE = _words(
    "citation citetitle cmd menucascade phrase quote trademark acronym abbrev named-content "
    "styled-content label guilabel guimenu guimenuitem guibutton keycap replaceable xref "
    "email uri foreignphrase wordasword mathphrase personname firstname surname orgname name "
    "string-name mixed-citation element-citation given-names etal institution country year month "
    "day volume issue fpage lpage "
    "source publisher-name publisher-loc pub-id person-group edition collab comment seg "
    "persName placeName orgName date rs num measure s w pc q soCalled gap choice orig reg abbr "
    "expan keyword kwd state ph tm cite inline-formula inlineequation"
)
HTML = {
    **dict.fromkeys(_words("para simpara p shortdesc formalpara l ab result postreq prereq"), "p"),
    **dict.fromkeys(_words("itemizedlist ul steps-unordered sl simplelist choices listBibl"), "ul"),
    **dict.fromkeys(_words("orderedlist ol steps substeps procedure"), "ol"),
    **dict.fromkeys(
        _words("li step substep sli member choice-item list-item item stepsection bibl"), "li"
    ),
    **dict.fromkeys(_words("variablelist dl def-list glosslist parml qandaset"), "dl"),
    **dict.fromkeys(_words("term dt pt glossterm question"), "dt"),
    **dict.fromkeys(_words("dd def pd glossdef answer"), "dd"),
    **dict.fromkeys(_words("table informaltable simpletable properties choicetable"), "table"),
    **dict.fromkeys(_words("row tr strow sthead property prophead chrow chhead"), "tr"),
    **dict.fromkeys(_words("stentry td cell proptype propvalue propdesc choption chdesc"), "td"),
    **dict.fromkeys(_words("th proptypehd propvaluehd propdeschd choptionhd chdeschd"), "th"),
    **dict.fromkeys(
        _words(
            "programlisting screen literallayout synopsis codeblock pre msgblock lines code-block "
            "preformat eg verse"
        ),
        "pre",
    ),
    **dict.fromkeys(
        _words(
            "literal code command filename option parameter envar systemitem function varname "
            "constant codeph filepath cmdname parmname apiname userinput computeroutput msgph "
            "systemoutput monospace tex-math gi att"
        ),
        "code",
    ),
    **dict.fromkeys(_words("emphasis em i italic hi emph"), "em"),
    **dict.fromkeys(_words("b bold strong uicontrol wintitle"), "strong"),
    **dict.fromkeys(_words("superscript sup"), "sup"),
    **dict.fromkeys(_words("subscript sub"), "sub"),
    **dict.fromkeys(_words("blockquote lq disp-quote epigraph"), "blockquote"),
    "caption": "div",
    "tgroup": "span",
    "thead": "thead",
    "tbody": "tbody",
}
