"""English words that show how a question leans on the conversation before it."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTION_WORDS = _set(
    "a about all also am an and any anyone are as at be because been being but by can could did do "
    "does doing for from get gets give got had has have having here how i if in into is it its "
    "just let many may me more most much must my no not of off on one ones or other our out over "
    "please shall she should so some such tell than that the their them then there these they this "
    "those to too under until up us was we were what when where which while who whom whose why "
    "will with without would you your he her him his exactly really okay ok thanks again need want "
    "know"
)
QUESTION_WORDS = _set("who whom whose what when where which why how")
AUXILIARIES = _set(
    "am is are was were be do does did has have had can could may might must shall should will "
    "would"
)
PREPOSITIONS = _set(
    "for in at with without to from on by during after before if within under outside inside as per"
)
POINTERS = _set("it its they them their theirs he him his she her hers")
POSSESSIVES = _set("its their his")
DEMONSTRATIVES = _set("this that these those")
SUBJECTS = _set("i we you to one")  # what a verb that carries no topic follows
SUPERLATIVES = _set(
    "best worst latest newest oldest biggest largest smallest highest lowest longest shortest "
    "cheapest fastest easiest nearest closest earliest youngest strongest safest greatest hardest"
)

# "What is the deadline?" asks for the deadline of what was spoken of.
BRIDGES = _set(
    "deadline deadlines limit limits process maximum minimum amount reason reasons cost costs "
    "price rule rules exception exceptions requirement requirements form approval contact owner "
    "difference differences detail details example examples step steps date dates name names "
    "number purpose advantage advantages disadvantages benefits link responsible"
)
MEASURES = _set(
    "day days week weeks month months year years hour hours time times people often long much many "
    "far money"
)
