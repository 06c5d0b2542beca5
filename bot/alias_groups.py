"""Join pairs of names that mean the same into groups, with the spellings used worldwide."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.english import SMALL_WORDS
from bot.spelling import fold_name, is_acronym

Group = tuple[str, ...]

# Spellings used all over the world; names of capitals that stand for governments are no spellings.
WORLDWIDE = tuple(
    tuple(name.strip() for name in line.split("="))
    for line in """
United States = US = USA = United States of America = America
United Kingdom = UK = Britain = Great Britain
United Nations = UN = United Nations Organization
European Union = EU
North Korea = DPRK = Democratic People's Republic of Korea
South Korea = ROK = Republic of Korea
China = PRC = People's Republic of China
Russia = Russian Federation
Soviet Union = USSR = Union of Soviet Socialist Republics
United Arab Emirates = UAE
NATO = North Atlantic Treaty Organization
IAEA = International Atomic Energy Agency
IMF = International Monetary Fund
WHO = World Health Organization
WTO = World Trade Organization
Kyiv = Kiev
Beijing = Peking
Czech Republic = Czechia
Turkey = Türkiye
Myanmar = Burma
Ivory Coast = Côte d'Ivoire
Eswatini = Swaziland
World War I = First World War = WWI
World War II = Second World War = WWII
""".strip().splitlines()
)
_MAX_GROUP = 12


def join_pairs(pairs: Counter[tuple[str, str]], users: Sequence[Group]) -> list[Group]:
    """Return groups of names linked by pairs, worldwide groups and the user's own groups."""
    told = _drop_ambiguous(pairs)
    long = {short: name for short, name in told if is_acronym(short)}
    # A library may use a worldwide acronym for something else.
    worldwide = [
        tuple(
            name
            for name in group
            if name not in long or any(_share_words(long[name], other) for other in group)
        )
        for group in WORLDWIDE
    ]
    homes: dict[Group, dict[Group, str]] = {}
    for group in (*users, *worldwide, *told):
        whole: dict[Group, str] = {}
        for name in group:
            key = fold_name(name)
            part = homes.get(key, {key: name})
            whole, small = (whole, part) if len(whole) >= len(part) else (part, whole)
            whole |= small
            homes.update(dict.fromkeys([key, *small], whole))
    own = {id(homes[fold_name(group[0])]) for group in users}
    groups = {id(home): home for home in homes.values()}
    return [
        tuple(home.values())
        for number, home in groups.items()
        if len(home) > 1 and (len(home) <= _MAX_GROUP or number in own)
    ]


def _drop_ambiguous(pairs: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs without the acronyms that stand for different things, unless one prevails."""
    meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (short, name), count in pairs.items():
        if is_acronym(short):
            meanings[short][name] += count
    kept = [pair for pair in pairs if not is_acronym(pair[0])]
    for short, names in meanings.items():
        first = names.most_common(1)[0][0]
        same = [name for name in names if _share_words(first, name)]
        others = sum(names.values()) - sum(names[name] for name in same)
        if others * 3 <= names[first]:
            kept += ((short, name) for name in same)
    return kept


def _share_words(one: str, other: str) -> bool:
    """Tell whether two long names of an acronym share half of their words or more."""
    left, right = ({key[:5] for key in fold_name(name)} - SMALL_WORDS for name in (one, other))
    return 2 * len(left & right) >= min(len(left), len(right))
