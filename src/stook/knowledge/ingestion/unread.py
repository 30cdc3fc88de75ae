"""Tells which files and folders hold no document whatever their content, by their names."""

from __future__ import annotations

SKIPPED_DIRECTORIES = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "bower_components", "__MACOSX"}
)
SKIPPED_SUFFIXES = frozenset(
    ".7z .a .aac .avi .avif .bin .bmp .class .db .dll .dylib .eot .exe .flac .gif .ico .iso "
    ".jar .jp2 .jpeg .jpg .lock .lz4 .m4a .m4v .map .mkv .mov .mp3 .mp4 .mpeg .o .obj .ogg .otf "
    ".parquet .pbm .pgm .png .ppm .psd .pyc .rar .so .sqlite .svg .tif .tiff .ttf .wasm .wav "
    ".webm .webp .whl .wmv .woff .woff2 .zst".split()
)
HIDDEN, LOCK = "hidden", "lock file of an open document"


def reason(name: str) -> str:
    """Why a file of this name is passed over, in a word; "" where it is read."""
    if name.startswith("."):
        return HIDDEN
    if name.startswith("~$"):
        return LOCK
    point = name.rfind(".")
    suffix = name[point:].lower() if point > 0 else ""
    return suffix if suffix in SKIPPED_SUFFIXES else ""


def folder_reason(name: str) -> str:
    """Why a folder of this name is passed over with all in it; "" where it is read."""
    if name.startswith("."):
        return HIDDEN
    return name if name in SKIPPED_DIRECTORIES else ""


def path_reason(path: str) -> str:
    """Why a file at a path, with ``/``, is passed over: for its own name or that of a folder."""
    *folders, name = path.split("/")
    inside = next(filter(None, map(folder_reason, folders)), "")
    return inside or reason(name)
