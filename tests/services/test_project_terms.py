"""The query line: what it asks for, how a list is written as one, what is said about a term that cannot be read."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.checks import clean_line
from services.errors import Invalid
from services.language import LANGUAGES, language, use_language, written_in
from services.project_terms import FIELDS, Completion, TermsUnreadable, complete_terms, read_terms, show_terms, word_at
from services.projects import LONGEST_TEXT, ProjectQuery, ProjectStatus, ServiceType, SortColumn
from services.words import word

BLANK = ProjectQuery()
RUNNING, STOPPED = ProjectStatus.RUNNING, ProjectStatus.STOPPED
TRAINING, ADVICE = ServiceType.TRAINING, ServiceType.ADVICE


@pytest.fixture(autouse=True)
def screen_in_dutch() -> Iterator[None]:
    before = language()
    use_language("nl")
    yield
    use_language(before)


def asks(line: str) -> dict[str, Any]:
    """What the line asks for, without what it leaves alone."""
    return read_terms(line, BLANK).model_dump(exclude_defaults=True)


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", {}),
        ("   ", {}),
        (
            "status:lopend dienst:opleiding bedrag>1000 aanvraag:2016-02.. bakker",
            {
                "status": RUNNING,
                "service": TRAINING,
                "amount": ">1000",
                "applied": "2016-02..",
                "enterprise": "bakker",
            },
        ),
        ("bedrag<=500", {"amount": "<=500"}),
        ("bedrag:100..500", {"amount": "100..500"}),
        ('bedrag:"€ 1.000"', {"amount": "€ 1.000"}),
        ('bedrag>"1 000"', {"amount": ">1 000"}),
        ("aanvraag:03/2016", {"applied": "03/2016"}),
        ("aanvraag>=01/03/2016", {"applied": ">=01/03/2016"}),
        ("aanvraag:>=01/03/2016", {"applied": ">=01/03/2016"}),
        ("-status:lopend", {"status": RUNNING, "not_status": True}),
        ("-dienst:advies -bedrag>1000", {"service": ADVICE, "not_service": True, "amount": "->1000"}),
        ("-bakker", {"enterprise": "-bakker"}),
        ('-"bakker jan"', {"enterprise": "-bakker jan"}),
        ("-onderneming:bakker", {"enterprise": "-bakker"}),
        ("onderneming:-bakker", {"enterprise": "-bakker"}),
        ("- bakker", {"enterprise": "-bakker"}),
        ("Janssens - Bakker", {"enterprise": "Janssens - Bakker"}),
        ("de status:lopend  gouden   bakker", {"status": RUNNING, "enterprise": "de gouden bakker"}),
        ("2016KMO044855", {"number": "2016KMO044855"}),
        ("44855", {"number": "44855"}),
        ("2016k", {"number": "2016k"}),
        ("kmo04", {"number": "kmo04"}),
        ("-2016", {"number": "-2016"}),
        ("KMO", {"enterprise": "KMO"}),
        ("3M", {"enterprise": "3M"}),
        ("4K", {"enterprise": "4K"}),
        ('"2016"', {"enterprise": "2016"}),
        ("nr:abc", {"number": "abc"}),
        ('onderneming:"De Kroon: nv"', {"enterprise": "De Kroon: nv"}),
        ('"De ""Kroon"": nv" bakker', {"enterprise": 'De "Kroon": nv bakker'}),
        ('De" Kroon"', {"enterprise": "De Kroon"}),
        ("jaren:alle", {"all_years": True}),
        ("-jaren:alle", {}),
        ("-", {}),
        ("bedrag:..", {"amount": ".."}),
    ],
)
def test_what_a_line_asks_for(line: str, asked: dict[str, Any]) -> None:
    assert asks(line) == asked


def test_filters_are_replaced_and_the_order_is_kept() -> None:
    before = ProjectQuery(amount=">5", status=RUNNING, all_years=True, sort=SortColumn.AMOUNT, descending=False)
    assert read_terms("x", before) == ProjectQuery(enterprise="x", sort=SortColumn.AMOUNT, descending=False)


@pytest.mark.parametrize("screen", LANGUAGES)
@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (["number:abc", "projectnr:abc", "nr:abc", "NR:abc"], {"number": "abc"}),
        (["enterprise:a", "onderneming:a"], {"enterprise": "a"}),
        (["applied>2015", "aanvraag>2015"], {"applied": ">2015"}),
        (["amount<5", "bedrag<5"], {"amount": "<5"}),
        (["service:advice", "dienst:advies", "dienst:ADV", "service:Ádvies"], {"service": ADVICE}),
        (["status:running", "status:lopend", "Status:l", "status:r"], {"status": RUNNING}),
        (["years:all", "jaren:alle", "jaren:all", "years:a"], {"all_years": True}),
    ],
)
def test_both_languages_are_understood(lines: list[str], asked: dict[str, Any], screen: str) -> None:
    use_language(screen)
    for line in lines:
        assert asks(line) == asked, line


@pytest.mark.parametrize("language_of_word", LANGUAGES)
@pytest.mark.parametrize("code", [*ProjectStatus, *ServiceType])
def test_every_word_of_the_screens_means_its_code(code: ProjectStatus | ServiceType, language_of_word: str) -> None:
    with written_in(language_of_word):
        name = word(code)
    field = "status" if isinstance(code, ProjectStatus) else "service"
    assert asks(f"{field}:{name}") == {field: code}


@pytest.mark.parametrize(
    ("line", "wrong", "why"),
    [
        ("bakker kleur:rood", "kleur:", "'kleur' is geen filter; zet een naam met : < of > tussen aanhalingstekens."),
        (":rood", ":", "'' is geen filter"),
        (">1000", ">", "'' is geen filter"),
        ("http://bakker", "http:", "zet een naam met : < of > tussen aanhalingstekens"),
        ("status>lopend", "status>", "status kent geen groter of kleiner: typ status: en wat u zoekt."),
        ("onderneming<=x", "onderneming<=", "kent geen groter of kleiner"),
        ("status:rood x", "rood", "status:rood bestaat niet: kies uit afgewerkt, bevestigd, lopend, "),
        ("-dienst:x", "x", "dienst:x bestaat niet: kies uit advies, opleiding."),
        ("status:stop", "stop", "status:stop kan stopgezet, stopzettingaangevraagd zijn: typ er meer van."),
        ("jaren:2015", "2015", "jaren:2015 bestaat niet: kies uit alle."),
        ("bedrag:veel", "veel", "'veel' is geen bedrag"),
        ("bedrag>", "bedrag>", "bedrag> is leeg: typ er meteen achter wat u zoekt"),
        ("bedrag> 1000", "bedrag>", "bedrag> is leeg"),
        ("x bedrag:500..100", "500..100", "500..100"),
        ("-bedrag>x", "x", "'x' is geen bedrag"),
        ("aanvraag:32/01/2016", "32/01/2016", "'32/01/2016' is geen datum"),
        ("status:", "status:", "status: is leeg"),
        ('onderneming:""', 'onderneming:""', "is leeg"),
        ('""', '""', "is leeg"),
        ("status:lopend -status:bev", "-status:bev", "status staat er al"),
        ("2016 bakker 44855", "44855", "projectnr staat er al"),
        ("nr:1 2", "2", "projectnr staat er al"),
        ("onderneming:De Kroon", "Kroon", "onderneming staat er al; zet meer woorden tussen aanhalingstekens."),
        ("Kroon onderneming:De", "onderneming:De", "onderneming staat er al"),
        ("-bakker bedrag>5 jan", "jan", 'Laat een naam als geheel weg, tussen aanhalingstekens: -"bakker jan".'),
        ("bakker -jan", "-jan", 'Laat een naam als geheel weg, tussen aanhalingstekens: -"bakker jan".'),
        ('status:lopend onderneming:"De bakker', '"De bakker', "Dit aanhalingsteken wordt niet gesloten"),
        ('De "Kroon" "', '"', "Dit aanhalingsteken wordt niet gesloten"),
        ('"""', '"""', "Dit aanhalingsteken wordt niet gesloten"),
        ("a" * (LONGEST_TEXT + 1), "a" * (LONGEST_TEXT + 1), "langer dan 300 tekens"),
        ("nr:" + "a" * 301, "a" * 301, "langer dan 300 tekens"),
        ("kleur:rood status:rood", "kleur:", "'kleur' is geen filter"),
        ("status:rood kleur:rood", "rood", "status:rood"),
    ],
)
def test_the_first_term_that_cannot_be_read_is_pointed_at(line: str, wrong: str, why: str) -> None:
    with pytest.raises(TermsUnreadable) as raised:
        read_terms(line, BLANK)
    assert why in str(raised.value)
    assert line[raised.value.start : raised.value.end] == wrong
    assert isinstance(raised.value, Invalid)


@given(st.text(alphabet='ab1-":<>=. \té', max_size=40))
def test_whatever_is_typed_is_read_or_pointed_at(line: str) -> None:
    wrong = None
    try:
        query = read_terms(line, BLANK)
    except TermsUnreadable as error:
        wrong = error
    if wrong is None:
        assert read_terms(show_terms(query), BLANK) == query
    else:
        assert 0 <= wrong.start < wrong.end <= len(line)
        assert str(wrong)


# -- showing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "dutch", "english"),
    [
        (BLANK, "", ""),
        (
            ProjectQuery(
                number="4485",
                enterprise="bakker",
                applied="2016-02..",
                amount=">1000",
                service=TRAINING,
                status=RUNNING,
                all_years=True,
            ),
            "status:lopend dienst:opleiding bedrag>1000 aanvraag:2016-02.. jaren:alle 4485 bakker",
            "status:running service:training amount>1000 applied:2016-02.. years:all 4485 bakker",
        ),
        (
            ProjectQuery(
                number="-x",
                enterprise="-de bakker",
                applied="-2016",
                amount="-..5",
                service=ADVICE,
                not_service=True,
                status=STOPPED,
                not_status=True,
            ),
            '-status:stopgezet -dienst:advies -bedrag:..5 -aanvraag:2016 -projectnr:x -"de bakker"',
            '-status:stopped -service:advice -amount:..5 -applied:2016 -number:x -"de bakker"',
        ),
        (ProjectQuery(enterprise="De Kroon nv"), "De Kroon nv", "De Kroon nv"),
        (ProjectQuery(enterprise="De Kroon: nv"), '"De Kroon: nv"', '"De Kroon: nv"'),
        (ProjectQuery(enterprise="Expo 2016"), '"Expo 2016"', '"Expo 2016"'),
        (ProjectQuery(enterprise='"x"'), '"""x"""', '"""x"""'),
        (ProjectQuery(enterprise="a -b"), '"a -b"', '"a -b"'),
        (ProjectQuery(enterprise="a - b"), "a - b", "a - b"),
        (ProjectQuery(enterprise="--x"), '-"-x"', '-"-x"'),
        (ProjectQuery(amount="> 5"), 'bedrag:"> 5"', 'amount:"> 5"'),
        # what lets everything through is not shown, a filter that cannot be read is
        (ProjectQuery(number="-", enterprise=" "), "", ""),
        (ProjectQuery(amount="veel"), "bedrag:veel", "amount:veel"),
    ],
)
def test_a_list_as_a_line(query: ProjectQuery, dutch: str, english: str) -> None:
    assert show_terms(query) == dutch
    use_language("en")
    assert show_terms(query) == english


PARTS = ["-", "--", '"', '""', ":", ">", "<=", "bakker", "De", "é", "2016", "2016KMO", "-x", "status:l"]
TEXTS = st.one_of(
    st.text(max_size=20),
    st.builds(str.join, st.sampled_from(["", " "]), st.lists(st.sampled_from(PARTS), max_size=5)),
)
AMOUNTS = st.sampled_from(["", "..", "1", ">1000", "<=500", "100..500", "€ 1.000", "> 5", ">=1,5", "->5", "-..5"])
DAYS = st.sampled_from(["", "2016", "03/2016", "2016-02..", ">=01/03/2016", "01/03/2016 .. 10/03/2016", "-2016"])


@st.composite
def queries(draw: st.DrawFn) -> ProjectQuery:
    """Lists that can be read, as they are typed."""
    service, status = (draw(st.none() | st.sampled_from(list(codes))) for codes in (ServiceType, ProjectStatus))
    return ProjectQuery(
        number=draw(TEXTS),
        enterprise=draw(TEXTS),
        applied=draw(DAYS),
        amount=draw(AMOUNTS),
        service=service,
        not_service=service is not None and draw(st.booleans()),
        status=status,
        not_status=status is not None and draw(st.booleans()),
        all_years=draw(st.booleans()),
        sort=draw(st.sampled_from(SortColumn)),
        descending=draw(st.booleans()),
    )


def as_filtered(text: str) -> str:
    """The text of a filter without what the list makes nothing of: outer and doubled spaces, a `-` alone."""
    text = clean_line(text)
    return "-" + text[1:].strip() if text[:1] == "-" and text[1:].strip() else text.removeprefix("-")


@given(queries(), st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_what_is_shown_asks_for_the_same_list(query: ProjectQuery, shown_in: str, read_in: str) -> None:
    texts = {name: as_filtered(getattr(query, name)) for name in ("number", "enterprise", "applied", "amount")}
    with written_in(shown_in):
        line = show_terms(query)
    with written_in(read_in):
        read = read_terms(line, query)
    assert read == query.model_copy(update=texts)
    with written_in(shown_in):
        assert show_terms(read) == line


# -- completion --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("", ["aanvraag:", "bedrag:", "dienst:", "jaren:", "onderneming:", "projectnr:", "status:"]),
        ("b", ["bedrag:"]),
        ("bakker B", ["bedrag:"]),
        ("-s", ["status:"]),
        ("x", []),
        ('"b', []),
        ("44", []),
        ("status:", ["afgewerkt", "bevestigd", "lopend", "projectgeannuleerd", "stopgezet", "stopzettingaangevraagd"]),
        ("-status:STO", ["stopgezet", "stopzettingaangevraagd"]),
        ("status:lopend", []),
        ("status:LOPEND", []),
        ("service:", ["advies", "opleiding"]),
        ("dienst:x", []),
        ("jaren:", ["alle"]),
        ("bedrag:", []),
        ("bedrag>", []),
        ("status>", []),
        ("kleur:", []),
        # each field once
        ("status:lopend s", []),
        ("service:advies bedrag>5 ", ["aanvraag:", "jaren:", "onderneming:", "projectnr:", "status:"]),
    ],
)
def test_what_a_word_can_become(line: str, texts: list[str]) -> None:
    assert [found.text for found in complete_terms(line, len(line))] == texts


def test_a_completion_says_what_it_stands_in_place_of() -> None:
    assert complete_terms("x -status:lo bedrag>5", 12) == (Completion("lopend", 10, 12),)
    assert complete_terms("x -st bedrag>5", 5) == (Completion("status:", 3, 5),)
    assert complete_terms("status:lo", 8) == (), "the cursor is not behind the word"


def test_completion_is_in_the_language_of_the_screen() -> None:
    use_language("en")
    assert [found.text for found in complete_terms("a", 1)] == ["amount:", "applied:"]
    assert [found.text for found in complete_terms("dienst:", 7)] == ["advice", "training"]


@given(st.sampled_from(LANGUAGES), st.sampled_from(FIELDS))
def test_whatever_is_offered_can_be_read(screen: str, field: Any) -> None:
    with written_in(screen):
        begin = f"{field.name()}:"
        for offered in complete_terms(begin, len(begin)):
            read_terms(begin + offered.text, BLANK)
        assert all(not found.text.startswith(begin) for found in complete_terms(f"{begin}x ", len(begin) + 2))


def test_the_word_at_the_cursor() -> None:
    line = 'a "b c" d'
    assert [word_at(line, cursor) for cursor in (0, 1, 2, 5, 7, 9)] == [(0, 1), (0, 1), (2, 7), (2, 7), (2, 7), (8, 9)]
    assert word_at("a  b", 2) == (2, 2)
