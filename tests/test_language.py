"""Telling English questions from others: hardly one English question may be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluate import read_questions
from bot.language import is_english
from tests.libraries import ROOT

ENGLISH = """
Who?
Why not?
2024
?
Article 4
NATO
Putin
Choe Son Hui Lavrov?
Rajin-Khasan gauge mm?
When was the treaty sgined?
wen wos teh traety singed
wich tready enterd in to force
WHO SIGNED THE TREATY IN PYONGYANG?
WHAT DOES ARTICLE 4 REQUIRE
Who is Ursula von der Leyen?
Ursula von der Leyen
What was the Stasi?
Was it signed in Pyongyang?
Was Die Zeit the first to report it?
Los Angeles or Las Vegas?
El Niño and La Niña
Rio de Janeiro summit date
Charles de Gaulle airport
São Tomé e Príncipe
Côte d'Ivoire vote
Der Spiegel report
Le Monde interview with Kim
Who wrote "À la recherche du temps perdu"?
What does "glasnost" mean?
Who is 김정은?
What does 主体思想 (juche) mean?
What is the meaning of чучхе?
Łódź
Erdoğan Kılıçdaroğlu debate
Yang Jiechi visit
kim jong un
Kim?
debt sum usd
tumen bridge length km
Please list all of the articles on sanctions
and the second one?
Is it so?
hat
dos and don'ts
Hi
Nuclear test 2017 yield kt
α-decay of uranium
Ms. Son Hui's post?
MIT est. 1861
Alle Menschen werden Brüder: who composed it?
par value of a stock
per capita income
pros and cons of LIFO
Sous vide temperature for steak
Where did Mao die?
Sun Tzu's Art of War
Ben Hur
APA style
Điện Biên Phủ
Crème brûlée recipe
El País
ten men
Ca2+ influx
Devo
Costa Rica
Dura mater
Arriva buses
Tengo
the Kosten family
Dorothea Lange
Chi-Ha tank
A Che Guevara poster
Who runs Deutsche Bahn?
How long does the Überfahrt take?
When does the Fähre leave?
Who was Otto von Bismarck?
What did Die Welt write?
Where is Unter den Linden?
Is the Berliner Straße closed?
Was Hermann Müller chancellor?
Who leads the Bundesamt für Verfassungsschutz?
What does "Wie lange dauert es" mean?
""".strip().splitlines()

FOREIGN = """
Когда был подписан договор?
Что такое Комитет 1718?
Кто возглавляет МИД России?
Почему Россия наложила вето?
Сколько солдат было отправлено в Курск?
북한의 외무상은 누구입니까?
조약은 언제 발효되었나요?
IAEA란 무엇인가?
러시아는 왜 거부권을 행사했습니까?
条约是什么时候签署的？
谁是朝鲜外务相？
NATO对此有何反应？
为什么俄罗斯投了否决票？
条約はいつ署名されましたか？
北朝鮮の外相は誰ですか？
なぜロシアは拒否権を行使したのですか？
متى تم توقيع المعاهدة؟
من هو وزير خارجية كوريا الشمالية؟
ما هي لجنة 1718؟
מתי נחתם ההסכם?
Πότε υπογράφηκε η συνθήκη;
संधि पर कब हस्ताक्षर किए गए?
สนธิสัญญาลงนามเมื่อใด
Wann trat der Vertrag in Kraft?
Wer ist der Außenminister von Nordkorea?
Was ist der 1718-Ausschuss?
Warum ist das Abkommen gescheitert?
Wie viele Soldaten wurden nach Kursk geschickt?
Welche Länder haben die Sanktionen verhängt?
WO FAND DAS TREFFEN STATT?
Und was steht in Artikel 4?
Quand le traité a-t-il été signé ?
Qui est le ministre des Affaires étrangères ?
Pourquoi la Russie a-t-elle opposé son veto ?
Combien de soldats ont été envoyés à Koursk ?
Qu'est-ce que le comité 1718 ?
Que dit l'article 4 du traité ?
ou se sont rencontres Kim et Poutine
Quelle est la population de l'Islande ?
¿Cuándo se firmó el tratado?
¿Quién es la ministra de Exteriores de Corea del Norte?
¿Por qué Rusia vetó la resolución?
¿Cuántos soldados fueron enviados a Kursk?
que dice el articulo 4 del tratado
¿Dónde se reunieron Kim y Putin?
¿Qué es el Comité 1718?
Quando è stato firmato il trattato?
Chi è il ministro degli Esteri della Corea del Nord?
Perché la Russia ha posto il veto?
Quanti soldati sono stati inviati a Kursk?
Cosa dice l'articolo 4 del trattato?
Dove si sono incontrati Kim e Putin?
Che cos'è il Comitato 1718?
Quando foi assinado o tratado?
Quem é a ministra das Relações Exteriores da Coreia do Norte?
Por que a Rússia vetou a resolução?
Quantos soldados foram enviados para Kursk?
O que diz o artigo 4 do tratado?
Onde se encontraram Kim e Putin?
O que é o Comitê 1718?
Wanneer werd het verdrag ondertekend?
Wie is de minister van Buitenlandse Zaken van Noord-Korea?
Waarom sprak Rusland een veto uit?
Hoeveel soldaten zijn er naar Koersk gestuurd?
Wat staat er in artikel 4 van het verdrag?
Waar hebben Kim en Poetin elkaar ontmoet?
Wat is het 1718-comité?
Antlaşma ne zaman imzalandı?
Kuzey Kore'nin dışişleri bakanı kimdir?
Rusya neden veto etti?
Kursk'a kaç asker gönderildi?
Antlaşmanın 4. maddesi ne diyor?
Kim ve Putin nerede buluştu?
1718 Komitesi nedir?
Kiedy podpisano traktat?
Kto jest ministrem spraw zagranicznych Korei Północnej?
Dlaczego Rosja zawetowała rezolucję?
Ilu żołnierzy wysłano do Kurska?
Co mówi artykuł 4 traktatu?
Gdzie spotkali się Kim i Putin?
Czym jest Komitet 1718?
Kapan perjanjian itu ditandatangani?
Siapa menteri luar negeri Korea Utara?
Mengapa Rusia memveto resolusi itu?
Berapa banyak tentara yang dikirim ke Kursk?
Apa isi Pasal 4 perjanjian?
Di mana Kim dan Putin bertemu?
Apa itu Komite 1718?
Vad är kommittén 1718?
När undertecknades avtalet?
Hur många soldater skickades till Kursk?
Varför lade Ryssland in sitt veto?
Var träffades Kim och Putin?
Hvornår blev traktaten underskrevet?
Hvem er Nordkoreas udenrigsminister?
Hvor mange soldater ble sendt til Kursk?
Hvorfor la Russland ned veto?
Hva sier artikkel 4?
Kdy byla smlouva podepsána?
Kdo je ministrem zahraničí Severní Koreje?
Kolik vojáků bylo posláno do Kurska?
Co říká článek 4?
Proč Rusko vetovalo rezoluci?
Milloin sopimus allekirjoitettiin?
Kuka on Pohjois-Korean ulkoministeri?
Kuinka monta sotilasta lähetettiin Kurskiin?
Miksi Venäjä käytti veto-oikeuttaan?
Mitä artikla 4 sanoo?
Mikor írták alá a szerződést?
Ki Észak-Korea külügyminisztere?
Hány katonát küldtek Kurszkba?
Miért vétózott Oroszország?
Mit mond a 4. cikk?
Când a fost semnat tratatul?
Cine este ministrul de externe al Coreei de Nord?
Câți soldați au fost trimiși la Kursk?
De ce a folosit Rusia dreptul de veto?
Ce spune articolul 4?
Hiệp ước được ký khi nào?
Ai là ngoại trưởng Triều Tiên?
Bao nhiêu binh sĩ được gửi đến Kursk?
Tại sao Nga phủ quyết nghị quyết?
Điều 4 nói gì?
""".strip().splitlines()


# What readers ask of a harbour and an office, in short words.
PLAIN = """
Wie lange dauert die Überfahrt?
Wie viel kostet ein Ticket?
Wer leitet den Hafen?
Wann fährt die Fähre?
Wo liegt der Hafen?
Warum ist das Büro geschlossen?
Welche Fähren fahren am Montag?
Was kostet ein Liegeplatz?
Wie hoch ist der Leuchtturm?
Wann öffnet das Büro?
Wohin fährt die Fähre?
Wie heißt der Direktor?
Wer darf parken?
Darf ich Hunde mitnehmen?
Gibt es einen Parkplatz?
Wo kann man parken?
Welches Boot ist am schnellsten?
Wie oft fährt die Fähre?
Wie weit ist Oslo?
Brauche ich ein Visum?
Muss ich reservieren?
Wie alt ist der Hafen?
Wie viele Betten hat die Klinik?
Wem gehört das Schiff?
Wie funktioniert die Anmeldung?
Wann beginnt die Messe?
Wie lang ist die Brücke?
Wer hat Anspruch auf Urlaub?
Wo finde ich Formulare?
Wieviel Urlaub habe ich?
Hoe lang duurt de overtocht?
Hoeveel kost een kaartje?
Wat kost een ligplaats?
Wie leidt de haven?
Wanneer vertrekt de veerboot?
Waar ligt de haven?
Waarom is het kantoor gesloten?
Welke boten varen op maandag?
Hoe hoog is de vuurtoren?
Hoe oud is de haven?
Mag ik honden meenemen?
Heb ik een visum nodig?
Hoe ver is Oslo?
Hoe vaak vaart de boot?
Kan ik hier parkeren?
Moet ik reserveren?
Wat betekent dit?
Waar vind ik formulieren?
Hoe laat begint de markt?
Quanto costa un biglietto?
Quanto dura la traversata?
A che ora parte il traghetto?
Dov'è il porto?
Dove si trova il porto?
Chi dirige il porto?
Quando apre l'ufficio?
Perché l'ufficio è chiuso?
Quali traghetti partono lunedì?
Quanto è alto il faro?
Posso portare un cane?
Come si arriva al porto?
Come funziona la registrazione?
Quanti letti ha la clinica?
C'è un parcheggio?
Cosa significa questo?
Qual è il prezzo?
Dove posso parcheggiare?
Quanto tempo ci vuole?
Quanto custa um bilhete?
Quanto tempo demora a travessia?
A que horas parte o ferry?
Onde fica o porto?
Quem dirige o porto?
Quando abre o escritório?
Porque está fechado o escritório?
Quais barcos partem na segunda-feira?
Qual é a altura do farol?
Posso levar um cão?
Preciso de reservar?
Como chegar ao porto?
Como funciona o registo?
Quantas camas tem a clínica?
O que significa isto?
Qual é o preço?
Onde posso estacionar?
De quem é o barco?
Combien coûte un billet ?
Combien de temps dure la traversée ?
À quelle heure part le ferry ?
Où se trouve le port ?
Qui dirige le port ?
Quand ouvre le bureau ?
Puis-je emmener un chien ?
¿Cuánto cuesta un billete?
¿Cuánto dura la travesía?
¿A qué hora sale el ferry?
¿Dónde está el puerto?
¿Quién dirige el puerto?
¿Cuándo abre la oficina?
¿Puedo llevar un perro?
""".strip().splitlines()


@pytest.mark.parametrize("question", ENGLISH)
def test_english_names_typos_and_single_words_pass(question: str) -> None:
    assert is_english(question)


def test_every_question_of_the_project_passes() -> None:
    questions = read_questions(ROOT / "tests" / "questions.jsonl")
    assert questions
    assert [item for item in questions if not is_english(item.question)] == []


def test_questions_in_other_languages_are_caught() -> None:
    missed = [question for question in FOREIGN if is_english(question)]
    assert len(FOREIGN) >= 120
    assert len(missed) <= 0.05 * len(FOREIGN), missed


@pytest.mark.parametrize("question", PLAIN)
def test_plain_questions_in_other_languages_are_caught(question: str) -> None:
    assert not is_english(question)


@pytest.mark.parametrize("question", FOREIGN[:23])
def test_other_scripts_are_always_caught(question: str) -> None:
    assert not is_english(question)


def test_the_sense_of_capitals_and_lost_accents_is_the_same() -> None:
    assert not is_english("¿CUÁNDO SE FIRMÓ EL TRATADO?")
    assert not is_english("cuando se firmo el tratado")
    assert not is_english("Wo ueber die Bruecke wurde verhandelt?")


def test_an_english_question_may_quote_another_language() -> None:
    assert is_english("What does 'Wann trat der Vertrag in Kraft' mean in English?")
    assert is_english("Who said «Что делать?» and why did he say it?")


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    assert is_english(text) in {True, False}


@given(st.text(alphabet="0123456789 .,;:?!()[]{}<>*_#-%$@/\\", max_size=200))
def test_text_without_letters_passes(text: str) -> None:
    assert is_english(text)
