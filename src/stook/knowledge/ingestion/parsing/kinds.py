"""What kind of file some bytes are: their content decides, their name and MIME type help."""

from __future__ import annotations

import codecs
import io
import mimetypes
import re
import zipfile
from typing import Any

import olefile

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing.encodings import TERMINAL, wide_encoding

MARKDOWN = "text/markdown"
TEXT = "text/plain"
HTML = "text/html"
CSV = "text/csv"
TSV = "text/tab-separated-values"
JSON = "application/json"
JSON_LINES = "application/x-ndjson"
XML = "application/xml"
PDF = "application/pdf"
RTF = "application/rtf"
NOTEBOOK = "application/x-ipynb+json"
RESTRUCTURED = "text/x-rst"
ASCIIDOC = "text/asciidoc"
ORG = "text/x-org"
LATEX = "application/x-latex"
MANUAL = "text/troff"
SOURCE = "text/x-source"  # programs and what configures them
EML = "message/rfc822"
MBOX = "application/mbox"
CALENDAR = "text/calendar"
CAPTIONS = "text/vtt"  # and SubRip
MSG = "application/vnd.ms-outlook"
EPUB = "application/epub+zip"
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _OOXML + "wordprocessingml.document"
PPTX = _OOXML + "presentationml.presentation"
XLSX = _OOXML + "spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
_ODF = "application/vnd.oasis.opendocument."
ODT, ODS, ODP = _ODF + "text", _ODF + "spreadsheet", _ODF + "presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"

ZIP = "application/zip"  # which office format it holds is found out in the worker
OLE = "application/x-ole-storage"  # the container of DOC, XLS, PPT and MSG

TAR = "application/x-tar"
GZIP, BZIP2, XZ = "application/gzip", "application/x-bzip2", "application/x-xz"
ARCHIVES = frozenset({ZIP, TAR, GZIP, BZIP2, XZ})  # once no other format is found in a ZIP

PNG, JPEG, GIF, TIFF = "image/png", "image/jpeg", "image/gif", "image/tiff"
BMP, WEBP, JPEG_2000 = "image/bmp", "image/webp", "image/jp2"
PICTURES = frozenset({PNG, JPEG, GIF, TIFF, BMP, WEBP, JPEG_2000})

IN_PROCESS = frozenset({MARKDOWN, TEXT})  # these need no parser, so they need no worker

_XML_SUFFIXES = (
    "atom bookmap dbk dita ditamap docbook jats nxml opml plist resx rng rss tei tmx wsdl xlf "
    "xliff xml xsd xsl xslt"
).split()
_SOURCE_SUFFIXES = (
    "ada adb ads applescript asm awk bas bash bat c cc cfg cjs clj cljs cmake cmd coffee conf cpp "
    "cs css cxx d dart el elm env erl ex exs f f03 f90 f95 fish for frag fs fsx go gradle graphql "
    "groovy h hcl hh hpp hs hxx ini java jl js jsx kt kts less lisp lua m mjs ml mli mm nim nix "
    "pas php pl pm pp properties proto ps1 psm1 py pyi pyx r rake rb re rs s sass scala scm scss "
    "sh sol sql svelte swift tcl tf toml ts tsx v vb vbs vhd vhdl vim vue yaml yml zig zsh"
).split()
_SOURCE_NAMES = frozenset(
    "makefile dockerfile jenkinsfile vagrantfile rakefile gemfile cmakelists.txt".split()
)

_BY_SUFFIX = {
    **dict.fromkeys(("md", "markdown", "mdown", "mkd", "mdx"), MARKDOWN),
    **dict.fromkeys(("txt", "text", "log"), TEXT),
    **dict.fromkeys(("vtt", "srt"), CAPTIONS),
    **dict.fromkeys(("rst", "rest"), RESTRUCTURED),
    **dict.fromkeys(("adoc", "asciidoc", "asc", "ad"), ASCIIDOC),
    **dict.fromkeys(("tex", "ltx", "latex"), LATEX),
    **dict.fromkeys(("man", "mdoc", "roff", "troff"), MANUAL),
    **dict.fromkeys(_XML_SUFFIXES, XML),
    **dict.fromkeys(_SOURCE_SUFFIXES, SOURCE),
    "org": ORG,
    "ipynb": NOTEBOOK,
    **dict.fromkeys(("html", "htm", "xhtml"), HTML),
    **dict.fromkeys(("tsv", "tab"), TSV),
    **dict.fromkeys(("jsonl", "ndjson"), JSON_LINES),
    **dict.fromkeys(("docx", "docm", "dotx", "dotm"), DOCX),
    **dict.fromkeys(("pptx", "pptm", "ppsx", "potx"), PPTX),
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "xltm"), XLSX),
    "xlsb": XLSB,
    "csv": CSV,
    "json": JSON,
    "pdf": PDF,
    "rtf": RTF,
    "eml": EML,
    "msg": MSG,
    "mbox": MBOX,
    "mbx": MBOX,
    "ics": CALENDAR,
    **dict.fromkeys(("jpg", "jpeg"), JPEG),
    **dict.fromkeys(("tif", "tiff"), TIFF),
    "png": PNG,
    "gif": GIF,
    "bmp": BMP,
    "webp": WEBP,
    "jp2": JPEG_2000,
    "epub": EPUB,
    "odt": ODT,
    "ods": ODS,
    "odp": ODP,
    "doc": DOC,
    "xls": XLS,
    "ppt": PPT,
}
_ALIASES = {
    "text/x-markdown": MARKDOWN,
    "application/xhtml+xml": HTML,
    "text/json": JSON,
    "application/jsonl": JSON_LINES,
    "application/x-jsonlines": JSON_LINES,
    "text/xml": XML,
    "text/rtf": RTF,
    "application/x-pdf": PDF,
    "application/csv": CSV,
}
_MARKED_UP = frozenset({NOTEBOOK, RESTRUCTURED, ASCIIDOC, ORG, LATEX, SOURCE})
_TEXTUAL = _MARKED_UP | frozenset(
    (MARKDOWN, TEXT, HTML, CSV, TSV, JSON, JSON_LINES, XML, EML, MBOX, CALENDAR, CAPTIONS, MANUAL)
)
_KNOWN = frozenset(_BY_SUFFIX.values())


def suffixes() -> frozenset[str]:
    """The endings of names by which a format is known."""
    return frozenset(_BY_SUFFIX)


_BINARY_MAGIC = {
    b"%PDF-": PDF,
    b"{\\rtf": RTF,
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
    b"\x1f\x8b\x08": GZIP,
    b"\xfd7zXZ\0": XZ,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLE,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"\xff\xd8\xff": JPEG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
    b"\0\0\0\x0cjP  ": JPEG_2000,
}
_BYTE_ORDER_MARKS = (
    codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE,
)  # fmt: skip
_TERMINAL = re.compile(TERMINAL.encode())
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_START = re.compile(
    rb"(?:(?:return-path|received|message-id|mime-version|delivered-to|from|to|subject|date|"
    rb"content-type|x-[\w-]+):[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.IGNORECASE,
)
_MAILBOX_START = re.compile(rb"From \S[^\n]*\d{2}:\d{2}[^\n]*\n[\w-]+:")
_MANUAL_NAME = re.compile(r"\.[1-9nl][a-z]{0,5}$", re.IGNORECASE)
_MANUAL_START = re.compile(rb"\s*(?:[.']\\[\"#]|\.(?:TH|Dd|Dt|so|de|ds|if|ig|nh|mso)\b)")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OFFICE_MARKS = frozenset(  # an archive may hold a folder "word" and be none of Word's files
    {"[Content_Types].xml", "word/document.xml", "ppt/presentation.xml", "xl/workbook.xml"}
)
_OLE_STREAMS = (
    ("worddocument", DOC),
    ("powerpoint document", PPT),
    ("workbook", XLS),
    ("book", XLS),
)


def detect(content: bytes, name: str, mime_type: str | None = None) -> str:
    """The MIME type to read a file as; ``ZIP`` and ``OLE`` stand for several.

    Raises UnreadableDocument where nothing here reads such a file.
    """
    if found := _by_magic(content[:1024]):
        return found
    claimed = _claimed(name, mime_type)
    if not _looks_like_text(content[:8192]):
        raise UnreadableDocument(
            UnreadableReason.BROKEN if claimed in _KNOWN else UnreadableReason.UNSUPPORTED
        )
    return _textual(content[:8192], name, claimed)


def _by_magic(head: bytes) -> str | None:
    for magic, kind in _BINARY_MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        return BZIP2
    if head[257:262] == b"ustar":
        return TAR
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return BMP
    return PDF if b"%PDF-" in head and b"\0" not in head.split(b"%PDF-")[0] else None


def _claimed(name: str, mime_type: str | None) -> str | None:
    """What the name says, else what the MIME type says; None where neither is known here."""
    if name.replace("\\", "/").rpartition("/")[2].lower() in _SOURCE_NAMES:
        return SOURCE
    suffix = name.rpartition(".")[2].lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    kind = (mime_type or "").partition(";")[0].strip().lower()
    kind = _ALIASES.get(kind, kind)
    if kind in _KNOWN or kind.startswith("text/"):
        return kind if kind in _KNOWN else TEXT
    return mimetypes.guess_type(name)[0]


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER_MARKS) or wide_encoding(head):
        return True
    if b"\0" in head:
        return False
    bare = _TERMINAL.sub(b"", head)
    control = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in bare)
    return control <= len(head) // 100


def _textual(head: bytes, name: str, claimed: str | None) -> str:
    if claimed in (None, MBOX) and _MAILBOX_START.match(head):
        return MBOX
    if claimed in _TEXTUAL - {TEXT, XML, MBOX, MANUAL}:
        return str(claimed)
    if claimed is None and head.removeprefix(codecs.BOM_UTF8).startswith(b"WEBVTT"):
        return CAPTIONS
    if claimed == MANUAL or (_MANUAL_NAME.search(name) and _MANUAL_START.match(head)):
        return MANUAL
    if _HTML_START.match(head):
        return HTML
    if claimed == XML or head.lstrip().startswith(b"<?xml"):
        return XML
    if claimed in _KNOWN and claimed not in _TEXTUAL:
        raise UnreadableDocument(UnreadableReason.BROKEN)
    if claimed is None and _MAIL_START.match(head):
        return EML
    if claimed is None and head.startswith(b"#!"):
        return SOURCE
    return TEXT


def open_container(content: bytes, kind: str, name: str, most_unpacked: int) -> str:
    """Which format a ZIP or OLE container holds. Raises UnreadableDocument.

    ``most_unpacked`` is how many bytes the members of an archive may say they unpack to.
    """
    found = _zip_kind(content, most_unpacked) if kind == ZIP else _ole_kind(content)
    if found:
        return found
    if _claimed(name, None) in _KNOWN:
        raise UnreadableDocument(UnreadableReason.BROKEN)
    if kind == ZIP:
        return ZIP
    raise UnreadableDocument(UnreadableReason.UNSUPPORTED)


def _zip_kind(content: bytes, most_unpacked: int) -> str | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        names = {member.filename for member in members}
        declared = archive.read("mimetype")[:100].decode() if "mimetype" in names else ""
    except Exception as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error
    if sum(member.file_size for member in members) > most_unpacked:
        raise UnreadableDocument(UnreadableReason.TOO_LARGE, "when unpacked")
    encrypted = [bool(member.flag_bits & 1) for member in members if not member.is_dir()]
    found = _office_kind(archive, names, declared)
    if any(encrypted) and (found or all(encrypted)):
        raise UnreadableDocument(UnreadableReason.ENCRYPTED)
    return found


def _office_kind(archive: zipfile.ZipFile, names: set[str], declared: str) -> str | None:
    if declared.startswith((_ODF, EPUB)):
        return _opendocument(archive, declared.strip())
    if "xl/workbook.bin" in names:
        return XLSB
    if not names & _OFFICE_MARKS:
        return None
    for folder, kind in (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX)):
        if any(name.startswith(folder) for name in names):
            return kind
    return None


def _opendocument(archive: zipfile.ZipFile, declared: str) -> str | None:
    kind = next((kind for kind in (ODT, ODS, ODP, EPUB) if declared.startswith(kind)), None)
    try:
        manifest = archive.read("META-INF/manifest.xml")
    except KeyError:
        manifest = b""
    if b"encryption-data" in manifest:
        raise UnreadableDocument(UnreadableReason.ENCRYPTED)
    return kind


def _ole_kind(content: bytes) -> str | None:
    """By the streams at the root of the container: others belong to what is embedded."""
    try:
        with olefile.OleFileIO(content) as container:
            root = {entry[0].lower() for entry in container.listdir() if len(entry) == 1}
            folders = {entry[0].lower() for entry in container.listdir()}
            document = _head_of(container, "WordDocument") if "worddocument" in root else b""
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        locked = _ENCRYPTED_PACKAGE in content
        reason = UnreadableReason.ENCRYPTED if locked else UnreadableReason.BROKEN
        raise UnreadableDocument(reason) from error
    if "encryptedpackage" in root:
        raise UnreadableDocument(UnreadableReason.ENCRYPTED)
    if document:
        _check_word(document)
    if any(
        name.startswith("__substg1.0_") or name == "__properties_version1.0" for name in folders
    ):
        return MSG
    return next((kind for stream, kind in _OLE_STREAMS if stream in root), None)


def _head_of(container: Any, stream: str) -> bytes:
    with container.openstream(stream) as opened:
        return bytes(opened.read(32))


def _check_word(head: bytes) -> None:
    """Refuse what no reader here knows: encrypted documents, and those of Word 95 and older."""
    if len(head) < 12:
        raise UnreadableDocument(UnreadableReason.BROKEN)
    if head[11] & 0x01:  # fEncrypted in the file information block
        raise UnreadableDocument(UnreadableReason.ENCRYPTED)
    if int.from_bytes(head[2:4], "little") < 0x00C0:
        raise UnreadableDocument(UnreadableReason.UNSUPPORTED, "written by Word 95 or older")
