"""Which projects of the list are marked, for reacting to all of them at once."""

from services.bulk_reactions import ProjectSelection
from services.language import _, ngettext, show_number
from services.projects import ProjectLine, ProjectQuery


class Marks:
    """Some projects by their numbers, whatever list they stand in; or all of one list (`whole`)."""

    def __init__(self) -> None:
        self._numbers: dict[str, None] = {}  # in the order in which they were marked
        self.whole = False

    def __bool__(self) -> bool:
        return self.whole or bool(self._numbers)

    def has(self, line: ProjectLine) -> bool:
        """Whether that project is marked."""
        return self.whole or line.number in self._numbers

    def turn(self, line: ProjectLine) -> None:
        """Mark the project, or take its mark away."""
        if line.number in self._numbers:
            del self._numbers[line.number]
        else:
            self._numbers[line.number] = None

    def turn_all(self) -> None:
        """Mark the whole list, or take all marks away when it is."""
        self.whole = not self.whole
        self._numbers.clear()

    def clear(self) -> None:
        """No mark is left."""
        self.whole = False
        self._numbers.clear()

    def selection(self, query: ProjectQuery) -> ProjectSelection:
        """The marked projects; `query` is the list that is marked as a whole."""
        return ProjectSelection(query=query) if self.whole else ProjectSelection(numbers=tuple(self._numbers))

    def in_words(self) -> str:
        """How many, '' for none."""
        if self.whole:
            return _("all marked")
        count = len(self._numbers)
        marked = ngettext("%(count)s marked", "%(count)s marked", count) % {"count": show_number(count)}
        return marked if count else ""
