"""Tell an English question from one in another language, by its script and its small words.

Measured language identifiers were no fit here: py3langid and lingua take 0.8 and 2.2 seconds to
start, and both take some short English questions, or ones of names alone, for another language.
A table of small words starts at once, and where it knows no word, the question passes as English.
"""

import re
import unicodedata
from itertools import pairwise

ENGLISH_ONLY = "This reader knows English only; please ask in English."

_MAX_LETTERS = 1_000
# One letter of these scripts says as much as two or three of an alphabet.
_DENSE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SPANISH = re.compile(r"\s*[¿¡]\s*\w")
_MARKS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not take apart.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "’": "'", "ß": "ss", "æ": "ae", "œ": "oe"})

# Small words of English, and what questions are made of.
_ENGLISH_TEXT = """
about above according after again against all almost already always am among and any anyone
anything are aren't around asked at away back be became because become been before began behind
being below best better between biggest both bring but by call called came can can't cause caused
change come could couldn't currently define describe did didn't difference different do does
doesn't doing don't done during each either else enough even ever every everyone example explain
far few find first for from full gave get gets getting give given go goes going gone good got great
had happen happened happening happens has hasn't have haven't having he held help her here hers him
his history how how's however i i'm i've if important in including into is isn't it it's its just
keep kind know known last later latest least less let like list long longer look made main make
makes making many may me mean meaning meant means might more most much must my name named need
needed needs never new next not nothing now number of off often old one ones only or other others
our out over own part people percent place please possible provide purpose put really reason said
same say says see seems seen sent several shall she should show since so some someone something
soon still such take taken tell than that that's the their theirs them themselves then there
there's these they they're thing things think this those through throughout time times to today
together told too took total toward towards true try type types under unless until up upon us use
used uses using very want was wasn't way we well went were weren't what what's whats when when's
where where's whether which while who who's whom whose why why's will with within without won't
word work works would wouldn't year years yes yet you you're your yours
"""
_ENGLISH = frozenset(_ENGLISH_TEXT.split())
# Words that open an English question and say most that it is one.
_OPENERS_TEXT = """
are can could describe did do does explain had has have how is list name should tell that the what
what's when where which who who's whom whose why will would
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())

# Words that no English question holds but in a quotation or by rare accident, without accents.
_SURE = {
    "German": """
ab aber abkommen alle allem allen als anderen auch auf aus bedeutet begann bei beim bekannt bevor
bis bitte bleibt brucke bruecke dass dem denn deren derzeit dessen deutsche deutschland diese
diesem diesen dieser dieses durch eigentlich eine einem einen einer eines endete ergebnis erhielt
erklaere erklare erklaren es etwas fand fanden fasse fuer gab gegen geht gibt ging grenze gross
haben hatte hatten hauptstadt heisst hiess ich ihre ihren im ist jahr jahre jahren jetzt kam kann
kannst keine konnen konnte konntest krieg land lander landern lange lasst laut liegt machen machte
mehr mir mussen nach nenn nenne nennen nicht noch nordkorea oder ohne passiert passierte prasident
regierung russland sag sage sagt sagte schon schrieb sehr sein seine seinem seinen seit sich sie
sind soll sollte sondern sowie statt stattfinden trat treffen uber ueber und unter unterschrieb
unterzeichnet vertrag vertrage viel viele vom von wahrend wann waren warum wegen weil weiss welche
welchem welchen welcher welches wem wen wer werden weshalb wessen wie wieso wieviel wird wirklich
wo wofur woher wohin wollen wollte worden wurde wurden zeige ziel zu zum zur zusammen
zusammenfassen zwischen""",
    "French": """
afin ainsi alors appelle apres armee arrive au aussi autre autres aux avaient avait avant avec
ayant beaucoup bien ce cela celle celui ces cette ceux chez combien comme comment contre coree dans
depuis des dire dis dit dites donne donner donnez dont elle elles encore entre etaient etait etats
ete etre eu explique expliquer expliquez faire fait faut fut guerre il ils jamais jour jusqu' l'on
laquelle lequel leur leurs loi lors lorsque mais meme mettre moins moment monde n' ne nom nombre
nous ont ou par parce parle parlez parmi pays pendant peut peuvent peux plus pour pourquoi pourrait
president prix qu' quand que quel quelle quelles quels qui quoi resume resumer resumez sa sait sans
selon sera ses signe signer signifie situe sont sous soutient sur toujours tous tout toute toutes
traite traites trouve trouvent trouver une vers veut vient ville voir vous vraiment y""",
    "Spanish": """
acuerdo acuerdos ahora al algo anos ante antes articulo aunque ayer bien bueno cada capital ciudad
como contra corea creo cual cuales cuando cuanta cuantas cuanto cuantos cuyo cuyos decir del desde
despues dice dicen dijo dime dio donde durante ella ellos empezo entonces entre es esa ese eso
estaba estados estan estas este esto estos explica explicame explique firmaron firmo fue fueron
gobierno guerra ha haber habia hablar hace hacer hacia hasta hay hizo jamas llama lo los lugar mas
mejor menos mientras misma mismo mucho muchos mundo muy nada nombre nos nosotros nuevo numero nunca
otra otro otros pais paises para paso pero por porque presidente primera primero puede pueden
puedes puente pues que quien quienes resuma resumen sabe segun ser si sido siempre significa sobre
son su sucedio sus tambien tenia tiempo tiene tienen tras trata tratado tuvo una unas uno unos vez
vive y ya""",
    "Italian": """
abbia accordo agli all' alla alle allo allora altra altri altro anche anni anno appena articolo
aveva avevano bene c'e che chi ci citta come contro corea cos' cosa cosi cui dal dall' dalla dalle
degli dei del dell' della delle dello di dice dimmi dire disse dopo dov' dove dovrebbe durante ebbe
elenca era erano esiste fanno fare fatto fino firmato firmo forse fra fu gli governo grazie guerra
ha hanno il incontrati loro lungo luogo ma mai meglio meno mentre mio molti molto mondo negli nei
nel nell' nella nelle nello nome non nord numero nuovo ogni paese paesi perche piu poi ponte
possono potrebbe presidente prima primo puo qual qualcosa quale quali quando quanta quante quanti
quanto quella quelle quello questa queste questi questo riassumere riassumi sarebbe se sempre senza
si sia significa solo sono sostiene sotto spiega spiegami spiegare stata state stati stato su
successo sul sull' sulla tempo tra trattato trova trovano tutti tutto una uno viene vita voglio""",
    "Portuguese": """
aconteceu acordo agora ainda alguem ano anos ao aos apoia apos artigo assim assinado assinou ate
cada cidade como coreia da das depois desde deve diga disse dizer do dos e ela elas ele eles em
entao entre era essa esse esta estado estao este eu existe explica explicar explique falar fazer
fez ficou foi foram governo guerra ha isso isto ja lugar maior mais mas melhor menos mesmo muitas
muito muitos mundo na nada nao nas nem no nome norte nos nova novo nunca o onde os ou pais paises
para pela pelas pelo pelos pessoas pode podem ponte por porque presidente primeira primeiro quais
qual quando quanta quantas quanto quantos que quem quero resuma resumo sabe sao se sem ser seu seus
significa sobre sua suas tambem tem tempo tinha tratado um uma umas vai vez voce voces""",
    "Dutch": """
aan achter afspraken akkoord al alleen als altijd andere anders artikel bedoeld begon beide bent
betekent bij brug daar dag dan dat deze dingen dit door een eerst eerste elkaar er gaan gaat
gebeurde gebeurt gebruikt gedaan geef geen gekomen gezegd goed groot haar hadden heb hebben hebt
heeft het hier hij hoe hoelang hoeveel hoeveelheid hun iets ik jaar jij jou kan klopt kon kreeg
krijgen kunnen kwam laatste land landen leg ligt lijst maakt maar maken meer meeste met mij mijn
moet moeten na naam naar niet nog nooit noordkorea nu of om omdat onder onderscheid ondertekend
onze ook oorlog op over plaats president regering rusland samen samenvatten sinds staan steunt te
tegen tekende tijdens toch toen tot tussen uit uitleg van vanaf vat veel verdrag verschil vertel
volgende volgens vond voor vooral waar waarin waarom wanneer waren wat we welk welke werd werden
wie wil wilde worden wordt zal ze zegt zei zich zij zijn zoals zonder zou zouden""",
    "Turkish": """
acikla aciklar acisindan adi aldi ancak anlasma antlasma antlasmanin arasinda arasindaki asil ayni
bana baska baskan baskani ben beri bir biz boyle bu bugun cok cunku daha dedi degil destekliyor
devlet diger dir diye diyor dogru dolayi dunya eden eder edildi edilen edilmis eski etmek etmistir
etti fotografi gelen gibi gore gun hakkinda hangi hangisi hem hep her hic icin icinde ikinci ile
ilgili ilk imzalandi ise iyi kabul kac kadar kendi kimdir kimin kimler kisi konusunda kopru
koprunun kore kuzey mi midir misin misiniz mu mudur musun nasil nasildir ne neden nedenle nedir
nelerdir nerede nereden neresi nereye neydi nicin nin niye nun olan olarak oldu oldugu oldugunu
olduklari olmak olup onemli onlar onun ozet ozetle rusya sadece savas sayisi sen sey simdi sonra
soyle soyledi tarafindan tarihinde tum ulke ulkeler uzere uzerinde uzun var ve veya yapan yapilan
yapti yeni yilda yilinda yok yuzden zaman zamandan""",
    "Polish": """
aby ale artykul bardzo beda bedzie bez byl byla bylo byly bym chce chiny ciebie co czego czy czym
dla dlaczego dlatego dlugi dlugo dwa dzien gdy gdzie i ich ile ilosc ilu ja jak jaka jaki jakich
jakie jakies jakim jako jeden jego jej jesli jest jeszcze kazdy kiedy kiedys kogo komu koncu korea
koreanska koreanskich korei kto ktora ktore ktorego ktory ktorych ktorym lat lata ludzi maja mial
miala miedzy mnie mowi mowil moze mozna musi nad nas nawet nazwa nazywa nic nie nigdy nim niz nowy
od on ona one oni opisz oraz panstwa panstwo po pod podaj podczas podpisal podpisano polnocna
polnocnej poniewaz powiedz powiedzial prezydent przed przez przy raz rok roku rosja rosji rozne
rzad sa sie skad spotkali stalo swoje szczyt tak takze tego temu ten teraz to traktat trzy tutaj
tylko tym umowa umowe umowy w we wedlug wiecej wiele wojna wojny wojsk wszystkie wszystko wyjasnij
wymien z za zanim ze znaczy zostal zostala zostalo""",
    "Indonesian": """
ada adalah akan anda antara apa apabila apakah artinya atas atau bagaimana bagaimanakah bagi bahwa
banyak baru beberapa belum berapa berarti berisi berlaku bertemu bisa boleh bukan dalam dan dapat
dari dengan dengannya di dia diadakan dikirim dilakukan dimana disebut ditandatangani ditetapkan
gimana hal hanya harus hingga hubungan ia ialah ini isi itu jadi jelaskan jembatan jika juga jumlah
kah kami kapan karena kata ke kenapa kepada ketika kita kota lagi lain langsung lebih maka mana
masih melalui membuat memiliki memveto menandatangani mendukung mengapa menjadi menteri menurut
mereka merupakan mulai negara negeri nya oleh pada paling panjang para pasal pemerintah perang
perjanjian pernah pertemuan pihak presiden saat saja sampai sangat saya sebagai sebelum sebuah
sebutkan secara sedang sehingga sejak semua sendiri seperti serta setelah siapa siapakah suatu
sudah supaya tahun tanpa telah tentang terhadap terjadi terjadinya termasuk tersebut tetapi tiap
tidak tolong tulis untuk utara waktu yang""",
}
# Of these, the ones that English, names or abbreviations have too: they count half.
_SHARED_TEXT = """
ab aby ada adi agora al alle als also ana ancak antara ante ao are arrive artikel as ate au aux
bagi baru bei beide ben bent bez bien bill bin bis boyle brug bu bueno capital chce chi chiny ci co
com come comment como contra corea coree cosa creo da dag dan das dat data de deck dei del den denn
der des di dia dire dis disse dit do dont door dos du e eden ein el elenca em en er era es est
estado estados et etats eu existe explique faire fait far fare fatto faut fra fu gore gross guerra
guerre gun ha hal han hat hay he hem her hier hij hoe hub i ia il ile im in isi ja jak jamais je
jou kah kami kan kata ke kita kore korea korei kota krieg la lagi land las lat lata laut le leg les
llama lo logo loi los lugar ma mai mais maken man mana mas mate me mejor melhor menos met mi mij
mio mir misma mismo mit moins moment monde mu mucho muchos mundo na nad nada nas ne nein nic nie
nin no nom nombre non nord norte nos nova novo nu nuevo nun nunca nuovo o od of ol om on ona onder
one oni op os ou over pais paling par para parle paso pays per pihak plus po pod ponte por pour
president presidente prima primo prix pro puente que qui raz resume rok roku sa sabe sag sage sans
sao savas se sem sen ser sey si sie siempre signe signer sin so sobre solo son state su sul sur sus
swoje tal tan te tem tempo ten ti tie tiempo time to toch tot tout tra traite traites trata trova
tu um un una uno va vai van var vat ve vers vez via vice viene ville vita vive volgende vom von w
wat we wen wil y ya yang z za zal zaman ze zeit zu zum zur
"""
_SHARED = frozenset(_SHARED_TEXT.split())
# Pairs that are sure signs where neither word is.
_PAIRS = {
    "German": "was ist,was war,was hat,was sind,was sagt,was steht,wie ist,wie war,wer hat",
    "French": "qui est,qui a,qui sont,que dit,que fait,que veut,que sait,est le,est la",
    "Spanish": "por que,que es,que son,que dice,que fue,que paso",
    "Italian": "che e,per che,in che,di che",
    "Portuguese": "o que,por que,que e,que diz,que foi,de que",
    "Dutch": "wie is,wie was,wat zijn,wat zegt,wat staat,wat doet,in het,van het",
    "Turkish": "ne dir,ne oldu,ne der",
    "Polish": "co to,co jest,co mowi,co sie,na co",
    "Indonesian": "di mana,ke mana,apa itu,apa saja",
}
_WEAK = {
    "German": "am an das den der des die du ein er für hat in kein man mit nur so war was wir",
    "French": "a au d' de du en est et il je l' la le les on par s' se si un",
    "Spanish": "a con de el en era la las le me no se sin un",
    "Italian": "a con d' da i in io l' la le lo no o per un",
    "Portuguese": "a com de as",
    "Dutch": "de den die en had hem in is was wij",
    "Turkish": "da de en ki o olur",
    "Polish": "a do na o u",
    "Indonesian": "hal",
}


def is_english(question: str) -> bool:
    """Return whether a question is in English, or in no language that can be told.

    Names, numbers and single words pass; only clear signs of another language do not: most
    letters of another script, or more small words of German, French, Spanish, Italian, Portuguese,
    Dutch, Turkish, Polish or Indonesian than of English.
    """
    text = unicodedata.normalize("NFKC", question[:_MAX_LETTERS])
    words = [_find_small_word(_strip_accents(word)) for word in _WORD.findall(text)]
    english = _weigh_english(words)
    if _is_other_script(text):
        return english >= 4
    return _weigh_others(words) <= english and not (_SPANISH.match(text) and english < 2)


def _is_other_script(text: str) -> bool:
    """Return whether most of a text's letters are not Latin, dense ones counted twice."""
    letters = len(_LETTER.findall(text))
    latin = len(_LATIN.findall(text))
    return letters - latin + len(_DENSE.findall(text)) > latin


def _strip_accents(word: str) -> str:
    """Return a word in small letters without its accents: many type none."""
    if word.isascii():
        return word.lower()
    small = word.lower().translate(_PLAIN)
    return _MARKS.sub("", unicodedata.normalize("NFKD", small))


def _find_small_word(word: str) -> str:
    """Return the small word at the start of one: "l'" of "l'accord"."""
    head, mark, _ = word.partition("'")
    return head + mark if mark and head + mark in _OTHERS else word


def _weigh_english(words: list[str]) -> int:
    """Return 2 for each small word of English (1 if other languages have it), 2 for an opener."""
    weight = sum(1 if word in _ELSEWHERE else 2 for word in words if word in _ENGLISH)
    return weight + 2 * any(word in _OPENERS for word in words[:1])


def _weigh_others(words: list[str]) -> int:
    """Return the weight of the small words of the likeliest other language.

    It is 0 where all of them could be part of a name, as in "La Paz" or "Van der Leyen".
    """
    signs = [*words, *map(" ".join, pairwise(words))]
    found = [_OTHERS[sign] for sign in signs if sign in _OTHERS]
    best = 0
    for language in {language for weights in found for language in weights}:
        weights = [entry.get(language, 0) for entry in found]
        if 2 in weights:
            best = max(best, sum(weights))
    return best


def _make_table() -> dict[str, dict[str, int]]:
    """Return each small word's weight by language: 2 if it is a sure sign, 1 if shared."""
    table: dict[str, dict[str, int]] = {}
    for language, words in _SURE.items():
        for word in words.split():
            shared = word in _SHARED or word in _ENGLISH
            table.setdefault(word, {})[language] = 1 if shared else 2
    for language, pairs in _PAIRS.items():
        for pair in pairs.split(","):
            table.setdefault(pair, {})[language] = 2
    for language, words in _WEAK.items():
        for word in words.split():
            table.setdefault(_strip_accents(word), {}).setdefault(language, 1)
    return table


_OTHERS = _make_table()
_ELSEWHERE = _ENGLISH & _OTHERS.keys()
