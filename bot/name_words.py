"""Words that tell names from other words: small ones, titles, offices, labels, dates."""


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL_WORDS = _list_words(
    "a an and as at but by de for from in into is of on or our that the this to was with"
)
# Words that begin sentences and questions, and ordinary words that an acronym may spell.
STARTERS = _list_words(
    """a about according after all also although am among an and any apart are aren as at based
    be because before being besides between both briefly but by can cite compare concerning
    contrast could couldn count date define describe despite did didn discuss do does doesn
    don during each either every except explain explaining find first for from further given
    give had has hasn have having he hello her here hers hey hi his how however i if identify
    in instead into is isn it its itself just kindly last lately later list many may maybe me
    might mine more most much must my name neither never next no nor not now of off ok okay on
    once one only onto or other our outline outside over per perhaps please provide quote
    recently regarding repeat review say second several shall she should show since so some
    sorry specify state still such suggest summarise summarize tell than thank thanks that the
    their them then there these they thing third this those though through till to together
    translate trace two under unlike until upon us very was wasn we well were what whatever
    when whenever where whereas whether which while who whoever whom whose why will with
    within without won would wouldn write yes yet you your act aid am art care cat cop hope it
    may met net pet pop post ran safe salt sent start unit"""
)
DATES = _list_words(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep
    sept oct nov dec"""
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
# Last words of names that stand in texts by themselves and so tell nothing about the name.
GENERIC = TITLES | _list_words(
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
OWNERS = _list_words("people workers women men children veterans farmers king queen world")
# After a hyphen these describe ("Soviet-era"), they are no part of a name ("Lee Jae-myung").
DESCRIBING = _list_words(
    """age aligned allied approved based backed born built class controlled dominated educated
    era flagged free friendly funded held language led like made mediated occupied owned
    related run sized speaking sponsored style supplied trained type wide"""
)
INSTITUTIONS = GENERIC | {"campaign", "alliance", "movement", "society"}
