"""A form that checks each field when it is left; what is said is about the one with the cursor, if that is wrong."""

from collections.abc import Mapping, Sequence

from textual.events import DescendantBlur
from textual.widget import Widget

from screens.desk_screen import DeskScreen
from screens.widgets.inputs import PasswordField
from screens.widgets.search_choice import SearchChoice


class CheckedForm(DeskScreen):
    """Subclasses give the fields, each a widget with that id, and say what is wrong with one."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong: dict[str, str] = {}  # the fields that are marked, and what is wrong with them
        self._left_by_us: Widget | None = None

    # What subclasses give

    def fields(self) -> Sequence[str]:
        """The fields that are checked, in the order of the form."""
        raise NotImplementedError

    def problem(self, field: str) -> str:
        """What is wrong with what stands in the field, '' if nothing: it is then written the way it is kept."""
        raise NotImplementedError

    def remark(self, field: str) -> str:
        """What there is to say about a field that is right, '' for nothing."""
        return ""

    # Checking

    def check(self, field: str) -> str:
        """As `problem`; the only thing that was meant by what was typed is chosen first, as on leaving the field."""
        place = self.query_one(f"#{field}")
        if isinstance(place, SearchChoice):
            place.settle()
        return self.problem(field)

    def check_where_the_cursor_is(self) -> None:
        """What leaving the field does: a postcode fills in its municipality."""
        if field := self._field_of(self.focused):
            self.check(field)

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Check a field that the user leaves; not one on another page, nor what a small window hides."""
        left_by_us, self._left_by_us = self._left_by_us, None
        field = self._field_of(event.widget)
        shown = all(node.display for node in event.widget.ancestors_with_self if isinstance(node, Widget))
        if not field or not shown or event.widget is left_by_us or self.too_small or not self.is_current:
            return
        problem = self.check(field)
        self._mark(field, problem)
        here = self._wrong.get(self._field_of(self.focused), "")
        if here or problem:
            self.say(here or problem, wrong=True)
        elif not self._wrong:
            self.say(self.remark(field))

    def point_at(self, wrong: Mapping[str, str]) -> None:
        """Mark these fields and no others, go to the first and say what is wrong with it."""
        self.mark_none()
        for field, sentence in wrong.items():
            self._mark(field, sentence)
            place = self.query_one(f"#{field}")
            if isinstance(place, PasswordField):
                place.take()
        # from top to bottom; what is asked besides the fields comes last
        first = next(field for field in (*self.fields(), *wrong) if field in wrong)
        self.go_to(first)
        self.say(wrong[first], wrong=True)

    def mark_none(self) -> None:
        """No field is wrong any more."""
        for field in list(self._wrong):
            self._mark(field, "")

    def go_to(self, field: str) -> None:
        """Put the cursor in the field. The one that it was in was not left by the user, and so is not judged."""
        place = self.query_one(f"#{field}")
        target = place.field if isinstance(place, SearchChoice) else place
        if target is not self.focused:
            self._left_by_us = self.focused
        target.focus()

    def _mark(self, field: str, problem: str) -> None:
        self.query_one(f"#{field}").set_class(bool(problem), "-invalid")
        if problem:
            self._wrong[field] = problem
        else:
            self._wrong.pop(field, None)

    def _field_of(self, widget: Widget | None) -> str:
        """The field that a widget is, or is part of; '' for none."""
        known = {*self.fields(), *self._wrong}
        nodes = () if widget is None else widget.ancestors_with_self
        return next((node.id for node in nodes if node.id in known), "") or ""
