"""Words of English by what they do: function words, verbs, titles, institutions, dates, labels."""


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DATES = frozenset(MONTHS) | _list_words(
    """monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep
    sept oct nov dec"""
)
WH_WORDS = _list_words("what which who whom whose when where why how")
DO = _list_words("do does did")
AUXILIARIES = DO | _list_words(
    """am is are was were has have had can could will would shall should may might must
    isn't aren't wasn't weren't doesn't didn't don't hasn't haven't hadn't can't couldn't won't
    wouldn't"""
)
DETERMINERS = _list_words(
    "the a an this that these those my your our his her its their each every some any"
)
PREPOSITIONS = _list_words(
    """about above across after against along among around as at before behind below beside
    between beyond by concerning despite down during except for from in inside into like near of
    off on onto out over per regarding since than through throughout till to toward towards under
    until up upon via with within without"""
)
# Words that carry no topic.
FUNCTION_WORDS = WH_WORDS | AUXILIARIES | DETERMINERS | PREPOSITIONS | _list_words(
    """actually again all already also although always and another anyone anything be because been
    being both but doing either else even ever everything exactly few finally first got having he
    hello here hers hi him however i if instead it itself just later least less let many maybe me
    mean meant mine more most much myself neither never no none nor not nothing now often ok okay
    one ones only or other others ours own perhaps please pls really same she so someone something
    soon sorry still such thank thanks theirs them themselves then there they though today too u
    ur us very wd we well whether while yes yet you yours"""
)  # fmt: skip
# Words that may stand inside a name or an acronym's words without a letter of their own.
SMALL_WORDS = _list_words(
    "a an and as at but by de for from in into is of on or our that the this to was with"
)
# Words that begin sentences and questions, and ordinary words that an acronym may spell.
STARTERS = frozenset(word.replace("'", "") for word in FUNCTION_WORDS) | _list_words(
    """according apart based besides briefly cite compare contrast count date define describe
    discuss explain explaining find further give given hey identify kindly last lately list name
    next once outline outside provide quote recently repeat review say second several show specify
    state suggest summarise summarize tell thing third together trace translate two unlike whatever
    whenever whereas whoever write act aid art care cat cop hope met net pet pop post ran safe salt
    sent start unit"""
)
LABELS = _list_words(
    """article articles art section sections sec chapter chapters clause clauses paragraph
    paragraphs para part annex appendix amendment figure table"""
)
TITLES = _list_words(
    """mr mrs ms dr sir lord lady dame prof professor president chancellor king queen prince
    princess pope emperor premier minister foreign prime defence defense vice deputy secretary
    general ambassador senator governor mayor captain colonel marshal admiral chairman chief
    director spokesman spokeswoman judge justice"""
)
# Places and bodies: words that stand in texts by themselves, so that as the last word of a name
# they tell nothing about it.
INSTITUTIONS = _list_words(
    """army agency airport association authority bank base bay board bridge bureau camp centre
    center church city club coast college command commission committee company conference
    congress convention corporation corps council county court department district division
    fleet force forces foundation fund government group hospital house institute island
    islands lake law mission ministry mountain museum navy network north office organisation
    organization palace parliament park party peninsula plan port programme program project
    province region republic river road school sea service south east west state states
    station street summit team territory treaty tribunal union university valley village war
    zone"""
)
# Stems would do for most of these; irregular forms are listed.
VERB_TEXT = """
accept add affect agree allow announce answer appear apply approve argue arrive ask ate attack
attend ban bear became become began begin begun believe belong bore born bring broke broken brought
build built burn buy call came cancel caught cause change check choose chose chosen claim close
collapse come compare compose condemn confirm consider consist contain continue cost create cross
cut dealt decide declare defeat define deliver demand deny deploy describe destroy develop die
differ discover discuss dissolve divorce do done draw drawn drew drove earn elect eliminate end
enter escape establish exist expect expire explain explore export fail fall fell felt fight find
finish fire fled flew flown follow force form fought found gain gave get give given go gone govern
grew grown happen hear heard held help hid hit hold host impose improve include increase influence
invent invest invite join keep kept kill knew know known laid last launch lead learn leave led left
lie live look lose lost made make manage marry matter mean measure meet met move need obtain occur
offer open operate oppose order organise organize own paid pass pay perform plan play precede
preside prevent prohibit promise propose protect provide publish purchase put rang ratify reach
read receive reduce refuse reign reject release remain remove replace reply report request require
resign respond restore result retire return rise rode rose rule run said sang sank sat saw say says
see seem seen sell send sent serve set shot show shown shrank shut sign sit sold sought speak spend
spent spoke spread stand start stay stole stood stop struck succeed suggest sunk supply support
suspend swore take taken talk teach tell terminate think thought threw thrown told took train
travel treat try turn understand update use veto view visit vote want watch went win withdraw
withdrawn withdrew won wore work write written wrote
"""
# Words that tell little by themselves: who says so, that something is, has, comes or goes, about
# how much, when within a text, and what holds a sentence together.
LIGHT_WORDS = _list_words(
    """country countries nation nations entity entities people body bodies group groups measure
    measures step steps about according account accounts add added adds additionally address
    addressed after
    afterwards allegedly almost along alongside already amount amounted amounts annual anyway appear
    appeared appears approximately argue argued argues around article articles as aside assert
    asserted based became become becomes becoming before began begin behalf being both bring
    brought called came carried carry case cite cited claim claimed claims come comes coming
    comment commented comments concerning consider considered considers contrast count counted
    counts course date dated dates day days declare declared declares deal deals describe described
    describes detail details during early earlier effect end estimate estimated estimates even event
    eventually exceed exceeded exceeds exist existed exists explain explained explains fact figure
    figures finally find finds following follows force found further furthermore gave get gets give
    given gives giving go goes going gone got had happen happened hardly hold holds however
    include included includes including indicate indicated indicates instead involve involved
    involves issue issued just keep keeps kept largely late later latter lie lies likewise made main
    mainly maintain maintains make makes making matter means meanwhile mention mentioned mentions
    merely month months moreover namely nearly need needed noted notes number occur occurred
    occurs once only order over overall part particular particularly per place placed places
    point pointed points position present put puts rather reach reached reaches received
    receive receives refer referred refers regard regarded regarding regards related remain
    remained remains report reported reportedly reporting reports respectively result roughly ran
    run runs said same saw say saying says see seen sees serve served serves set side sides since
    situation some source sources speak specifically speaks spoke spoken stand stands state stated
    statement states stay stayed stays still such take taken takes taking talk tell tells term
    terms text than then thereby therefore thing things though thus time times together told took
    toward turn turned under until upon use used using via view viewed views was way week weeks
    went whereas whether while whole within word words write writes written wrote yet year years"""
)
