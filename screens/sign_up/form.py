"""Aanmelden: the manual's eight groups of data on six pages, an overview, and Bevestigen."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static, TextArea

from screens.answer import AnswerScreen
from screens.checked_form import CheckedForm
from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.widgets.facts import Facts
from screens.widgets.inputs import Labelled, TextField
from screens.widgets.search_choice import SearchChoice
from screens.widgets.steps import StepBar
from services.errors import Invalid, ServiceError
from services.language import _, show_number
from services.postcodes import municipality_of, pair_warning
from services.provider_fields import LONGEST_PRESENTATION
from services.reference_tables import fields_of_expertise, legal_forms
from services.sign_up import SignUp, field_name, parse_field, require_new, show_field, sign_up

FORM = "sign_up"
# The fields of each page, in the order of the form; the overview comes last and has none.
PAGES = (
    ("name", "enterprise_number", "legal_form"),
    ("street", "house_number", "box", "postcode", "municipality"),
    ("email", "phone"),
    ("account_number",),
    ("expertise",),
    ("presentation",),
    (),
)
ORGANISATION, ADDRESS, OVERVIEW = 0, 1, len(PAGES) - 1
LAST = [fields[-1] for fields in PAGES if fields]
LENGTHS = {"name": 200, "email": 254, "phone": 60, "account_number": 60, "enterprise_number": 40, "postcode": 10}
EXAMPLES = {
    "enterprise_number": "0403.019.261",
    "postcode": "1030",
    "phone": "02 553 00 00",
    "account_number": "BE68 5390 0754 7034",
}


def page_names() -> tuple[str, ...]:
    """The pages as the step bar calls them."""
    return (
        _("Organisation"),
        _("Address"),
        _("Contact"),
        _("Account"),
        _("Expertise"),
        _("Presentation"),
        _("Overview"),
    )


class SignUpScreen(CheckedForm):
    """One page at a time. What was typed is kept by the desk for as long as it runs, and offered again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+s", "overview", "Overview", "sign_up.overview", priority=True),
        bind("ctrl+s", "confirm", "Confirm", "sign_up.confirm", priority=True),
        bind("ctrl+n", "begin_anew", "Empty form", "sign_up.anew", priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._sending = False
        self._filled_in = ""  # the municipality that a postcode brought

    def heading(self) -> str:
        return _("Sign up as service provider")

    def explanation(self) -> str:
        return _(
            "Six pages and an overview. Enter goes to the next field and, in the last, to the next page; Tab reaches "
            "the buttons; Esc goes one page back. A legal form and fields of expertise are found by typing a few of "
            "their letters. Nothing is sent before you confirm in the overview (Ctrl+S goes there at once). You may "
            "leave and come back: what you typed is kept until you quit the program."
        )

    def body(self) -> ComposeResult:
        yield StepBar(page_names())
        with VerticalScroll(id="pages"):
            for number, fields in enumerate(PAGES[:OVERVIEW]):
                with Vertical(id=f"page-{number}", classes="page"):
                    yield from self._page_body(number, fields)
            with Vertical(id=f"page-{OVERVIEW}", classes="page"):
                yield Facts()
                yield Static(id="wrong", markup=False)
        with Horizontal(classes="buttons"):
            # the one that Tab comes to first
            yield Button(Content(_("Next")), id="next")
            yield Button(Content(_("Back")), id="back")

    def _page_body(self, number: int, fields: tuple[str, ...]) -> Iterator[Widget]:
        for field in fields:
            label = field_name(field) + ("" if field == "box" else "*")
            if field == "legal_form":
                yield Horizontal(Label(Content(label)), SearchChoice(id=field), classes="labelled -tall")
            elif field == "expertise":
                how = _("Which fields are you active in? Type a few letters, Enter adds a field or takes it away.")
                yield Static(Content(how))
                yield SearchChoice(id=field, several=True)
                yield Static(id="chosen", markup=False)
            elif field == "presentation":
                yield Static(Content(_("Present your organisation to the enterprises that look for a provider.*")))
                text = TextArea(id=field, compact=True, show_line_numbers=False, tab_behavior="focus")
                text.cursor_blink = False
                yield text
            else:
                options: dict[str, Any] = {"placeholder": EXAMPLES[field]} if field in EXAMPLES else {}
                yield Labelled(label, TextField(id=field, max_length=LENGTHS.get(field, 100), **options))
        notes = {
            ADDRESS: _("* required. A postcode that we know fills in the municipality."),
            2: _("* required. The mail with your login goes to this address."),
            3: _("* required. The account to which the kmo-portefeuille pays: an IBAN."),
            4: _("At least one field. With nothing typed, Enter goes on."),
            5: _("* required. At most %(most)s characters. Tab goes to the buttons.")
            % {"most": show_number(LONGEST_PRESENTATION)},
        }
        yield Static(Content(notes.get(number, _("* required."))), classes="note")

    def on_mount(self) -> None:
        super().on_mount()
        kept = self.app.kept.get(FORM)
        if kept is not None:
            self._fill(kept)
        self._show(0 if kept is None else kept["page"])
        if kept is not None:
            again = _("What you typed before is here again. %(key)s gives you an empty form.")
            self.say(again % {"key": self.key_in_words("sign_up.anew")})
        self.run_worker(self._load(), description="read legal forms and fields of expertise")

    async def _load(self) -> None:
        await self.app.ready.wait()
        names = await self.ask(lambda: (legal_forms(), fields_of_expertise()))
        if names is not None:
            form, expertise = self.query_one("#legal_form", SearchChoice), self.query_one("#expertise", SearchChoice)
            form.offer(names[0], [form.typed], form.typed)
            expertise.offer(names[1], expertise.chosen)
            self._show_chosen()

    # What was typed

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {field.id: field.value for field in self.query(TextField) if field.id in LENGTHS}
        values |= {field: self.query_one(f"#{field}", Input).value for field in PAGES[ADDRESS]}
        return values | {
            "legal_form": self.query_one("#legal_form", SearchChoice).typed,
            "expertise": self.query_one("#expertise", SearchChoice).chosen,
            "presentation": self.query_one("#presentation", TextArea).text,
        }

    def _fill(self, kept: dict[str, Any]) -> None:
        for field in self.query(TextField):
            if field.id in kept:
                field.value = kept[field.id]
        # until the tables are read, what was chosen is all there is to choose from
        form = kept["legal_form"]
        self.query_one("#legal_form", SearchChoice).offer([form], [form], form)
        self.query_one("#expertise", SearchChoice).offer(kept["expertise"], kept["expertise"])
        self.query_one("#presentation", TextArea).text = kept["presentation"]

    def _keep(self) -> None:
        """Let the desk keep what was typed; an empty form is none."""
        values = self._values()
        if any(values.values()):
            self.app.kept[FORM] = values | {"page": self._page}
        else:
            self.app.kept.pop(FORM, None)

    def on_input_changed(self) -> None:
        """Keep it."""
        self._keep()

    def on_text_area_changed(self) -> None:
        """Keep it."""
        self._keep()

    def on_search_choice_changed(self, event: SearchChoice.Changed) -> None:
        """Keep it, and show all that was chosen."""
        self._keep()
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = "; ".join(self.query_one("#expertise", SearchChoice).chosen)
        self.query_one("#chosen", Static).update(
            Content(_("Chosen: %(fields)s") % {"fields": chosen or _("nothing yet")})
        )

    # From page to page

    def _show(self, page: int, field: str = "") -> None:
        """Show a page, with the cursor in `field`, or where one goes on."""
        self._page = page
        self.query_one(StepBar).go_to(page + 1)
        for number in range(len(PAGES)):
            self.query_one(f"#page-{number}").display = number == page
        self.query_one("#next", Button).label = Content(_("Confirm") if page == OVERVIEW else _("Next"))
        self.query_one("#pages").can_focus = page == OVERVIEW
        if page == OVERVIEW:
            self._show_overview()
        if FORM in self.app.kept:
            self._keep()
        self.say("")
        self.go_to(field or next(iter(PAGES[page]), "next"))
        self.refresh_bindings()

    def go_to(self, field: str) -> None:
        """Put the cursor in the field, on its page."""
        page = next((page for page, fields in enumerate(PAGES) if field in fields), self._page)
        if page == self._page:
            super().go_to(field)
        else:
            self._show(page, field)

    def _show_overview(self) -> None:
        wrong = self._problems(range(OVERVIEW))
        values = self._values()
        values["street"] = " ".join(values[part].strip() for part in ("street", "house_number", "box"))
        values["municipality"] = f"{values['postcode']} {values['municipality']}"
        values["expertise"] = "; ".join(values["expertise"])
        shown = [field for field in self.fields() if field not in ("house_number", "box", "postcode")]
        self.query_one(Facts).show([(field_name(field), values[field].strip()) for field in shown])
        self.query_one("#wrong", Static).update(Content("\n".join(f"! {sentence}" for sentence in wrong.values())))

    def fields(self) -> Sequence[str]:
        """Those of all pages."""
        return [field for fields in PAGES for field in fields]

    def problem(self, field: str) -> str:
        if field == "expertise":
            chosen = self.query_one("#expertise", SearchChoice).chosen
            return "" if chosen else _("Choose one or more fields of expertise.")
        value = self._values()[field]
        try:
            kept = parse_field(field, value)
        except Invalid as error:
            return error.fields[field]
        place = self.query_one(f"#{field}")
        if isinstance(place, Input) and place.value != (shown := show_field(field, kept)):
            place.value = shown
        if field == "legal_form" and not self.query_one("#legal_form", SearchChoice).chosen:
            return _("Choose a legal form from the list: type a few of its letters.")
        if field == "postcode":
            self._fill_in_municipality()
        return ""

    def _problems(self, pages: Iterable[int]) -> dict[str, str]:
        fields = (field for page in pages for field in PAGES[page])
        return {field: problem for field in fields if (problem := self.check(field))}

    def remark(self, field: str) -> str:
        """A postcode and a municipality that do not go together, as far as we know."""
        return self._warning() if field in ("postcode", "municipality") else ""

    def _fill_in_municipality(self) -> None:
        place = self.query_one("#municipality", Input)
        known = municipality_of(self.query_one("#postcode", Input).value)
        if known and place.value in ("", self._filled_in):
            place.value = self._filled_in = known

    def _warning(self) -> str:
        values = self._values()
        postcode, municipality = values["postcode"], values["municipality"]
        return pair_warning(postcode, municipality) if postcode and municipality else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and from the last one to the next page."""
        event.stop()
        if event.input.id in LAST:
            self._go_on()
        else:
            self.focus_next()

    def on_search_choice_finished(self) -> None:
        """Enter goes on."""
        self._go_on()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Back, on, or send."""
        if event.button.id == "back":
            self.action_back()
        elif self._page == OVERVIEW:
            self.action_confirm()
        else:
            self._go_on()

    def action_back(self) -> None:
        """A page back; from the first one out of the form, which keeps what was typed."""
        if self._page:
            self._show(self._page - 1)
            return
        self.app.pop_screen()
        if FORM in self.app.kept and isinstance(self.app.screen, DeskScreen):
            self.app.screen.say(_("What you typed is kept until you quit: choose sign up again to go on."))

    def _go_on(self) -> None:
        self.run_worker(self._next(), group="next", exclusive=True, description="next page")

    async def _next(self) -> None:
        """The next page, once this one is right; an enterprise that is known is told so at once."""
        page = self._page
        if wrong := self._problems([page]):
            self.point_at(wrong)
            return
        if page == ORGANISATION:
            number = parse_field("enterprise_number", self.query_one("#enterprise_number", Input).value)
            await self.app.ready.wait()
            if await self.ask(lambda: require_new(number)) is None:
                return
        if self.is_current and self._page == page:
            self._show(page + 1)
            if page == ADDRESS:
                self.say(self._warning())

    def refused(self, error: ServiceError) -> None:
        """Show what is wrong, on its page and with the cursor in its field."""
        super().refused(error)
        if isinstance(error, Invalid):
            self.point_at(error.fields)

    # Sending

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One key leads to the overview and, there, confirms it."""
        return action not in ("overview", "confirm") or (action == "confirm") == (self._page == OVERVIEW)

    def action_overview(self) -> None:
        """Show the overview, or the first page that is not right yet; one that nobody has filled in is no mistake."""
        if not (wrong := self._problems(range(OVERVIEW))):
            self._show(OVERVIEW)
            return
        page = next(fields for fields in PAGES if any(field in wrong for field in fields))
        values = self._values()
        if any(values[field] for field in page):
            self.point_at(wrong)
            return
        missing = [field for field in page if field in wrong]
        self.mark_none()
        self.go_to(missing[0])
        self.say(_("Still to be filled in: %(fields)s.") % {"fields": ", ".join(map(field_name, missing))})

    def action_confirm(self) -> None:
        """Send the form, once."""
        if not self._sending:
            self._sending = True
            self.say(_("One moment …"))
            self.run_worker(self._send(), description="sign up")

    async def _send(self) -> None:
        try:
            command = SignUp(**self._values())
            await self.app.ready.wait()
            email = await self.ask(lambda: sign_up(command))
        finally:
            self._sending = False
        if email is not None:
            self.app.kept.pop(FORM, None)
            if self.is_current:
                answer = _(
                    "You have signed up. A mail with your login and a temporary password is on its way to %(email)s. "
                    "The password is good for 24 hours; you choose your own at the first login."
                )
                self.app.switch_screen(AnswerScreen(self.heading(), answer % {"email": email}))

    def action_begin_anew(self) -> None:
        """An empty form, after asking."""

        def answered(drop: bool | None) -> None:
            if drop:
                self.app.kept.pop(FORM, None)
                self.app.switch_screen(SignUpScreen())

        question = _("What you typed here has not been sent. Drop it?")
        if FORM in self.app.kept:
            self.app.push_screen(ConfirmScreen(question, yes=_("Drop it"), no=_("Go on typing")), answered)
