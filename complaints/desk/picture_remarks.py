"""What is noticed about the pictures of an answer, for whoever reads the case: remarks, never a verdict, and nobody is
kept from answering by them (docs/decisions/0094)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.alike import metres_between
from complaints.clock.words import moment
from complaints.files.likeness import NEAR, bands, bits_between, near
from complaints.files.sides import taken_on_the_spot
from complaints.history.timeline import CITIZENS_ROLES, TimelineFile, file_line
from complaints.models import Attachment, Complaint, ReportedParty
from complaints.models.attachment import Shows
from complaints.permissions import Act, may
from complaints.states import OVERSIGHT

FAR, FAR_FROM_WARD = 500, 5_000  # metres from the place of the report, or from the middle of its ward
APART = 200  # between the two pictures; telephones are wrong by some tens
WRONG_CLOCK = timedelta(hours=1)
MOST = 5  # pictures that are named as like one


@dataclass(frozen=True)
class Remark:
    words: str
    url: str = ""  # of the other report


@dataclass(frozen=True)
class Remarks:
    """On one picture. `taken`: what its camera says, in words."""

    file: TimelineFile
    side: str
    taken: str
    lines: list[Remark]


def remarks_on(case: Complaint, actor: User) -> list[Remarks]:
    """On the pictures of before and after, in the order in which they came; three queries where there are any."""
    if not may(actor, Act.READ_STAFF, case):
        return []
    pictures = [row for row in case.attachments.all() if row.shows and not row.is_waiting]
    if not pictures:
        return []
    others = _LikePictures.of(pictures, case, actor)
    on_the_spot = taken_on_the_spot(pictures)
    return [
        Remarks(
            file_line(picture),
            str(picture.get_shows_display()),
            _taken(picture, case),
            [
                *others.remarks(picture),
                *(Remark(words) for words in (*_of_time(picture, case), *_of_place(picture, case, before))),
            ],
        )
        for picture in pictures
        for before in [[*on_the_spot.get(picture.event_id or 0, []), *_before(picture, pictures)]]
    ]


def _before(picture: Attachment, pictures: list[Attachment]) -> list[Attachment]:
    """Those of before that came with the same answer."""
    return [each for each in pictures if each.event_id == picture.event_id and each.shows == Shows.BEFORE]


@dataclass(frozen=True)
class _LikePictures:
    """Pictures that may be near those of a case, and which of their cases the reader may see."""

    case: Complaint
    found: list[Attachment]
    visible: set[int]
    unseen: set[int]  # in other hands: told of, not named

    @classmethod
    def of(cls, pictures: Iterable[Attachment], case: Complaint, actor: User) -> "_LikePictures":
        hashes = [known for picture in pictures if (known := bands(picture)) is not None]
        rows = near(hashes).select_related("complaint", "event").order_by("pk") if hashes else ()
        found = [row for row in rows if any(bits_between(known, bands(row)) <= NEAR for known in hashes)]
        keys = {row.complaint_id for row in found if row.complaint_id} - {case.pk}
        if not keys:
            return cls(case, found, set(), set())
        seen = set(Complaint.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
        # Of what does not exist for this reader not even that it exists is told.
        never = set(
            ReportedParty.objects.against(actor)
            .filter(complaint__in=keys)
            .values_list("complaint", flat=True)
        )
        rest = {row.complaint_id for row in found if row.complaint and row.complaint.kind != OVERSIGHT}
        return cls(case, found, seen, {key for key in rest - seen - never if key})

    def remarks(self, picture: Attachment) -> list[Remark]:
        own = bands(picture)
        if own is None:
            words = (
                _(
                    "It could not be compared with other pictures: it shows next to nothing, or cannot be read."
                )
                if picture.is_hashed
                else _("It has not been compared with other pictures yet; that takes a minute.")
            )
            return [Remark(words)]
        earlier = [row for row in self.found if row.pk < picture.pk]
        like = [row for row in earlier if bits_between(own, bands(row)) <= NEAR]
        like.sort(key=lambda row: row.complaint is None or _matter(row.complaint) != _matter(self.case))
        told = [remark for row in like if (remark := self._remark(picture, row)) is not None]
        return list(dict.fromkeys(told))[:MOST]

    def _remark(self, picture: Attachment, other: Attachment) -> Remark | None:
        case = other.complaint
        if case is None:
            return None
        if _matter(case) == _matter(self.case):
            return Remark(_within(picture, other))
        if case.pk in self.visible:
            url = reverse("complaints:case-detail", args=[case.number])
            return Remark(
                _("It is nearly the same as a picture of report %(number)s.") % {"number": case.number}, url
            )
        if case.pk in self.unseen:
            return Remark(_("It is nearly the same as a picture of another report, which you do not see."))
        return None


def _matter(case: Complaint) -> int:
    """Parts belong to their whole, merged cases to the one that they follow."""
    return case.merged_into_id or case.parent_id or case.pk


def _within(picture: Attachment, other: Attachment) -> str:
    if other.event_id == picture.event_id:
        return _("It is nearly the same as the other picture of this answer.")
    if other.event is not None and other.event.role in CITIZENS_ROLES:
        return _("It is nearly the same as a picture that the citizen sent.")
    return _("It is nearly the same as an earlier picture of the city on this report.")


def _of_time(picture: Attachment, case: Complaint) -> list[str]:
    at, event = picture.taken_at, picture.event
    if at is None:
        return []
    found = []
    if at > picture.added_at + WRONG_CLOCK:
        found.append(_("By its camera it was taken after it was sent: that clock is wrong."))
    if at < case.received_at:
        found.append(_("It was taken before the report was filed."))
    elif _is_of_earlier_round(picture.shows, at, event.at if event else None, case.disputed_at):
        found.append(_("It was taken before the citizen objected to the answer before this one."))
    return found


def _is_of_earlier_round(
    shows: str, taken: datetime, answered: datetime | None, disputed: datetime | None
) -> bool:
    return shows == Shows.AFTER and bool(disputed and answered and taken < disputed < answered)


def _of_place(picture: Attachment, case: Complaint, before: list[Attachment]) -> list[str]:
    found = []
    place, far, name = _place_of(case)
    here = _position(picture)
    if here and place and metres_between(here, place) > far:
        found.append(
            _("It was taken %(distance)s from %(place)s.")
            % {"distance": _distance(metres_between(here, place)), "place": name}
        )
    if picture.shows == Shows.AFTER:
        apart = [metres_between(here, there) for each in before if here and (there := _position(each))]
        if apart and min(apart) > APART:
            found.append(
                _("The two pictures were taken %(distance)s from each other.")
                % {"distance": _distance(min(apart))}
            )
        if not before:
            found.append(_("There is no picture of how it was before the work."))
        taken = [each.taken_at for each in before if each.taken_at]
        if picture.taken_at and taken and picture.taken_at < min(taken):
            found.append(_("It was taken before the picture that is to show how it was."))
    return found


def _place_of(case: Complaint) -> tuple[tuple[float, float] | None, int, str]:
    """Where the case is, how far away is far, and what that place is called."""
    if case.latitude is not None and case.longitude is not None:
        return (case.latitude, case.longitude), FAR, _("the place of the report")
    area = case.area
    if area is not None and area.latitude is not None and area.longitude is not None:
        name = _("the middle of %(ward)s") % {"ward": area.name}
        return (area.latitude, area.longitude), FAR_FROM_WARD, name
    return None, FAR, ""


def _position(picture: Attachment) -> tuple[float, float] | None:
    latitude, longitude = picture.taken_latitude, picture.taken_longitude
    return None if latitude is None or longitude is None else (latitude, longitude)


def _taken(picture: Attachment, case: Complaint) -> str:
    here, (place, _far, name) = _position(picture), _place_of(case)
    when = moment(picture.taken_at) if picture.taken_at else ""
    where = ""
    if here and place:
        where = _("%(distance)s from %(place)s") % {
            "distance": _distance(metres_between(here, place)),
            "place": name,
        }
    elif here:
        where = _("at %(latitude).4f, %(longitude).4f") % {"latitude": here[0], "longitude": here[1]}
    told = ", ".join(part for part in (when, where) if part)
    return told or _("The file says neither when nor where.")


def _distance(metres: float) -> str:
    if metres < 1000:
        return f"{round(metres, -1):.0f} m"
    return f"{number_format(metres / 1000, 1)} km"
