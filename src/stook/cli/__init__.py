"""The ``stook`` command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import traceback

from stook import __version__

COLLECT_AFTER = 10_000  # new objects; with Python's own 700, starting is a tenth collecting


def main() -> None:
    """Run the command line; what goes wrong is one sentence on stderr and an exit code."""
    if sys.argv[1:] == ["version"]:  # asked by scripts; the rest takes half a second to load
        sys.stdout.write(f"{__version__}\n")
        return
    gc.set_threshold(COLLECT_AFTER)
    atexit.register(gc.freeze)  # what is left goes with the process: a quarter of a second less
    from stook.cli.app import application
    from stook.errors import InvalidRequest, SettingsError, StookError

    try:
        application(*sys.argv[1:2])()
    except (InvalidRequest, SettingsError) as error:
        _fail(str(error), code=2)
    except StookError as error:
        _fail(str(error), code=1)
    except BrokenPipeError:
        # Nobody reads our output any more; Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        _fail(f"{error.strerror or error}{where}", code=1)
    except Exception as error:
        if os.environ.get("STOOK_LOG_LEVEL") == "debug":
            traceback.print_exc()
        _fail(
            f"Something unexpected went wrong ({type(error).__name__}: {error}). "
            "Run again with STOOK_LOG_LEVEL=debug to see where.",
            code=1,
        )


def _fail(message: str, code: int) -> None:
    print(f"stook: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201
    sys.exit(code)
