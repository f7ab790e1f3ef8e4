"""Reactions: what a provider does about a project, with the letter that goes with it."""

from hashlib import sha256

from db import projects
from db.accounts import Account
from db.codes import ProjectStatus as ProjectStatus
from db.codes import ReactionKind as ReactionKind
from db.codes import Reason as Reason
from db.projects import Project
from db.reactions import Proof, Reaction
from services import mail
from services.checks import clean_text, show_enterprise_number, show_provider_number
from services.contact import SERVICE_ADDRESS
from services.errors import Conflict, Invalid, NotAllowed
from services.language import _, show_amount, show_date, written_in
from services.projects import ProjectRecord, project_record, visible_project
from services.proofs import ProofFile, check_proof
from services.rules import REACTIONS, Permission
from services.words import word
from services.work import Actor, Record, Work, require, writing

LONGEST_REASON = 2000
LETTERS_IN = "nl"


class WrittenReaction(Record):
    """What somebody has to say, to whichever projects; a stop needs a proof."""

    kind: ReactionKind
    reason: Reason | None
    reason_text: str = ""
    proof: ProofFile | None = None


class ReactToProject(WrittenReaction):
    """A reaction to one project: `version` is that of the record the user saw."""

    number: str
    version: int


def check_reaction(command: WrittenReaction) -> tuple[Reason, str]:
    """The reason as it is kept; Invalid names what is missing or too long."""
    wrong: dict[str, str] = {}
    text = clean_text(command.reason_text)
    if command.reason is None:
        wrong["reason"] = _("Choose a reason from the list.")
    if command.reason is Reason.OTHER and not text:
        wrong["reason_text"] = _("Describe the reason: 'other' needs a text.")
    if len(text) > LONGEST_REASON:
        wrong["reason_text"] = _(
            "The reason has %(length)s characters; at most %(most)s fit. Shorten it, or put the rest in the proof."
        ) % {"length": len(text), "most": LONGEST_REASON}
    if command.kind is ReactionKind.STOP or command.proof is not None:
        try:
            check_proof(command.proof)
        except ValueError as error:
            wrong["proof"] = str(error)
    if wrong or command.reason is None:
        raise Invalid(wrong)
    return command.reason, text


def react_to_project(command: ReactToProject, *, actor: Actor) -> ProjectRecord:
    """Annuleren, stopzetten or melden, with its letter in the outbox; the project as it is afterwards.

    Invalid for the reason or the proof, NotAllowed when the rules forbid it, Conflict when the project was changed
    since `version` was read.
    """
    reason, text = check_reaction(command)
    with writing(actor) as work:
        require(actor, Permission.REACT_TO_PROJECT)
        project = visible_project(command.number, actor)
        if project.version != command.version:
            raise Conflict(
                _("Project %(number)s was changed meanwhile; it is now %(status)s. Look at it before you react.")
                % {"number": project.number, "status": word(ProjectStatus(project.status))}
            )
        if forbidden := project_record(project, actor).why_not.get(command.kind):
            raise NotAllowed(forbidden)
        before = ProjectStatus(project.status)
        after = REACTIONS[command.kind][before]
        reaction = Reaction.create(
            project=project,
            kind=command.kind,
            reason=reason,
            reason_text=text,
            account=Account.get_by_id(actor.account_id),
            reacted_at=work.moment,
            status_before=before,
            status_after=after,
        )
        proof = None if command.proof is None else _keep_proof(reaction, command.proof)
        # a report too makes a new version, or two sent at once would both go out
        since = project.status_since if after is before else work.moment
        if not projects.move_project(project, after, since):
            raise Conflict(_("Project %(number)s was changed meanwhile.") % {"number": project.number})
        _post_letter(work, project, command.kind, reason, text, proof)
        work.audit(
            f"project.{command.kind}",
            f"project:{project.number}",
            reaction=reaction.id,
            reason=reason,
            status_before=before,
            status_after=after,
        )
        return project_record(visible_project(project.number, actor), actor)


def _keep_proof(reaction: Reaction, proof: ProofFile) -> Proof:
    return Proof.create(
        reaction=reaction,
        file_name=proof.name,
        media_type=check_proof(proof),
        content=proof.content,
        sha256=sha256(proof.content).hexdigest(),
    )


def _post_letter(
    work: Work, project: Project, kind: ReactionKind, reason: Reason, text: str, proof: Proof | None
) -> None:
    """The letter of a reaction: an annulation goes to the client, a stop and a report to the service (manual)."""
    with written_in(LETTERS_IN):
        facts = {
            "number": project.number,
            "provider": project.provider.name,
            "provider_number": show_provider_number(
                project.provider.enterprise_number, project.provider.department_number
            ),
            "enterprise": project.enterprise.name,
            "enterprise_number": show_enterprise_number(project.enterprise.enterprise_number),
            "title": project.title,
            "applied_on": show_date(project.applied_on),
            "amount": show_amount(project.amount_cents),
            "reason": word(reason) if reason is not Reason.OTHER else text,
            "text": text if reason is not Reason.OTHER and text else "",
        }
        match kind:
            case ReactionKind.CANCEL:
                recipient = project.enterprise.email
                subject = _("Your project %(number)s was cancelled by the provider")
                opening = _(
                    "Dear customer,\n\nthe provider %(provider)s has cancelled your application for aid. "
                    "It now has the status ProjectGeannuleerd."
                )
            case ReactionKind.STOP:
                recipient = SERVICE_ADDRESS
                subject = _("Request to stop project %(number)s")
                opening = _(
                    "The provider %(provider)s (%(provider_number)s) asks to stop this project. The proof is enclosed."
                )
            case ReactionKind.REPORT:
                recipient = SERVICE_ADDRESS
                subject = _("Report on project %(number)s")
                opening = _(
                    "The provider %(provider)s (%(provider_number)s) reports that this project cannot be aided."
                )
        details = _(
            "Project: %(number)s, %(title)s\nEnterprise: %(enterprise)s (%(enterprise_number)s)\n"
            "Application: %(applied_on)s, %(amount)s\nReason: %(reason)s"
        )
        body = "\n\n".join(part % facts for part in (opening, details, "%(text)s") if part % facts)
        mail.post(
            work,
            recipient=recipient,
            subject=subject % facts,
            body=body,
            about=f"project:{project.number}",
            proof=proof,
        )
