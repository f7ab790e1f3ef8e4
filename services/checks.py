"""What people type, checked and brought into one form; what does not do raises ValueError with a sentence."""

import re
import unicodedata
from datetime import date, datetime

from stdnum import iban
from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, ValidationError

from services.language import _, show_number

REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn")  # Unicode categories that no text of ours may hold
AMOUNT = re.compile("([0-9]{1,3}(?:[.][0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
MOST_CENTS = 10**13
PROJECT_NUMBER = re.compile("([0-9]{4})KMO([0-9]{6})")
POSTCODES = range(1000, 9993)
# European Payments Council, 'SEPA scheme countries'
SEPA = re.compile(
    "AD|AL|AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GI|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MC|MD|ME|MK|MT|NL|NO|PL|PT|RO|RS|"
    "SE|SI|SK|SM|VA"
)
# 1700 and the like; Belgian with its 0; any other country's with + or 00, at most 15 digits (ITU-T E.164)
PHONE_DIGITS = re.compile("1[0-9]{3}|0[1-9][0-9]{7,8}|(?:[+]|00)[1-9][0-9]{6,14}")


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


def require_line(text: str, name: str, most: int) -> str:
    """A line that must be filled in with at most `most` characters; `name` is how the screen calls the field."""
    line = clean_line(text)
    if not line:
        raise ValueError(_("%(field)s: fill this in.") % {"field": name})
    return limit_length(line, name, most)


def limit_length(text: str, name: str, most: int) -> str:
    """`text` itself, when it has at most `most` characters."""
    if len(text) > most:
        raise ValueError(
            _("%(field)s: this has %(length)s characters and at most %(most)s fit. Shorten it.")
            % {"field": name, "length": show_number(len(text)), "most": show_number(most)}
        )
    return text


def parse_postcode(text: str) -> str:
    """Four digits, 1000 to 9992."""
    postcode = text.strip()
    if not re.fullmatch("[0-9]{4}", postcode) or int(postcode) not in POSTCODES:
        raise ValueError(_("The postcode must have four digits, from 1000 to 9992."))
    return postcode


def parse_account_number(text: str) -> str:
    """A SEPA country's IBAN without spaces; a Belgian one's own check digits are looked at too (first ten mod 97)."""
    try:
        # the library's own check of Belgian numbers refuses valid ones
        compact: str = iban.validate(text, check_country=False)
    except ValidationError:
        compact = ""
    belgian = compact[4:] if compact.startswith("BE") else ""
    if not SEPA.match(compact) or (belgian and int(belgian[-2:]) != (int(belgian[:10]) % 97 or 97)):
        raise ValueError(_("The account number is no valid IBAN, such as BE68 5390 0754 7034."))
    return compact


def show_account_number(compact: str) -> str:
    """An IBAN in groups of four: `BE68 5390 0754 7034`."""
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def parse_phone(text: str) -> str:
    """A telephone number as it was typed: Belgian, international (+ or 00), or a short one such as 1700."""
    phone = clean_line(text)
    if not re.fullmatch(r"[+0-9 ./()\-]*", phone) or not PHONE_DIGITS.fullmatch(re.sub(r"\(0\)|[ ./()\-]", "", phone)):
        raise ValueError(_("The telephone number is not right: write it as 02 553 00 00, +31 20 123 45 67 or 1700."))
    return phone
