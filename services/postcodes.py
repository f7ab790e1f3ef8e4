"""The postcodes of Brussels and of the larger Flemish municipalities. Only a help: any other pair is taken as typed."""

from db.fields import folded
from services.language import _

# Postcodes that name one municipality, today and for the years that the scheme has run.
_PAIRS = """
1000 Brussel, 1030 Schaarbeek, 1040 Etterbeek, 1050 Elsene, 1060 Sint-Gillis, 1070 Anderlecht,
1080 Sint-Jans-Molenbeek, 1081 Koekelberg, 1082 Sint-Agatha-Berchem, 1083 Ganshoren, 1090 Jette, 1140 Evere,
1150 Sint-Pieters-Woluwe, 1160 Oudergem, 1170 Watermaal-Bosvoorde, 1180 Ukkel, 1190 Vorst,
1200 Sint-Lambrechts-Woluwe, 1210 Sint-Joost-ten-Node,
1500 Halle, 1600 Sint-Pieters-Leeuw, 1700 Dilbeek, 1730 Asse, 1740 Ternat, 1780 Wemmel, 1785 Merchtem,
1800 Vilvoorde, 1820 Steenokkerzeel, 1830 Machelen, 1840 Londerzeel, 1850 Grimbergen, 1860 Meise, 1930 Zaventem,
1970 Wezembeek-Oppem, 1980 Zemst,
2000 Antwerpen, 2018 Antwerpen, 2020 Antwerpen, 2030 Antwerpen, 2060 Antwerpen, 2160 Wommelgem, 2200 Herentals,
2220 Heist-op-den-Berg, 2240 Zandhoven, 2250 Olen, 2260 Westerlo, 2280 Grobbendonk, 2290 Vorselaar, 2300 Turnhout,
2310 Rijkevorsel, 2320 Hoogstraten, 2330 Merksplas, 2340 Beerse, 2350 Vosselaar, 2360 Oud-Turnhout, 2370 Arendonk,
2380 Ravels, 2390 Malle, 2400 Mol, 2430 Laakdal, 2440 Geel, 2450 Meerhout, 2460 Kasterlee, 2470 Retie, 2480 Dessel,
2490 Balen, 2500 Lier, 2520 Ranst, 2530 Boechout, 2540 Hove, 2547 Lint, 2550 Kontich, 2560 Nijlen, 2570 Duffel,
2580 Putte, 2590 Berlaar, 2620 Hemiksem, 2627 Schelle, 2630 Aartselaar, 2640 Mortsel, 2650 Edegem, 2800 Mechelen,
2820 Bonheiden, 2830 Willebroek, 2840 Rumst, 2845 Niel, 2850 Boom, 2860 Sint-Katelijne-Waver, 2880 Bornem,
2900 Schoten, 2910 Essen, 2920 Kalmthout, 2930 Brasschaat, 2940 Stabroek, 2950 Kapellen, 2960 Brecht, 2970 Schilde,
2980 Zoersel, 2990 Wuustwezel,
3000 Leuven, 3020 Herent, 3040 Huldenberg, 3050 Oud-Heverlee, 3060 Bertem, 3070 Kortenberg, 3080 Tervuren,
3090 Overijse, 3110 Rotselaar, 3120 Tremelo, 3130 Begijnendijk, 3140 Keerbergen, 3150 Haacht, 3190 Boortmeerbeek,
3200 Aarschot, 3210 Lubbeek, 3270 Scherpenheuvel-Zichem, 3290 Diest, 3300 Tienen, 3360 Bierbeek, 3370 Boutersem,
3400 Landen, 3500 Hasselt, 3530 Houthalen-Helchteren, 3540 Herk-de-Stad, 3550 Heusden-Zolder, 3560 Lummen,
3570 Alken, 3580 Beringen, 3590 Diepenbeek, 3600 Genk, 3620 Lanaken, 3630 Maasmechelen, 3640 Kinrooi,
3650 Dilsen-Stokkem, 3680 Maaseik, 3690 Zutendaal, 3800 Sint-Truiden, 3830 Wellen, 3920 Lommel, 3930 Hamont-Achel,
3940 Hechtel-Eksel, 3945 Ham, 3950 Bocholt, 3960 Bree, 3970 Leopoldsburg, 3990 Peer,
8000 Brugge, 8020 Oostkamp, 8300 Knokke-Heist, 8340 Damme, 8370 Blankenberge, 8400 Oostende, 8420 De Haan,
8430 Middelkerke, 8450 Bredene, 8460 Oudenburg, 8470 Gistel, 8490 Jabbeke, 8500 Kortrijk, 8520 Kuurne,
8530 Harelbeke, 8540 Deerlijk, 8550 Zwevegem, 8560 Wevelgem, 8570 Anzegem, 8580 Avelgem, 8600 Diksmuide,
8610 Kortemark, 8620 Nieuwpoort, 8630 Veurne, 8650 Houthulst, 8660 De Panne, 8670 Koksijde, 8680 Koekelare,
8730 Beernem, 8740 Pittem, 8770 Ingelmunster, 8780 Oostrozebeke, 8790 Waregem, 8800 Roeselare, 8810 Lichtervelde,
8820 Torhout, 8830 Hooglede, 8840 Staden, 8850 Ardooie, 8860 Lendelede, 8870 Izegem, 8880 Ledegem, 8890 Moorslede,
8900 Ieper, 8920 Langemark-Poelkapelle, 8930 Menen, 8940 Wervik, 8950 Heuvelland, 8970 Poperinge, 8980 Zonnebeke,
9000 Gent, 9060 Zelzate, 9070 Destelbergen, 9100 Sint-Niklaas, 9140 Temse, 9170 Sint-Gillis-Waas, 9185 Wachtebeke,
9190 Stekene, 9200 Dendermonde, 9220 Hamme, 9230 Wetteren, 9240 Zele, 9250 Waasmunster, 9255 Buggenhout,
9260 Wichelen, 9270 Laarne, 9280 Lebbeke, 9290 Berlare, 9300 Aalst, 9340 Lede, 9400 Ninove, 9420 Erpe-Mere,
9450 Haaltert, 9470 Denderleeuw, 9500 Geraardsbergen, 9520 Sint-Lievens-Houtem, 9550 Herzele, 9600 Ronse,
9620 Zottegem, 9630 Zwalm, 9660 Brakel, 9700 Oudenaarde, 9790 Wortegem-Petegem, 9800 Deinze,
9830 Sint-Martens-Latem, 9860 Oosterzele, 9870 Zulte, 9880 Aalter, 9890 Gavere, 9900 Eeklo, 9940 Evergem,
9960 Assenede, 9970 Kaprijke, 9980 Sint-Laureins, 9990 Maldegem
"""
MUNICIPALITIES: dict[str, str] = {pair[:4]: pair[5:] for pair in " ".join(_PAIRS.split()).split(", ")}


def municipality_of(postcode: str) -> str:
    """The municipality that a known postcode belongs to, '' for any other."""
    return MUNICIPALITIES.get(postcode.strip(), "")


def pair_warning(postcode: str, municipality: str) -> str:
    """What to look at again in a pair that is not in the table, '' for a known one; never a reason to refuse it."""
    known = municipality_of(postcode)
    if known and folded(known) == folded(municipality.strip()):
        return ""
    if known:
        return _("%(postcode)s is the postcode of %(known)s. Is %(municipality)s right? You may leave it so.") % {
            "postcode": postcode,
            "known": known,
            "municipality": municipality,
        }
    return _("We do not know %(postcode)s %(municipality)s. Is it right? You may leave it so.") % {
        "postcode": postcode,
        "municipality": municipality,
    }
