"""Capitals and their countries, and peoples whose names no ending makes of their country's."""

# By capital. Two names of a city are two lines.
CAPITALS = dict(
    line.split(" = ", 1)[::-1]
    for line in """
Afghanistan = Kabul
Albania = Tirana
Algeria = Algiers
Angola = Luanda
Argentina = Buenos Aires
Armenia = Yerevan
Australia = Canberra
Austria = Vienna
Azerbaijan = Baku
Bangladesh = Dhaka
Belarus = Minsk
Brazil = Brasília
Cambodia = Phnom Penh
Canada = Ottawa
China = Beijing
China = Peking
Colombia = Bogotá
Croatia = Zagreb
Cuba = Havana
Czech Republic = Prague
Denmark = Copenhagen
Egypt = Cairo
Eritrea = Asmara
Estonia = Tallinn
Ethiopia = Addis Ababa
Finland = Helsinki
France = Paris
Georgia = Tbilisi
Germany = Berlin
Greece = Athens
Hungary = Budapest
Iceland = Reykjavik
India = New Delhi
Indonesia = Jakarta
Iran = Tehran
Iraq = Baghdad
Ireland = Dublin
Italy = Rome
Japan = Tokyo
Jordan = Amman
Kazakhstan = Astana
Kenya = Nairobi
Latvia = Riga
Lebanon = Beirut
Libya = Tripoli
Lithuania = Vilnius
Malaysia = Kuala Lumpur
Mali = Bamako
Mongolia = Ulaanbaatar
Morocco = Rabat
North Korea = Pyongyang
Norway = Oslo
Pakistan = Islamabad
Philippines = Manila
Poland = Warsaw
Portugal = Lisbon
Qatar = Doha
Romania = Bucharest
Russia = Kremlin
Russia = Moscow
Saudi Arabia = Riyadh
Serbia = Belgrade
South Africa = Pretoria
South Korea = Seoul
Spain = Madrid
Sudan = Khartoum
Sweden = Stockholm
Syria = Damascus
Taiwan = Taipei
Thailand = Bangkok
Tunisia = Tunis
Turkey = Ankara
Ukraine = Kiev
Ukraine = Kyiv
United Kingdom = London
United States = Washington
Venezuela = Caracas
Vietnam = Hanoi
Zimbabwe = Harare
""".strip().splitlines()
)
PEOPLES = {
    "American": "United States", "British": "United Kingdom", "Dutch": "Netherlands",
    "French": "France", "Greek": "Greece", "Spanish": "Spain", "Swiss": "Switzerland",
    "Turkish": "Turkey", "Danish": "Denmark", "Finnish": "Finland", "Swedish": "Sweden",
    "Polish": "Poland", "Irish": "Ireland", "Welsh": "Wales", "Thai": "Thailand",
}  # fmt: skip
