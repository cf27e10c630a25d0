"""What may be wrong with a judgement; each says what happened and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DuplicateError(Exception):
    """Base: the message is shown to the officer."""


class Settled(DuplicateError):
    """Somebody, or a new record, has settled the pair meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Cặp này đã được giải quyết; hãy xem cặp tiếp theo."))


class Later(DuplicateError):
    """The conclusion to be taken back is no longer the last one about its pairs."""

    def __init__(self) -> None:
        super().__init__(_("Sau đó đã có kết luận khác về các bản ghi này; hãy xem kết luận mới nhất."))  # fmt: skip


class OnePerson(DuplicateError):
    """The second officer is the first."""

    def __init__(self) -> None:
        super().__init__(_("Người đề nghị không được tự duyệt; hãy chờ cán bộ khác."))


class Expired(DuplicateError):
    """Nobody confirmed in time."""

    def __init__(self) -> None:
        super().__init__(_("Đề nghị đã hết hạn hoặc đã được quyết định; hãy kết luận lại nếu cần."))  # fmt: skip


class NothingChosen(DuplicateError):
    """A split of nothing, or of everything."""

    def __init__(self) -> None:
        super().__init__(_("Hãy chọn ít nhất một bản ghi để tách, và để lại ít nhất một bản ghi."))
