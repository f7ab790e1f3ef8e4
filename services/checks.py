"""What people type, checked and brought into one form; what does not do raises ValueError with a sentence."""

import re
import unicodedata
from datetime import date, datetime

from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, ValidationError

from services.language import _

REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn")  # Unicode categories that no text of ours may hold
AMOUNT = re.compile("([0-9]{1,3}(?:[.][0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
MOST_CENTS = 10**13
PROJECT_NUMBER = re.compile("([0-9]{4})KMO([0-9]{6})")


def clean_line(text: str) -> str:
    """One line of text as it is kept: NFC, no control or format characters, outer and doubled spaces gone."""
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in REFUSED)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def clean_text(text: str) -> str:
    """Several lines of text as they are kept: each as `clean_line` but for inner spaces, line ends as `\\n`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in REFUSED)
    return unicodedata.normalize("NFC", "".join(kept).strip())


def parse_enterprise_number(text: str) -> str:
    """`BE 0403.019.261`, `403019261` and the like as ten digits; the last two are checked (97 - first eight mod 97)."""
    try:
        digits: str = vat.validate(text)
    except InvalidChecksum:
        raise ValueError(
            _("The enterprise number is not right: its last two digits do not match the others.")
        ) from None
    except ValidationError:
        digits = ""
    if not re.fullmatch("[01][0-9]{9}", digits) or digits == "0" * 10:
        raise ValueError(_("The enterprise number must have 10 digits and begin with 0 or 1, as in 0403.019.261."))
    return digits


def show_enterprise_number(digits: str) -> str:
    """Ten digits as `0403.019.261`."""
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def parse_provider_number(text: str) -> tuple[str, int]:
    """`0862.010.195` (headquarters, department 0) or `0862.010.195/2`: the enterprise number and the department."""
    number, slash, department = text.strip().partition("/")
    if slash and not re.fullmatch(r"[1-9][0-9]{0,3}", department.strip()):
        raise ValueError(_("The department must be a number after the slash, as in 0862.010.195/2."))
    return parse_enterprise_number(number), int(department or 0)


def show_provider_number(enterprise_number: str, department_number: int) -> str:
    """`0862.010.195`, with `/2` behind it for a department."""
    shown = show_enterprise_number(enterprise_number)
    return f"{shown}/{department_number}" if department_number else shown


def parse_project_number(text: str) -> str:
    """A project number, however it is cased or spaced, as `2016KMO044855`."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    if not PROJECT_NUMBER.fullmatch(number):
        raise ValueError(_("The project number must be a year, KMO and six digits, as in 2016KMO044855."))
    return number


def parse_amount(text: str) -> int:
    """Euro in Belgian notation (`1.198,35`, `1198,35`, `€ 1.000`) as whole cents: `1.000` is a thousand."""
    bare = re.sub(r"[\s€]", "", text)
    found = AMOUNT.fullmatch(bare)
    if not found:
        raise ValueError(_("'%(text)s' is no amount; write 1198,35 or 1.198,35.") % {"text": text.strip()})
    euro, cents = found.groups()
    # cut after more digits than any amount of ours has: int() refuses thousands of them in words of its own
    digits = euro.replace(".", "").lstrip("0")[:20]
    total = int(digits or "0") * 100 + int((cents or "0").ljust(2, "0"))
    if total > MOST_CENTS:
        raise ValueError(_("'%(text)s' is too large an amount.") % {"text": text.strip()})
    return total


def parse_date(text: str) -> date:
    """A day as `11/03/2016` or `2016-03-11`."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise ValueError(_("'%(text)s' is no date; write it as 11/03/2016.") % {"text": text.strip()})


def parse_email(text: str) -> str:
    """A mail address by its syntax alone."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(
            _("'%(text)s' is no mail address; write it as name@example.com.") % {"text": text.strip()}
        ) from None
