"""The counter at the edge and a citizen's pages: what they tell of oneself or a child has its line."""

from __future__ import annotations

import uuid
from typing import Any

from tests.web import consents
from tests.web.citizens import come_in
from tests.web.register import RegisterSite
from tests.web.test_citizen_children import Family, agree, family
from tests.web.test_completeness import compare
from tests.web.wsgi import ask

__all__ = ["family"]


def test_no_page_of_a_citizen_or_of_a_child_is_a_gap(
    register_site: RegisterSite, family: Family
) -> None:
    me = come_in(register_site, family.mother)
    receipt = agree(me, family.child)["Location"]
    own = f"/cong-dan/toi/con/{family.child}/"
    seen: list[Any] = [
        ask(me, path)
        for path in ("/cong-dan/toi/", "/cong-dan/toi/du-lieu/", "/cong-dan/toi/ai-xem/", own, f"{own}dong-y/",
                     f"{own}dong-y/lodging/{consents.PARTNER}/", f"{own}sua/", f"{own}sua/ethnic/",
                     receipt, f"{receipt}rut/", f"{receipt}bien-nhan/", "/cong-dan/toi/su-co/")
    ]  # fmt: skip
    seen.append(ask(me, "/cong-dan/toi/con/", form={"x": "1"}))
    seen.append(ask(me, "/cong-dan/toi/ban-sao/tai-ve/", form={"x": "1"}))
    seen.append(ask(me, f"{own}yeu-cau/access/", form={"event_id": str(uuid.uuid4())}))
    lodging = 5  # the bank alone may be consented to: no such page
    assert [n for n, answer in enumerate(seen) if answer.status not in (200, 302)] == [lodging]
    _, gaps = compare()
    assert {view: [gap.kind for gap in found] for view, found in gaps.items()} == {}
