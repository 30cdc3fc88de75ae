"""What counts as a word when words are counted, compared or found, and scripts without spaces.

For what full-text search matches on, see ``analysis``.
"""

from __future__ import annotations

import re

# With what joins the parts of one: "don't", "e-mail", "3.5", "v2.1".
WORD = re.compile(r"\w+(?:['’.-]\w+)*")

# Thai, Lao, Burmese, Khmer, Han, kana and bopomofo, without their punctuation: the inside of a
# class of characters.
UNSPACED = (
    "\u0e01-\u0e7f\u0e81-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Korean has spaces, but between groups of words with their endings.
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7fb"


def words(text: str) -> list[str]:
    """Find the words of a text, in order."""
    return WORD.findall(text)
