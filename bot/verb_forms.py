"""Forms of English verbs: the base of a past form, the past of a participle, without a lexicon."""

from bot.english import VERB_TEXT

# Pairs "past base", of which the participle is the past too unless it is listed below.
_IRREGULAR_TEXT = """
became become began begin bore bear broke break brought bring built build bought buy came come
caught catch chose choose cost cost cut cut dealt deal drew draw drove drive fell fall fled flee
fought fight found find gave give grew grow held hold hit hit kept keep knew know laid lay led lead
left leave lost lose made make meant mean met meet paid pay ran run rose rise said say sank sink
sent send set set shot shoot shut shut sold sell spent spend spoke speak stood stand struck strike
swore swear taught teach took take told tell went go withdrew withdraw won win wrote write
"""
_PARTICIPLE_TEXT = """
become became begun began borne bore broken broke chosen chose come came drawn drew driven drove
fallen fell given gave grown grew known knew run ran risen rose shown showed sunk sank spoken spoke
sworn swore taken took gone went withdrawn withdrew written wrote
"""
_MORE_BASES = """
abolish acquire adopt air appoint arrest assassinate assume award bomb capture celebrate combine
complete conquer criticise criticize crown decline defend deport design dismiss displace double
employ enact expand experience express finance form fund grant graduate house inaugurate increase
inherit introduce issue kill land lay marry merge nominate note observe obtain occupy order patent
pledge premiere produce promote purchase raise rank rebuild receive recognise recognize reduce
rename renovate reopen resume retain reveal separate share state store substitute surrender transfer
transport unveil urge warn welcome abandon accompany accuse achieve address admit advance aid alter
amend apologise assist assign authorise authorize avoid back borrow broadcast charge cite coin
collect colonise colonize commission complain concede conclude condemn conduct connect consult
convert convince correct cultivate damage debut decrease defect delay demolish demonstrate depart
depose derive detain detect devise diagnose direct divide document dominate donate draft drop
elevate emerge emigrate employ encourage endorse enlist erect estimate evacuate evolve examine
exceed execute exile exempt extend extract face favour feature file fire fix found free gather
generate handle head identify illustrate impeach imprison incorporate injure install instruct
integrate intend interview invade isolate issue kidnap label lack lift limit list locate lower march
mark migrate mobilise mobilize monitor murder negotiate number object oversee paint park pass permit
persuade pioneer place poison possess pour praise predict prefer prepare present preserve press
print prohibit prosecute prove push qualify question quote race recall record recover recruit refer
reform refuse register regain relocate rely remain render rent repair repeal represent rescue reside
resist reunite reverse revise revive reward rob rule scrap secure seek select sentence serve settle
shape shift shoot slow smuggle solve sponsor stage steal stress strengthen strip study submit suffer
surpass survive switch target test threaten top trace trade trap trigger unite upgrade utilise
utilize vacate visit voice void warn weaken widen witness
"""


def _pair(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_BASES = _pair(_IRREGULAR_TEXT)
_PASTS = _pair(_PARTICIPLE_TEXT)
_ALL_BASES = frozenset(VERB_TEXT.split()) | frozenset(_MORE_BASES.split())
_KNOWN = _ALL_BASES - (_BASES.keys() - {"found", "lay"})


def find_base(past: str) -> str | None:
    """Return "sign" for "signed" and "hold" for "held"; None for what is no known past form."""
    if past in _BASES:
        return _BASES[past]
    if not past.endswith("ed"):
        return None
    doubled = past[:-3] if past[-3:-2] == past[-4:-3] else ""
    stems = (past[:-2], past[:-1], doubled, past[:-3] + "y" if past.endswith("ied") else "")
    return next((stem for stem in stems if stem in _KNOWN), None)


def find_past(participle: str) -> str | None:
    """Return "wrote" for "written" and "signed" for "signed"; None for no known participle."""
    past = _PASTS.get(participle, participle)
    is_past_only = participle in _PASTS.values() and participle not in _PASTS
    return past if find_base(past) and not is_past_only else None


def find_participle(past: str) -> str | None:
    """Return "written" for "wrote" and "signed" for "signed"; None for no known past form."""
    participles = (form for form, other in _PASTS.items() if other == past and form != past)
    return next(participles, past) if find_base(past) else None


def find_irregular_base(form: str) -> str | None:
    """Return "send" for "sent" and "fall" for "fallen"; None for what is no irregular form."""
    return _BASES.get(_PASTS.get(form, form))
