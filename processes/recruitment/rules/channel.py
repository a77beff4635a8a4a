"""The five channels, five acts of different law; one word for each everywhere. Pure."""

from enum import StrEnum

from processes.registers.staffing.facts import PersonKind


class Channel(StrEnum):
    """How somebody becomes a researcher; the value is the variable `channel` of a case."""

    SELECTION = "selection"
    """A 集中遴选: a teacher of the city's public institutions is transferred."""
    OPEN = "open"
    """B 公开招聘: the rule for who is new to public institutions."""
    TALENT = "talent"
    """C 人才引进: open recruitment in its simplified form."""
    REHIRE = "rehire"
    """D 返聘银龄: an agreement with a retired teacher; no seat."""
    PART_TIME = "part_time"
    """E 兼职: an appointment on top of the home post; no seat."""

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]

    @property
    def letter(self) -> str:
        """A to E, as the rules call it."""
        return "ABCDE"[tuple(Channel).index(self)]

    @property
    def fills_seat(self) -> bool:
        """Whether it takes a seat of the staffing matrix (R-CH-1)."""
        return self in {Channel.SELECTION, Channel.OPEN, Channel.TALENT}

    @property
    def is_open_recruitment(self) -> bool:
        """Whether the law of open recruitment binds it, in full or simplified."""
        return self in {Channel.OPEN, Channel.TALENT}

    @property
    def kind(self) -> PersonKind:
        """As what the researchers' register enters who comes in by it."""
        if self is Channel.REHIRE:
            return PersonKind.RETIRED
        return PersonKind.PART_TIME if self is Channel.PART_TIME else PersonKind.FULL_TIME


_LABELS = {
    Channel.SELECTION: "集中遴选",
    Channel.OPEN: "公开招聘",
    Channel.TALENT: "人才引进",
    Channel.REHIRE: "返聘银龄",
    Channel.PART_TIME: "兼职",
}
