"""Tell an English question from one in another language, by its script and its small words.

Measured language identifiers were no fit here: py3langid and lingua take 0.8 and 2.2 seconds to
start, and both take some short English questions, or ones of names alone, for another language.
A table of small words starts at once, and where it knows no word, the question passes as English.
"""

import re
import unicodedata
from itertools import pairwise

from bot.english import AUXILIARIES, FUNCTION_WORDS, WH_WORDS
from bot.spelling import strip_marks

ENGLISH_ONLY = "This reader knows English only; please ask in English."

_MAX_LETTERS = 1_000
# One letter of these scripts says as much as two or three of an alphabet.
_DENSE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"\b[^\W\d_]+(?:['’][^\W\d_]+)*\b")
_ACCENT = re.compile("[\u00df-\u024f\u1e00-\u1eff]")

# Words that open an English question and say most that it is one.
_OPENERS = WH_WORDS | AUXILIARIES | {"describe", "explain", "list", "name", "tell", "the", "that"}
_ENGLISH_TEXT = """
best call called came come different example full given go good great help history important it's
known last like long made main make many means might new number part people percent place reason
said same say says see take that's time times told took true type use used way went what's who's
work works year years
"""
_ENGLISH = _OPENERS | FUNCTION_WORDS | frozenset(_ENGLISH_TEXT.split())
# Small words of other languages, without accents; "was_ist" is a sign where neither word is one.
_OTHERS_TEXT = """
German: aber als am an anfangt auch auf aus bedeutet beginnt bei beim bitte brauche brauchen darf
darf_ich das dass dauern dauert dem den denn der deren des dessen die diese diesem diesen dieser
dieses du durch durfen ein eine einem einen einer eines er erklare es etwas fahren fahrt fand finde
funktioniert fur gab gegen gehort geht gibt habe haben hast hat hatte heisst hoch ich ihre ihrem
ihren im in ist jahr jetzt kann kannst kein keine kommt konnen kosten kostet lang leitet liegt
machen man mehr mir mit muss muss_ich mussen nach nenne nicht noch nur oder offnen offnet ohne sagt
sehr sein seine seit sich sie sind so soll sollte trat uber ueber um und unter viel viele vom von
wann war waren warum was was_bedeutet was_hat was_ist was_sagt was_sind was_steht was_war wegen
welche welchen welcher welches wem wen wer wer_hat werden wessen wie wie_alt wie_gross wie_hoch
wie_ist wie_komme wie_lang wie_lange wie_oft wie_schnell wie_teuer wie_viel wie_viele wie_war
wie_weit wieso wieviel wieviele wir wird wo wo_finde wo_liegt wofur woher wohin worden wurde wurden
zu zum zur zwischen
French: a ainsi apres au aussi autre aux avant avec bien ce cela celle celui ces cette ceux combien
comme comment contre coute coutent d' dans de depuis des dire dirige dit dois donne donnez dont du
dure elle elles en encore entre est est_ce est_la est_le et etaient etait ete etre explique
expliquez fait faut faut_il fonctionne fut il ils j'ai je jusqu' l' l'on la le lequel les leur leurs
mais meme moins n' ne nous on ont ou par parce pas pendant peut peut_on peux plus pour pourquoi
puis_je qu' quand que que_dit que_fait quel quelle quelle_heure quelles quels qui qui_a qui_est quoi
s' sa sans se selon sera ses si signe son sont sous sur toujours tous tout toute toutes traite
trouve un une vers veut vous y
Spanish: a a_que abre ahora al algo ante antes aunque bien como como_se con contra cual cuales
cuando cuanta cuantas cuanto cuanto_cuesta cuantos cuesta cuestan de debo del desde despues dice
dijo dime dirige donde dura durante el ella ellos en entre era es esa ese eso esta estan estas este
esto estos explica explicame fue fueron funciona ha haber hace hacer hacia hasta hay hizo la las le
lo los mas me mejor menos mientras mismo mucho muchos muy nada necesito no nos otra otro otros pais
paises para paso pero por por_que porque puede pueden puedes puedo que que_dice que_es que_fue
que_hora que_paso que_son quien quienes sabe se segun ser si sido sin sobre son su sus tambien tengo
tiempo tiene tienen tras una unas uno unos y ya
Italian: a agli ai al all' alla alle allo anche anni anno arriva aveva c'e che che_e che_ora chi ci
come come_si con contro cos' cosa cosa_dice cosi costa costano cui d' da dal dall' dalla dalle degli
dei del dell' della delle dello devo devo_pagare di dice dimmi dire dirige disse dopo dov' dove
dove_si dura durante e era erano fa fare fatto fino fra fu funziona gli ha hanno i il in in_che io
l' la le lo loro ma mai meno mentre mi molti molto nei nel nell' nella nelle nello no non o ogni per
per_che perche piu poi posso possono prima puo puoi qual quale quali quando quanta quante quanti
quanto quanto_costa quanto_dura quella quelle quello questa queste questi questo sarebbe se senza si
si_arriva sia sono sotto spiega spiegami stata state stati stato su sul sull' sulla tra tutti tutto
un una uno viene
Portuguese: a a_que abre agora ainda ano anos ao aos apos aquele as assim ate com como como_chegar
custa custam da das de de_que demora depois desde deve devo dirige disse dizer do dos dura e ela
elas ele eles em entao entre era essa esse esta estado estao este eu existe explica explique fazer
fica foi foram funciona ha ha_um isso ja mais mas me menos mesmo muito muitos na nada nao nas nem no
nos o o_que onde os ou para pela pelas pelo pelos pode podem por por_que porque posso preciso
preciso_de quais qual quando quanta quantas quanto quanto_custa quantos que que_e que_foi que_horas
quem resuma sao se sem ser seu seus sobre sua suas tambem tem tenho tinha um uma umas vai voce voces
Dutch: aan al alleen als altijd ander andere beginnen begint betekent bij daar dan dat de den deze
die dit door duurt een eerst eerste elkaar en er gaan gaat gebeurde geef geen geweest haar had
hadden heb hebben hebt heeft hem het hier hij hoe hoe_duur hoe_groot hoe_hoog hoe_is hoe_laat
hoe_lang hoe_oud hoe_snel hoe_vaak hoe_veel hoe_ver hoe_werkt hoelang hoeveel hoog hun iets ik in
in_het is jaar je jij jou kan kon kost kosten kun kun_je kunnen lang leg leidt ligt maar mag_ik
maken me meer meest met mij mijn moet moet_ik moeten na naar niet nog nooit of om omdat onder ook op
over samen sinds staat te tegen toch toen tot tussen uit van van_het vanaf veel vertel vertrekt
volgens voor vooral waar waar_ligt waarin waarom waarvoor wanneer waren was wat wat_doet wat_is
wat_kost wat_staat we welk welke werd werden wie wie_heeft wie_is wij wil worden wordt zal ze zegt
zei zich zij zijn zoals zonder zou zouden
Turkish: ama ancak arasinda arasindaki bana baska ben beri bir biz bu cok da daha de dedi degil dir
diye diyor dolayi eden eder edildi en etti gibi gore hakkinda hangi hangisi hem hep her hic icin ile
ilgili ilk ise kac kadar kendi ki kim kimdir kimin kimler mi midir misin mu mudur nasil nasildir ne
ne_dir ne_kadar ne_oldu neden nedir nelerdir nerede nereden nereye neydi nicin niye o olan olarak
oldu oldugu olur onlar onun sadece sen sonra soyle tarafindan uzere uzerinde var ve veya yok zaman
Polish: a ale bardzo bez byl byla bylo byly chce co co_mowi co_to czego czy czym dla dlaczego do
dziala gdy gdzie go i ich ile ilu ja jak jaka jaki jakich jakie jako jego jej jesli jest jeszcze
kazdy kiedy kogo komu kto ktora ktore ktorego ktory ktorych ktorym maja mi miala miedzy mnie moze
mozesz mozna musi na na_co nad nas nazywa nic nie niz o od oni opisz oraz po pod podaj podczas przed
przez przy roku sa sie skad tak takze tego ten to tylko tym u w wedlug wiecej wiele wszystkie
wyjasnij wymien z za ze zostal zostala zostalo
Indonesian: ada adalah akan anda antara apa apa_isi apa_itu apakah artinya atas atau bagaimana bagi
bahwa banyak beberapa belum berapa berlaku bisa bisakah boleh bukan cara dalam dan dapat dari dengan
di di_mana dia dimana disebut hanya harus hingga ini isi itu jadi jelaskan jika juga kah kami kamu
kapan karena ke ke_mana kenapa kepada ketika kita lain lebih maka mana masih melalui mengapa menjadi
menurut mereka oleh pada paling para pernah saat saja sampai sangat saya sebagai sebelum sebuah
sebutkan secara sedang sejak semua seperti serta setelah siapa siapakah suatu sudah tahun tanpa
telah tentang terhadap terjadi tersebut tetapi tidak tolong untuk yang
Swedish: allt an ar att av bara blev de dem den denna det detta du efter eller en ett fick finns for
fore fran gor gora ha hade han har hon honom hur hur_manga i ingen inte ja jag kan kan_du kunde
manga mellan men mer mig mot mycket nagon nar nu och ocksa om pa sade sag sager sedan sin sitt ska
skall skrev skulle som till under upp ut utan vad var var_ligger vara varfor varit varje vem vet vi
vid vilka vilken vilket
Danish/Norwegian: af alle at av ble blev blir bliver da de dem den denne der det dette du efter
eller en er et etter fik fikk flere for fordi forklar fra gjor ha hadde han har havde hun hva hva_er
hvad hvad_er hvem hvilke hvilken hvilket hvis hvor hvordan hvorfor hvornar i ikke jeg kan kan_du
kunne ma man mange med meget mellem mellom men mig mye nar noen nogen nu og ogsa om pa sa sagde sier
siger skal skrev skulle som til uden under uten var ved vi vil
Czech: a aby ale ani asi bez bude byl byla byli bylo byly clanek co co_je do funguje ho i ja jak
jaka jake jako jaky je jeho jeji jejich jen jeste ji jsem jsou k kde kdo kdo_je kdy kdyz koho kolik
ktera ktere kterou ktery kterych kvuli ma maji mezi mi mit mnoho muze muzes na nad ne nebo neni nez
o od po pod podle pred pri pro proc proti protoze rekl rika s se si tak take tato tento ty u uz v ve
velmi vsak z za ze
Finnish: ei eli enemman ennen ennenkuin etta ettei han hanen he heidan ja jalkeen joka jos jossa
jotka kaikki kanssa keiden keita keitka kenen keta ketka koska kuin kuinka kuka kun kuten me mihin
mika mika_on miksi millainen mille milloin minka minne missa mista mita miten mitka mukaan mutta
myos ne niin nyt oli olisi olivat olla on onko ovat paljon paljonko se seka sen siita sille sina tai
tama taman tassa useita vai valilla voi voiko voitko voivat
Hungarian: a alapjan alatt amely ami az azt csak de egy el elott es ez ezek ezt fel ha hany hanyan
hogy hogyan hol honnan hova is itt ki ki_az kik kinek kit kozott kozul lehet lesz lett magyarazd meg
mely melyik mennyi mennyit mi mi_a mi_az miatt miben miert mikor mikortol milyen mit mond mondott
mondta nem nincs ott szerint tud tudod utan vagy van vannak volt voltak
Romanian: a aceasta acest acesta aceste acestui ai ale am ar are asta au avea avut ca cand care cat
cate cati catre ce ce_a ce_este cine cu cui cum da daca de de_ce despre din dintre dupa este eu fi
fie fost functioneaza in inainte intre la lor lui mai multe multi nu o pe pentru poate poti prin sa
sau se si spune spus sub sunt un unde unei unor unui va
Vietnamese: ai anh ban bang bao bao_nhieu bi biet cac cai cho co cua cung da dang dau day de den do
duoc gi gom hay khi khong la lai lam mot nam nao nay neu nguoi nhieu nhu nhung noi o o_dau ra rang
sao sau se tai tai_sao the the_nao theo thi trong tu va vao ve vi viec voi
"""
# Of these, the ones that English, names or abbreviations have too: they count half.
_SHARED_TEXT = """
aby ada af ai al ale alle allo allt als ama ami ander anh ani ano ante ao apa ar arriva asi ate au
av avant az azt ban bang bao bara ben bez bi bien blev bu ca cac cai cara care cat ce ces che chi
cho ci co com comment como con contra cosa costa cu cui cum cung d' da dal dan dang das dat day de
debo dei del della dem den der des det devo di dia dice die dime dir dire dit dont door dos du dura
e eden ei ein el eli em en er era es esa eso est et eu ez fa fait fare fi fie fik finde fra fu fur
fut gi gore ha han har hast hat hay hem hier hij ho hoe hol hon hun hur ich il ile im io isi ist itt
ja jag jak jake je jen ji jos jou k kah kami kan ke ki kik kim kit kita kost kosten kun l' la lai
lam lang las le leg les lo los lui ma mai mais man mana manga mas med meg men mer met mi mig mir mit
mot mu multi muss na nad nada nam nao nas nay ne nei nel nelle nem neu nic nie niz noi non nos nu
nur o od og om oni op os ou pa pais paling par para pas paso pe plus po pod por pour prima pro proc
que qui ra rang roku s s' sa sag sans sao sau se sem sen ser sera ses si sia sie sin sina sobre son
sous state su sub sul sur sus tai tak te tem ten tengo thi til tot tout tra tu tud ty um un una uno
unos ut uz v va vad vai van var vara ve ved vers vet vi vid viel viene vil volt von w war wat wen
wie wil wo y ya yang z za ze zei zij zu zum
"""
_SHARED = _ENGLISH.union(_SHARED_TEXT.split())


def _make_table() -> dict[str, dict[str, int]]:
    """Return each small word's weight by language: 2 if it is a sure sign, 1 if shared."""
    table: dict[str, dict[str, int]] = {}
    language = ""
    for word in _OTHERS_TEXT.split():
        if word.endswith(":"):
            language = word
        else:
            table.setdefault(word.replace("_", " "), {})[language] = 1 if word in _SHARED else 2
    return table


_OTHERS = _make_table()


def is_english(question: str) -> bool:
    """Return whether a question is in English, or in no language that can be told.

    Names, numbers and single words pass; only clear signs of another language do not: most
    letters of another script, or more small words of one of the languages above, and words with
    accents, than small words of English.
    """
    text = unicodedata.normalize("NFKC", question[:_MAX_LETTERS])
    words = _WORD.findall(text)
    plain = [_find_small_word(strip_marks(word.lower())) for word in words]
    english = _weigh_english(plain)
    if _is_other_script(text):
        return english >= 4
    accented = sum(word[0].islower() and _ACCENT.search(word) is not None for word in words)
    return _weigh_others(plain, accented) <= english


def _is_other_script(text: str) -> bool:
    """Return whether most of a text's letters are not Latin, dense ones counted twice."""
    letters = len(_LETTER.findall(text))
    latin = len(_LATIN.findall(text))
    return letters - latin + len(_DENSE.findall(text)) > latin


def _find_small_word(word: str) -> str:
    """Return the small word at the start of one: "l'" of "l'accord"."""
    head, mark, _ = word.partition("'")
    return head + mark if mark and head + mark in _OTHERS else word


def _weigh_english(words: list[str]) -> int:
    """Return 2 for each small word of English (1 if other languages have it), 2 for an opener."""
    weight = sum(1 if word in _OTHERS else 2 for word in words if word in _ENGLISH)
    return weight + 2 * any(word in _OPENERS for word in words[:1])


def _weigh_others(words: list[str], accented: int) -> int:
    """Return the weight of the small words of the likeliest other language and of accents.

    It is 0 where all of them could be part of a name, as in "La Paz" or "Van der Leyen", unless
    several words in small letters have accents.
    """
    signs = [*words, *map(" ".join, pairwise(words))]
    found = [_OTHERS[sign] for sign in signs if sign in _OTHERS]
    best = 0
    for language in {language for weights in found for language in weights}:
        weights = [entry.get(language, 0) for entry in found]
        if 2 in weights or (accented > 1 and any(weights)):
            best = max(best, sum(weights) + accented)
    return best
